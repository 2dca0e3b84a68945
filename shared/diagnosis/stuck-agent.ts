import { type Agent, type Bead, nextDispatchAt } from "../gastown/index.ts";
import { activeToolsOf, failureOf, lastExitOf, rowsOf, signalOf, timeOf } from "../town-view/index.ts";
import { CONTAINER_DIED, containerDeath, containerDied } from "./container-died.ts";
import { agent, bead, behindBead, distinct, type Facts, rowOf, told } from "./facts.ts";
import type { Finding, Subject } from "./finding.ts";
import {
	COPIED_MS, OLD_FAILURE_MS, SAME_DEATH_MS,
} from "./thresholds.ts"; // biome-ignore format: a list
import { ago, count, inShort, span } from "./words.ts";

/** "My agent isn't doing anything" (scenarios.md §1). */
export const stuckAgents = (facts: Facts): Finding[] => [
	...containerDied(facts),
	...facts.agents.flatMap((one) => [...processCrashed(facts, one), ...guppTimeout(facts, one)]),
	...facts.unfinished.flatMap((one) => dispatchExhausted(facts, one)),
];

function processCrashed(facts: Facts, one: Agent): Finding[] {
	const exit = lastExitOf(one);
	const at = timeOf(exit?.at);
	if (!exit?.bead_id || at === null || (!exit.signal && !exit.code)) return [];
	const work = facts.look.bead(exit.bead_id);
	const failed =
		work?.status === "failed" && CRASHES.includes(failureOf(work)?.code ?? "") && endedAt(work) >= at;
	const waits =
		work !== undefined &&
		one.current_hook_bead_id === work.bead_id &&
		one.status === "idle" &&
		(work.status === "open" || work.status === "in_progress");
	if (!work || (!failed && !waits)) return [];
	const how = exit.signal ?? `exit ${exit.code}`;
	const stopped = timeOf(facts.container?.last_stop?.at);
	const next = nextDispatchAt(work);
	return [
		told({
			code: "agent.process-crashed",
			severity: facts.now - at > OLD_FAILURE_MS ? "notice" : "warning",
			subject: agent(one.bead_id),
			sentence: `${facts.agentName(one.bead_id)}'s process crashed (${how}) at work on ${facts.title(work.bead_id)}`,
			measured: [
				`Ended ${ago(facts.now - at)}${exit.reason ? `: ${inShort(exit.reason)}` : ""}.`,
				`The container is ${facts.container?.status ?? "unknown"}; ${count(work.dispatch_attempts, "start")} of the bead so far.`,
			],
			evidence: [
				rowOf(`exit by ${how}`, "agent_metadata", one.bead_id, at),
				rowOf(`the bead is ${work.status}`, "beads", work.bead_id, timeOf(work.updated_at)),
			],
			since: at,
			behind: behindBead(facts, work),
			recovers: failed
				? { who: "button", text: "Not by itself: a failed bead stays failed." }
				: { who: "self", at: next, text: "The bead is still on its hook and is dispatched again." },
			remedy: failed ? [{ name: "bead.reopen", target: work.bead_id, params: { release: true } }] : [],
			ruledOut: ["the container's death", "a stop that was asked for"],
			because:
				stopped !== null &&
				Math.abs(at - stopped) <= SAME_DEATH_MS &&
				facts.container?.last_stop?.exit_code !== 0
					? CONTAINER_DIED
					: null,
		}),
	];
}
const CRASHES: readonly string[] = ["agent_failed", "agent_crashed"];
const endedAt = (work: Bead): number => timeOf(work.closed_at) ?? timeOf(work.updated_at) ?? 0;

/** An agent at work for which something that the rules know explains the silence (scenarios.md §0). */
const waitsForOthers = (facts: Facts, one: Agent): boolean => {
	const signals = facts.view.tables.agent_signals.get(one.bead_id);
	return (
		activeToolsOf(one).length > 0 ||
		signalOf(signals, "pending_permission") !== null ||
		signalOf(signals, "retry") !== null ||
		(signals?.offline_since ?? null) !== null
	);
};

