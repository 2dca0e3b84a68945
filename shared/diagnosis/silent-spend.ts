import type { Agent, Bead } from "../gastown/index.ts";
import { agentStatusSince, timeOf } from "../town-view/index.ts";
import { attemptsIn, spent, usageOf, usageRow } from "./amounts.ts";
import { agent, bead, behindBead, type Facts, rowOf, told } from "./facts.ts";
import type { Finding } from "./finding.ts";
import { idleContainer } from "./idle-container.ts";
import { isHeard } from "./progress.ts";
import { step } from "./remedies.ts";
import { reviewChurn } from "./review-churn.ts";
import { LOOP_STARTS } from "./thresholds.ts";
import { ago, count, inShort, span } from "./words.ts";

/** "I'm being charged but nothing is happening" (scenarios.md §8). */
export function silentSpend(facts: Facts): Finding[] {
	const zombies = facts.agents.flatMap((one) => zombieAgent(facts, one));
	return [
		...zombies,
		...facts.unfinished.flatMap((one) => retryLoop(facts, one)),
		...reviewChurn(facts),
		// Who spends without work is also what keeps the container awake: one cause, one line (DIAG-2).
		...(zombies.length === 0 ? idleContainer(facts) : []),
	];
}

/** It has no work, and its process goes on using tokens longer than a session takes to end (domain.md §2.6). */
function zombieAgent(facts: Facts, one: Agent): Finding[] {
	const { now, limits } = facts;
	if (one.role !== "polecat" && one.role !== "refinery") return [];
	if (one.current_hook_bead_id !== null || one.container_process_id === null || facts.atRest) return [];
	const since = agentStatusSince(facts.view, one);
	const grace = one.role === "refinery" ? limits.idle_refinery_process_ms : limits.idle_process_ms;
	const heard = timeOf(one.last_activity_at);
	if (since === null || now - since < grace || heard === null || !isHeard(facts, one)) return [];
	const rows = usageOf(facts, "usageByAgent", one.bead_id).filter(
		(row) => (timeOf(row.at) ?? 0) > since + grace,
	);
	const used = Math.max(0, ...rows.map((row) => timeOf(row.at) ?? 0));
	if (used === 0) return [];
	const name = facts.agentName(one.bead_id);
	return [
		told({
			code: "spend.zombie-agent",
			severity: "warning",
			subject: agent(one.bead_id),
			sentence: `${name} has had no work for ${span(now - since)}, and its process goes on spending: ${spent(rows)} in its session`,
			measured: [
				`Process ${one.container_process_id} is alive, last heard ${ago(now - heard)}; tokens used last ${ago(now - used)}.`,
			],
			evidence: [
				rowOf("no work on its hook", "agent_metadata", one.bead_id, since),
				...rows.slice(-3).map((row) => usageRow(`used ${row.model}`, row)),
			],
			since,
			recovers: {
				who: "button",
				text: "Not by itself: its session was to end on its own and has not. Kill its process.",
			},
			remedy: [step("agent.kill", one.bead_id)],
			ruledOut: [`the first ${span(grace)} after its work`, "the Mayor and triage, which have no hook"],
		}),
	];
}

/** Started again and again: each time it did something that cost, and came to nothing. */
function retryLoop(facts: Facts, work: Bead): Finding[] {
	if (work.status !== "open" && work.status !== "in_progress") return [];
	if (work.dispatch_attempts < LOOP_STARTS) return [];
	const all = usageOf(facts, "usageByBead", work.bead_id).sort((a, b) => (a.at < b.at ? -1 : 1));
	// Starts before the counter was last cleared were another story.
	const starts = [...attemptsIn(all)].slice(-work.dispatch_attempts);
	if (starts.length < LOOP_STARTS) return [];
	const rows = all.filter(({ attempt_id }) => starts.includes(attempt_id));
	const since = timeOf(rows[0]?.at) ?? facts.now;
	const max = facts.maxAttempts(work.rig_id);
	const left = Math.max(0, max - work.dispatch_attempts);
	const error = work.last_dispatch_error;
	return [
		told({
			code: "spend.retry-loop",
			severity: "warning",
			subject: bead(work.bead_id),
			sentence: `${facts.title(work.bead_id)} was started ${work.dispatch_attempts} times and costs without getting on: ${spent(rows)} so far${error ? `, last ${inShort(error)}` : ""}`,
			measured: [
				`${count(starts.length, "start")} used tokens since ${span(facts.now - since)}; none brought it into review. ${count(left, "start")} of ${max} left.`,
			],
			evidence: [
				rowOf(
					`${work.dispatch_attempts} starts`,
					"beads",
					work.bead_id,
					timeOf(work.last_dispatch_attempt_at),
				),
				...rows.slice(-3).map((row) => usageRow(`a start used ${row.model}`, row)),
			],
			since,
			behind: behindBead(facts, work),
			recovers: {
				who: "self",
				at: null,
				text: `When its starts are used up: ${left} left. Failing it now saves them; where many beads do so, pause dispatch.`,
			},
			remedy: [step("bead.fail", work.bead_id)],
			ruledOut: ["starts that used nothing", "work that came into review"],
			needs: error ? [] : ["how its last start ended"],
		}),
	];
}
