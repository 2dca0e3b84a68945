import type { Bead, ContainerState } from "../gastown/index.ts";
import { variableNames } from "../interventions/config.ts";
import { timeOf } from "../town-view/index.ts";
import { bead, CONTAINER, distinct, type Facts, rowOf, told, withConvoys } from "./facts.ts";
import type { Finding } from "./finding.ts";
import { bringUp, isPossible, step } from "./remedies.ts";
import { count, inShort } from "./words.ts";

/** `NAME is missing`, `invalid variable NAME`: a start that fails for a variable says which. */
const WORDS = "missing|wrong|not set|not defined|unset|empty|malformed|invalid|required";
const NAMED = [
	new RegExp(`\\b([A-Z][A-Z0-9_]{2,})(?: is| was)? (${WORDS})\\b`),
	new RegExp(`\\b(${WORDS}) (?:environment )?variable:? ["'\`]?([A-Z][A-Z0-9_]{2,})`),
];

/** The variable that an error names, as the town or a container knows it, and what is wrong with it; null for any other error. */
export function variableIn(facts: Facts, error: string | null): { name: string; is: string } | null {
	if (error === null) return null;
	const [first, second] = NAMED.map((pattern) => pattern.exec(error));
	const [name, is] = first ? [first[1], first[2]] : [second?.[2], second?.[1]];
	if (name === undefined || is === undefined) return null;
	// A word in capitals is no variable unless somebody has set it.
	const known =
		name.includes("_") ||
		variableNames(facts.look).includes(name) ||
		(facts.container?.config_names.includes(name) ?? false);
	return known ? { name, is } : null;
}

/** Its container, or every agent in it, cannot be started for a variable that the error names (scenarios.md §4). */
export function badEnvironment(facts: Facts, container: ContainerState): Finding[] {
	const { error, at, beads } = failing(facts, container);
	const variable = variableIn(facts, error);
	if (variable === null) return [];
	const { name, is } = variable;
	const set = step("config.set-env", "town", { name, unset: false });
	const possible = isPossible(facts, set);
	const environment = facts.look.town("environment");
	const lines = difference(facts, container);
	return [
		told({
			code: "container.bad-env",
			severity: beads.length === 0 ? "critical" : "warning",
			subject: CONTAINER,
			sentence: `${beads.length === 0 ? "The container cannot" : "No agent can"} be started: its variable ${name} is ${is}`,
			measured: [inShort(error ?? "", 160), ...lines],
			evidence: [
				...(beads.length === 0 ? [rowOf("its starts", "town_state", "container", at)] : []),
				...beads
					.slice(0, 3)
					.map((one) =>
						rowOf("its start failed", "beads", one.bead_id, timeOf(one.last_dispatch_attempt_at)),
					),
				...(environment
					? [rowOf("the environment", "town_state", "environment", timeOf(environment.changed_at))]
					: []),
			],
			since: at ?? facts.now,
			behind: distinct(beads.flatMap(({ bead_id }) => [bead(bead_id), ...withConvoys(facts, bead_id)])),
			recovers: possible
				? { who: "button", text: `Not by itself. Give ${name} its value, then start it afresh.` }
				: {
						who: "user",
						text: `${name} is set where the container runs, not in this town.`,
						message: `Your town's container cannot be started: its variable ${name} is ${is}. Whoever runs its platform has to set it.`,
					},
			remedy: possible ? [set, bringUp(facts)] : [],
			ruledOut: ["a refusal of the platform: the error names the variable"],
			needs: lines.length > 0 ? [] : ["what the last good container was given"],
		}),
	];
}

type Failing = { error: string | null; at: number | null; beads: Bead[] };

/** The container's own start, else the starts of its agents that met the same. */
function failing(facts: Facts, container: ContainerState): Failing {
	const { last_stop: stop } = container;
	const ended = container.status === "died" && variableIn(facts, stop?.reason ?? null) !== null;
	if (container.start_failures > 0 || ended)
		return {
			error: container.start_failures > 0 ? container.start_error : (stop?.reason ?? null),
			at: timeOf(container.window_started_at) ?? timeOf(stop?.at) ?? timeOf(container.since),
			beads: [],
		};
	const byName = new Map<string, Bead[]>();
	const seen = new Map<string, string | null>();
	for (const one of facts.unfinished) {
		const error = one.last_dispatch_error;
		if (error === null) continue;
		if (!seen.has(error)) seen.set(error, variableIn(facts, error)?.name ?? null);
		const name = seen.get(error);
		if (name) byName.set(name, [...(byName.get(name) ?? []), one]);
	}
	const [beads = []] = [...byName.values()].sort((a, b) => b.length - a.length);
	const times = beads.map((one) => timeOf(one.last_dispatch_attempt_at) ?? facts.now);
	return {
		error: beads[0]?.last_dispatch_error ?? null,
		at: times.length ? Math.min(...times) : null,
		beads,
	};
}

/** What is set now against the last environment that a container took. */
function difference(facts: Facts, { config_names: before }: ContainerState): string[] {
	if (before.length === 0) return [];
	const now = variableNames(facts.look);
	const gone = before.filter((name) => !now.includes(name));
	const more = now.filter((name) => !before.includes(name));
	const parts = [
		...(gone.length > 0 ? [`without ${gone.join(", ")}`] : []),
		...(more.length > 0 ? [`with ${more.join(", ")} more`] : []),
	];
	return parts.length > 0
		? [`Since the last good start: ${parts.join(", ")}.`]
		: [`The same ${count(before.length, "name")} as at the last good start: a value has changed.`];
}
