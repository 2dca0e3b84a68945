import { type Agent, CONTAINER_COST } from "../gastown/index.ts";
import { agentStatusSince, lastExitOf, rowsOf, timeOf } from "../town-view/index.ts";
import { agent, CONTAINER, type Facts, rowOf, told } from "./facts.ts";
import type { Evidence, Finding, Subject } from "./finding.ts";
import { turnHangsSince } from "./progress.ts";
import { step } from "./remedies.ts";
import { IDLE_TIMES } from "./thresholds.ts";
import { isReady } from "./undispatched.ts";
import { ago, names, span } from "./words.ts";

/** The container runs long past its idle stop, and nobody has work (scenarios.md §8). */
export function idleContainer(facts: Facts): Finding[] {
	const { now, limits, container } = facts;
	if (container?.status !== "running" || facts.agents.length === 0) return [];
	if (facts.agents.some((one) => isAtWork(facts, one))) return [];
	const up = timeOf(container.since) ?? now;
	const last = Math.max(up, ...facts.agents.map((one) => workEnded(facts, one)));
	const idle = now - last;
	if (idle < IDLE_TIMES * limits.idle_stop_ms) return [];
	// Work that could start is another complaint: nobody starts it.
	if (facts.unfinished.some((one) => one.status === "open" && isReady(facts, one))) return [];
	const said = lastWordOfUser(facts);
	if (said !== null && now - said < IDLE_TIMES * limits.idle_stop_ms) return [];
	const keepers = keepersOf(facts);
	const cost = (CONTAINER_COST.awake * idle) / 3_600_000;
	return [
		told({
			code: "spend.idle-container",
			severity: "warning",
			subject: CONTAINER,
			sentence: `The container has run for ${span(idle)} without work, about $${cost.toFixed(2)}: ${keepers.length > 0 ? `${names(keepers.map(({ words }) => words))} ${keepers.length === 1 ? "keeps" : "keep"} it awake` : "nothing that is known keeps it awake"}`,
			measured: [
				`Up for ${span(now - up)}; it was to be put to sleep after ${span(limits.idle_stop_ms)} without work.`,
				said === null ? "No word of the user is known." : `The user last spoke ${ago(now - said)}.`,
			],
			evidence: [
				rowOf("it runs", "town_state", "container", up),
				...keepers.slice(0, 3).map(({ evidence }) => evidence),
			],
			since: last,
			behind: keepers.map(({ subject }) => subject),
			recovers: {
				who: "button",
				text: "Not by itself: its idle stop is overdue. Stop it; it is started again with the next work.",
			},
			remedy: [step("container.stop", "container")],
			ruledOut: ["work that is ready", "an agent at work", "a user who talks to the Mayor"],
			needs: keepers.length > 0 ? [] : ["what asks it for something: requests from outside are not told"],
		}),
	];
}

/** At a bead, or, as the Mayor, at an answer that gets on. */
function isAtWork(facts: Facts, one: Agent): boolean {
	if (one.status !== "working") return false;
	if (one.role !== "mayor") return one.current_hook_bead_id !== null || one.role === "triage";
	const signals = facts.view.tables.agent_signals.get(one.bead_id);
	return signals === undefined || (signals.turn_since !== null && turnHangsSince(facts, one) === null);
}

/** When it last did something for somebody, epoch milliseconds; its last sign of life where nobody kept when it stopped. */
function workEnded(facts: Facts, one: Agent): number {
	const { view } = facts;
	const exit = timeOf(lastExitOf(one)?.at) ?? 0;
	if (one.role === "mayor" && one.status === "working") {
		const step = view.tables.agent_signals.get(one.bead_id)?.last_step_at ?? 0;
		return Math.max(exit, step, turnHangsSince(facts, one) ?? 0);
	}
	return Math.max(exit, agentStatusSince(view, one) ?? timeOf(one.last_activity_at) ?? 0);
}

type Keeper = { words: string; subject: Subject; evidence: Evidence };

/** What the town counts as a reason to keep it awake, and what only lives on in it. */
const keepersOf = (facts: Facts): Keeper[] =>
	facts.agents.flatMap((one) => {
		const name = facts.agentName(one.bead_id);
		const subject = agent(one.bead_id);
		const row = rowOf(
			`${name} is ${one.status}`,
			"agent_metadata",
			one.bead_id,
			timeOf(one.last_activity_at),
		);
		if (one.role === "mayor") {
			if (one.status !== "working") return [];
			const hangs = turnHangsSince(facts, one);
			const how =
				hangs === null
					? "marked as working without a turn"
					: `whose turn has done nothing for ${span(facts.now - hangs)}`;
			return [{ words: `the Mayor, ${how},`, subject, evidence: row }];
		}
		if (one.status === "working" || one.status === "stalled")
			return [{ words: `${name}, which is ${one.status} without work,`, subject, evidence: row }];
		return one.container_process_id === null
			? []
			: [{ words: `${name}'s process ${one.container_process_id}`, subject, evidence: row }];
	});

/** When a person last wrote to the town's Mayor. */
function lastWordOfUser({ view, agents }: Facts): number | null {
	const times = agents
		.filter(({ role }) => role === "mayor")
		.flatMap(({ bead_id }) =>
			rowsOf<"agent_nudges">(view.tables.agent_nudges, view.indexes.nudgesByAgent.get(bead_id)),
		)
		.filter(({ source }) => source === "user")
		.map(({ created_at }) => timeOf(created_at) ?? 0);
	return times.length === 0 ? null : Math.max(...times);
}
