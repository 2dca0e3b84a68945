import { type ContainerState, limitsOf } from "../gastown/index.ts";
import { timeOf } from "../town-view/index.ts";
import { badEnvironment, variableIn } from "./bad-environment.ts";
import { restarts } from "./container-died.ts";
import { agent, bead, CONTAINER, distinct, type Facts, rowOf, told, withConvoys } from "./facts.ts";
import type { Finding, RemedyStep, Subject } from "./finding.ts";
import { bringUp, isPossible, step } from "./remedies.ts";
import { IDLE_STOP_LEAST_MS, SLEEPS, SLEEPS_WITHIN_MS, START_REFUSALS } from "./thresholds.ts";
import { ago, count, inShort, names, span } from "./words.ts";

/** "Container keeps dying" (scenarios.md §4). */
export function unstableContainer(facts: Facts): Finding[] {
	const { container } = facts;
	return container
		? [
				...outOfMemory(facts, container),
				...platform(facts, container),
				...sleepWake(facts, container),
				...badEnvironment(facts, container),
			]
		: [];
}

type Setback = ContainerState["setbacks"][number];

const since = (now: number, { at }: Setback): number => now - (timeOf(at) ?? 0);
const eventOf = (label: string, { event_id, at }: Setback) =>
	rowOf(label, "container_events", String(event_id), timeOf(at));

/** Agents, what they have on their hooks, and the convoys of that. */
const withWork = (facts: Facts, ids: readonly string[]): Subject[] =>
	distinct(
		ids.flatMap((id) => {
			const hook = facts.look.agent(id)?.current_hook_bead_id ?? null;
			return [agent(id), ...(hook === null ? [] : withConvoys(facts, hook))];
		}),
	);

function outOfMemory(facts: Facts, container: ContainerState): Finding[] {
	const { now, limits } = facts;
	const down = container.status === "died";
	if (facts.atRest && !down) return [];
	const all = container.setbacks.filter(({ kind }) => kind === "oom");
	const recent = all.filter((one) => since(now, one) < limits.restart_window_ms);
	const last = all.at(-1);
	const fatal = down && container.setbacks.at(-1) === last;
	if (!last || (recent.length === 0 && !fatal)) return [];
	const often = recent.length > 1 ? ` ${recent.length} times in ${span(limits.restart_window_ms)}, last` : "";
	const { memory_mb: used, memory_limit_mb: limit } = last;
	const fewer = fewerPolecats(facts, last.agents);
	return [
		told({
			code: "container.oom",
			severity: fatal || recent.length > 1 ? "critical" : "warning",
			subject: CONTAINER,
			sentence: `The container ran out of memory${often} ${ago(since(now, last))}, with ${count(last.agents.length, "agent")} at work`,
			measured: [
				used === null
					? "No memory sample of that moment; an out-of-memory event."
					: `${Math.round(used)}${limit === null ? "" : ` of ${Math.round(limit)}`} MiB were used.`,
			],
			evidence: [
				...recent.slice(-3).map((one) => eventOf("out of memory", one)),
				...(recent.length === 0 ? [eventOf("out of memory", last)] : []),
				rowOf("the container now", "town_state", "container", timeOf(container.since)),
			],
			since: timeOf((recent[0] ?? last).at) ?? now,
			behind: withWork(facts, last.agents),
			recovers: {
				who: "button",
				text: fewer
					? "Not by itself: as many agents are started again. Fewer at a time, then a fresh start."
					: "Not by itself: one agent alone fills it. A fresh start gives it room until then.",
			},
			remedy: [...(fewer ? [fewer] : []), step("container.restart", "container")],
			ruledOut: ["a kill with memory to spare", "a stop that was asked for"],
			needs: used === null ? ["how much memory it used"] : [],
		}),
	];
}

/** One polecat less than worked then, in the rig with most of them; null where its limit is lower already or only one worked. */
function fewerPolecats({ look }: Facts, agents: readonly string[]): RemedyStep | null {
	const byRig = new Map<string, number>();
	for (const id of agents) {
		const rig = look.bead(id)?.rig_id;
		if (rig && look.agent(id)?.role === "polecat") byRig.set(rig, (byRig.get(rig) ?? 0) + 1);
	}
	const [[rig, working] = ["", 0]] = [...byRig].sort(([, a], [, b]) => b - a);
	const limit = limitsOf(look.town("config"), look.rig(rig)?.config).max_polecats_per_rig;
	return working < 2 || limit < working
		? null
		: step("config.set", "town", { rig, key: "max_polecats_per_rig", value: working - 1 });
}