function guppTimeout(facts: Facts, one: Agent): Finding[] {
	if (one.role === "mayor" || one.current_hook_bead_id === null) return [];
	if (one.status === "stalled") return stalled(facts, one);
	if (one.status !== "working" || waitsForOthers(facts, one) || facts.look.town("drain")) return [];
	const { view, now } = facts;
	const at = timeOf(one.last_event_at) ?? timeOf(one.last_activity_at);
	if (at === null || now - at < facts.limits.gupp_warn_ms) return [];
	const name = facts.agentName(one.bead_id);
	const heard = timeOf(one.last_activity_at);
	const alive = !facts.atRest && heard !== null && now - heard < facts.limits.heartbeat_stale_ms + COPIED_MS;
	const nudges = rowsOf<"agent_nudges">(
		view.tables.agent_nudges,
		view.indexes.nudgesByAgent.get(one.bead_id),
	);
	const unanswered = nudges.filter((nudge) => (timeOf(nudge.created_at) ?? 0) > at).length;
	const silence = span(now - at);
	const beat = heard === null ? "No heartbeat was ever seen" : `Heartbeat ${ago(now - heard)}`;
	return [
		told({
			code: "agent.gupp-timeout",
			severity: now - at >= facts.limits.gupp_escalate_ms ? "critical" : "warning",
			subject: agent(one.bead_id),
			sentence: alive
				? `${name} is alive but has done nothing for ${silence}`
				: `${name} has done nothing for ${silence}, and its heartbeat is lost`,
			measured: [
				`${beat}; last event ${ago(now - at)}${one.last_event_type ? ` (${one.last_event_type})` : ""}; no tool runs${unanswered > 0 ? `; ${count(unanswered, "reminder")} without an answer` : ""}.`,
			],
			evidence: [
				rowOf("its last event", "agent_metadata", one.bead_id, at),
				rowOf("its signals", "agent_signals", one.bead_id),
			],
			since: at,
			behind: behindHook(facts, one),
			recovers: {
				who: "self",
				at: at + facts.limits.gupp_stop_ms,
				text: `Gastown stops it after ${span(facts.limits.gupp_stop_ms)} without progress; press only to skip the wait.`,
			},
			remedy: [{ name: "agent.reset", target: one.bead_id, params: {} }],
			ruledOut: ["a long tool", "a permission", "the network", "the model's limits"],
			needs: alive ? [] : ["whether its process still exists"],
			because: containerDeath(facts)?.stop.agents.includes(one.bead_id) ? CONTAINER_DIED : null,
		}),
	];
}

function stalled(facts: Facts, one: Agent): Finding[] {
	const at = timeOf(one.stalled_at);
	if (at === null) return [];
	return [
		told({
			code: "agent.gupp-timeout",
			severity: "warning",
			subject: agent(one.bead_id),
			sentence: `${facts.agentName(one.bead_id)} was stopped as stalled ${ago(facts.now - at)}, after ${span(facts.limits.gupp_stop_ms)} without progress`,
			measured: [`It is still hooked to ${facts.title(one.current_hook_bead_id ?? "")}.`],
			evidence: [rowOf("stalled", "agent_metadata", one.bead_id, at)],
			since: at,
			behind: behindHook(facts, one),
			recovers: {
				who: "self",
				at: at + facts.limits.stalled_recover_ms,
				text: `It is idle again ${span(facts.limits.stalled_recover_ms)} after it stalled.`,
			},
			remedy: [{ name: "agent.reset", target: one.bead_id, params: {} }],
		}),
	];
}

function behindHook(facts: Facts, one: Agent): Subject[] {
	const work = one.current_hook_bead_id === null ? undefined : facts.look.bead(one.current_hook_bead_id);
	return work ? distinct([bead(work.bead_id), ...behindBead(facts, work)]) : [];
}

function dispatchExhausted(facts: Facts, work: Bead): Finding[] {
	const { now } = facts;
	const failure = work.status === "failed" ? failureOf(work) : null;
	const max = facts.maxAttempts(work.rig_id);
	const given = failure !== null && EXHAUSTED.includes(failure.code);
	const open = work.status === "open" && work.dispatch_attempts >= max;
	if (!given && !open) return [];
	const since = (given ? timeOf(work.closed_at) : timeOf(work.last_dispatch_attempt_at)) ?? endedAt(work);
	const error = work.last_dispatch_error ?? failure?.message ?? null;
	const attempts = count(work.dispatch_attempts, "start");
	return [
		told({
			code: "agent.dispatch-exhausted",
			severity: now - since > OLD_FAILURE_MS ? "notice" : "warning",
			subject: bead(work.bead_id),
			sentence: `${facts.title(work.bead_id)} was given up after ${attempts}${error ? `: ${inShort(error)}` : ""}`,
			measured: [
				`${attempts} of ${max} allowed; the last ${ago(now - (timeOf(work.last_dispatch_attempt_at) ?? since))}.`,
			],
			evidence: [
				rowOf(given ? "failed" : "open, no start left", "beads", work.bead_id, since),
				...attemptsOf(facts, work.bead_id),
			],
			since,
			behind: behindBead(facts, work),
			recovers: {
				who: "button",
				text: "Not by itself: no further start is made. Reopen it once the cause has gone.",
			},
			// An open bead without a start left gets its counter back by being failed first; reassigning does not clear it.
			remedy: given ? [{ name: "bead.reopen", target: work.bead_id, params: { release: true } }] : [],
			ruledOut: ["back-off (no start is left)"],
			needs: error ? [] : ["the text of the last start's error"],
		}),
	];
}
const EXHAUSTED: readonly string[] = ["dispatch_exhausted", "max_dispatch_attempts"];

/** Of the attempts at hand, those of this bead. Older ones are read by `query`. */
const attemptsOf = ({ view }: Facts, beadId: string) =>
	[...view.tables.dispatch_attempts.values()]
		.filter((attempt) => attempt.bead_id === beadId)
		.map((attempt) =>
			rowOf(
				`start ${attempt.n}: ${attempt.outcome}`,
				"dispatch_attempts",
				attempt.attempt_id,
				timeOf(attempt.at),
			),
		);
