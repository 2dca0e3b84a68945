import { timeOf } from "../town-view/index.ts";
import { restarts } from "./container-died.ts";
import { CONTAINER, type Facts, note, rowOf, self } from "./facts.ts";
import type { Finding } from "./finding.ts";
import { step } from "./remedies.ts";
import { count, inShort, span } from "./words.ts";

/** Why a container that runs does nothing yet, or does not answer: the watchdog is at it (scenarios.md §0). */
export function containerWaits(facts: Facts): Finding[] {
	const { container, limits, now, unfinished } = facts;
	if (container?.status !== "running") return [];
	const since = timeOf(container.since) ?? now;
	const evidence = [rowOf("the container now", "town_state", "container", since)];
	const { health } = container;
	if (health && health.failures >= limits.health_failures) {
		const from = timeOf(health.since) ?? now;
		return [
			note({
				code: "container.wedged",
				subject: CONTAINER,
				sentence: `The container runs and has not answered ${count(health.failures, "health check")} for ${span(now - from)}: ${inShort(health.error)}`,
				evidence,
				since: from,
				recovers: restarts(facts),
				remedy: [step("container.restart", "container")],
			}),
		];
	}
	const grace = since + limits.cold_start_grace_ms;
	const wanted = unfinished.some(({ status }) => status === "open" || status === "in_progress");
	return now < grace && wanted
		? [
				note({
					code: "container.cold-start",
					subject: CONTAINER,
					sentence: `The container started ${span(now - since)} ago: its agents are still coming up`,
					evidence,
					since,
					recovers: self("When its agents have started.", grace),
				}),
			]
		: [];
}