function platform(facts: Facts, container: ContainerState): Finding[] {
	const { start_failures: refusals, start_error: error } = container;
	if (refusals === 0 || variableIn(facts, error) !== null) return [];
	const { now, limits } = facts;
	const recovers = restarts(facts);
	const used = recovers.who !== "self" || recovers.at !== null;
	const last = timeOf(container.last_restart_at);
	return [
		told({
			code: "container.platform",
			severity: used ? "critical" : refusals < START_REFUSALS ? "notice" : "warning",
			subject: CONTAINER,
			sentence: `The platform did not start the container, ${count(refusals, "time")} in a row${error ? `: ${inShort(error)}` : ""}`,
			measured: [
				`${count(container.restarts_in_window, "start")} of ${limits.restart_budget} used in this window${last === null ? "" : `, the last ${ago(now - last)}`}.`,
				"No agent ran when it failed.",
			],
			evidence: [
				rowOf("failed starts", "town_state", "container", last),
				...[...facts.view.tables.container_events.values()]
					.filter(({ type, detail }) => type === "error" && detail?.phase === "start")
					.slice(-3)
					.map((event) => rowOf("start failed", "container_events", String(event.id), timeOf(event.at))),
			],
			since: timeOf(container.window_started_at) ?? last ?? timeOf(container.since) ?? now,
			behind: distinct(
				facts.agents.flatMap(({ current_hook_bead_id: hook }) => (hook === null ? [] : [bead(hook)])),
			),
			recovers,
			remedy: [bringUp(facts)],
			ruledOut: ["the agents: none had been started", "its variables: the error names none"],
			needs: error ? [] : ["the platform's words"],
		}),
	];
}

function sleepWake(facts: Facts, container: ContainerState): Finding[] {
	const { now, limits } = facts;
	// One whose limit was raised since is mended.
	const raisedSince = ({ sleep_after_ms: then }: Setback) => then !== null && then < limits.idle_stop_ms;
	const sleeps = container.setbacks.filter(
		(one) => one.kind === "slept" && since(now, one) < SLEEPS_WITHIN_MS && !raisedSince(one),
	);
	const last = sleeps.at(-1);
	const caught = (last?.agents ?? []).filter((id) => facts.look.agent(id)?.status === "working");
	const asleep = container.status === "sleeping" && caught.length > 0;
	if (!last || (sleeps.length < SLEEPS && !asleep)) return [];
	const hooks = facts.atRest
		? caught.flatMap((id) => facts.look.agent(id)?.current_hook_bead_id ?? []).slice(0, 5)
		: [];
	const longer = step("config.set", "town", {
		...{ rig: null, key: "thresholds.idle_stop_ms" },
		value: Math.min(Math.max(2 * limits.idle_stop_ms, IDLE_STOP_LEAST_MS), 24 * SLEEPS_WITHIN_MS),
	});
	return [
		told({
			code: "container.sleep-wake",
			severity: "warning",
			subject: CONTAINER,
			sentence: `The container fell asleep amid work ${count(sleeps.length, "time")} in ${span(SLEEPS_WITHIN_MS)}, last ${ago(since(now, last))} with ${names(last.agents.map(facts.agentName))} at work`,
			measured: [`It sleeps after ${span(limits.idle_stop_ms)} without requests or events.`],
			evidence: [
				...sleeps.slice(-3).map((one) => eventOf(`slept, ${count(one.agents.length, "agent")} at work`, one)),
				rowOf("the container now", "town_state", "container", timeOf(container.since)),
			],
			since: timeOf(sleeps[0]?.at) ?? now,
			behind: withWork(facts, last.agents),
			recovers: { who: "button", text: "Not by itself: it sleeps again at the next quiet tool." },
			remedy: [
				...(isPossible(facts, longer) ? [longer] : []),
				...hooks.map((hook) => step("bead.retry-dispatch", hook)),
				...(facts.atRest ? [step("container.start", "container")] : []),
			],
			ruledOut: ["a sleep without work", "a death: it went in good order"],
		}),
	];
}
