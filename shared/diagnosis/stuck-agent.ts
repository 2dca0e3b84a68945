import { type Agent, type Bead, nextDispatchAt } from "../gastown/index.ts";
import { failureOf, lastExitOf, rowsOf, timeOf } from "../town-view/index.ts";
import { allStalledKey, stalledTogether } from "./capacity.ts";
import { isOfClone } from "./clone-failed.ts";
import { containerDied, diedWithContainer, endedWithContainer } from "./container-died.ts";
import { toldWithConvoy } from "./convoys.ts";
import { isCrash } from "./exits.ts";
import { agent, bead, behindBead, distinct, type Facts, once, rowOf, told } from "./facts.ts";
import type { Finding, Subject } from "./finding.ts";
import { attemptsOf } from "./journals.ts";
import { endsAt, isHeard, silentSince } from "./progress.ts";
import { startAgain, step } from "./remedies.ts";
import { holdsUpQueue } from "./review-queue.ts";
import { OLD_FAILURE_MS } from "./thresholds.ts";
import { ago, count, inShort, span } from "./words.ts";

/** "My agent isn't doing anything" (scenarios.md §1). */
export const stuckAgents = (facts: Facts): Finding[] => [
	...containerDied(facts),
	...facts.agents.flatMap((one) => [...processCrashed(facts, one), ...guppTimeout(facts, one)]),
	...facts.unfinished.flatMap((one) => dispatchExhausted(facts, one)),
];

/** How the agent's last process crashed at work, and what became of the bead; null where it did not, or that is over. */
function crashOf({ look }: Facts, one: Agent) {
	const exit = lastExitOf(one);
	const at = timeOf(exit?.at);
	if (!exit?.bead_id || at === null || !isCrash(exit)) return null;
	const work = look.bead(exit.bead_id);
	if (!work) return null;
	const failed =
		work.status === "failed" && CRASHES.includes(failureOf(work)?.code ?? "") && endedAt(work) >= at;
	const waits = waitsAfter(one, work, at);
	return failed || waits ? { exit, at, work, failed, waits } : null;
}

function processCrashed(facts: Facts, one: Agent): Finding[] {
	const crash = crashOf(facts, one);
	if (!crash) return [];
	const { exit, at, work, failed } = crash;
	const how = exit.signal ?? `exit ${exit.code}`;
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
				: {
						who: "self",
						at: next,
						text: "The bead is started again by itself; press only to skip the wait.",
					},
			remedy: startAgain(facts, work.bead_id),
			ruledOut: ["the container's death", "a stop that was asked for"],
			because: endedWithContainer(facts, at),
		}),
	];
}
/** Beads that are to be started again after a crash: their trouble is that, not their starts. */
export const crashed = once(
	(facts) => new Set(facts.agents.flatMap((one) => crashOf(facts, one)?.work.bead_id ?? [])),
);

/** What it was at is to be started again, on its hook or on that of the next, and nothing has been since. */
function waitsAfter(one: Agent, work: Bead, at: number): boolean {
	if (one.current_hook_bead_id === work.bead_id)
		return one.status === "idle" && (work.status === "open" || work.status === "in_progress");
	const started = timeOf(work.last_dispatch_attempt_at);
	return work.status === "open" && work.last_dispatch_error !== null && started !== null && started <= at;
}
const CRASHES: readonly string[] = ["agent_failed", "agent_crashed"];
const endedAt = (work: Bead): number => timeOf(work.closed_at) ?? timeOf(work.updated_at) ?? 0;

function guppTimeout(facts: Facts, one: Agent): Finding[] {
	const at = silentSince(facts, one);
	// What holds up a queue is told as that, of the merge request at its head.
	if (at === null || holdsUpQueue(facts, one)) return [];
	if (one.status === "stalled") return stalled(facts, one, at);
	const { view, now } = facts;
	const name = facts.agentName(one.bead_id);
	const heard = timeOf(one.last_activity_at);
	const alive = !facts.atRest && isHeard(facts, one);
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
				at: endsAt(facts, one, at),
				text: `Gastown stops it after ${span(facts.limits.gupp_stop_ms)} without progress; press only to skip the wait.`,
			},
			remedy: [step("agent.reset", one.bead_id)],
			ruledOut: ["a long tool", "a permission", "the network", "the model's limits"],
			needs: alive ? [] : ["whether its process still exists"],
			because: diedWithContainer(facts, one.bead_id) ?? allStalled(facts, one),
		}),
	];
}

/** Key of the finding that tells of all agents of its rig at once; null where this one stands alone. */
function allStalled(facts: Facts, one: Agent): string | null {
	const rig = facts.look.bead(one.bead_id)?.rig_id ?? null;
	return rig !== null && one.role === "polecat" && stalledTogether(facts, rig) ? allStalledKey(rig) : null;
}

function stalled(facts: Facts, one: Agent, at: number): Finding[] {
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
				at: endsAt(facts, one, at),
				text: `It is idle again ${span(facts.limits.stalled_recover_ms)} after it stalled.`,
			},
			remedy: [step("agent.reset", one.bead_id)],
			because: allStalled(facts, one),
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
	if ((!given && !open) || isOfClone(facts, work) || toldWithConvoy(facts, work)) return [];
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
				text: "Not by itself: no further start is made. Retry it once the cause has gone.",
			},
			remedy: startAgain(facts, work.bead_id),
			ruledOut: ["back-off (no start is left)"],
			needs: error ? [] : ["the text of the last start's error"],
		}),
	];
}
const EXHAUSTED: readonly string[] = ["dispatch_exhausted", "max_dispatch_attempts"];
