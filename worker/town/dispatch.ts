import {
	type Agent, agents, attemptState, type Bead, beads, type DispatchHolds, dispatchAttempts,
	dispatchVerdict, hookState, moveAgent, moveAttempt, moveHook, thresholdsOf,
} from "../../shared/gastown/index.ts"; // biome-ignore format: a list
import type { MethodArgs } from "../../shared/ingest/index.ts";
import { redact } from "../../shared/redaction/index.ts";
import { changeAgentStatus, findAgent, needAgent } from "./agents.ts";
import { endAttempt, needAttempt } from "./attempts.ts";
import { applyMove, endBead, findBead } from "./beads.ts";
import { recordBeadEvent } from "./journal.ts";
import { findRig } from "./rigs.ts";
import { insertRow, updateRow } from "./rows.ts";
import { fail, failMove, isoNow, ok, type Result, type Town } from "./town.ts";
import { townValue } from "./town-state.ts";

export type Started = { attempt_id: string; n: number };

/** Town-wide reasons to start nothing now. */
export function dispatchHolds(town: Town): DispatchHolds {
	const pause = townValue(town, "dispatch_pause");
	const { circuit_beads, circuit_window_ms } = thresholdsOf(townValue(town, "config"));
	const reset = townValue(town, "breaker_reset")?.at ?? "";
	const from = new Date(town.now() - circuit_window_ms).toISOString();
	const failing = town.sql.one<{ n: number }>(
		`SELECT COUNT(*) AS n FROM beads WHERE last_dispatch_attempt_at > ? AND status != 'closed' AND dispatch_attempts > 0
			AND last_dispatch_error IS NOT NULL`,
		reset > from ? reset : from,
	);
	return {
		draining: townValue(town, "drain") !== null,
		billingBlocked: townValue(town, "billing")?.blocked ?? false,
		paused: townValue(town, "run_policy")?.policy === "paused_by_user",
		pausedUntil: pause ? Date.parse(pause.until) : null,
		...{ failingBeads: failing?.n ?? 0, circuitBeads: circuit_beads, circuitWindowMs: circuit_window_ms },
	};
}

/** A rig's own limit, else Gastown's (domain.md §2.5). */
export function maxAttempts(town: Town, rigId: string | null): number {
	const own = rigId === null ? null : findRig(town, rigId)?.config.max_dispatch_attempts;
	return typeof own === "number" && own > 0
		? own
		: thresholdsOf(townValue(town, "config")).max_dispatch_attempts;
}

/**
 * Notes that the container is asked to start an agent for the bead on its hook: one attempt row, counters of bead and
 * agent up, bead in progress, agent working. A mayor has no hook; its attempts count on its own bead. Refused with the
 * first reason of scenarios.md §0, and with `backing-off` and `next_at` while the bead waits.
 */
export function startDispatch(town: Town, args: MethodArgs<"startDispatch">): Result<Started> {
	const found = needAgent(town, args.agent_id);
	if (!found.ok) return found;
	const agent = found.value;
	const mayor = agent.role === "mayor" && agent.current_hook_bead_id === null;
	if (!mayor) {
		const hook = moveHook(hookState(agent), "dispatch");
		if (!hook.ok) return failMove(hook, agent.bead_id);
	}
	const moved = moveAgent(agent.status, "dispatch");
	if (!moved.ok) return failMove(moved, agent.bead_id);
	const bead = findBead(town, agent.current_hook_bead_id ?? agent.bead_id);
	if (!bead)
		return fail("no-such-bead", "The bead on the agent's hook is gone.", { id: agent.current_hook_bead_id });
	if (town.isHeld("agent", agent.bead_id) || town.isHeld("bead", bead.bead_id))
		return fail("held", "A stop that an admin ordered has not ended yet.", { id: bead.bead_id });
	const holds = dispatchHolds(town);
	// A pause of dispatch and the breaker hold work back; the town's owner may still talk to the mayor.
	const held = mayor ? { ...holds, pausedUntil: null, failingBeads: 0 } : holds;
	const verdict = dispatchVerdict(bead, held, town.now(), {
		max: maxAttempts(town, bead.rig_id),
		skipBackOff: args.skip_back_off,
		backOff: thresholdsOf(townValue(town, "config")).back_off_ms,
	});
	if (!verdict.ok) return fail(verdict.code, verdict.message, { id: bead.bead_id, ...verdict.details });

	// A mayor's new session takes the place of the one that waits (domain.md §2.2, `ensureMayor`).
	if (agent.current_attempt_id !== null) endAttempt(town, agent.current_attempt_id, null);
	const started = { attempt_id: town.uuid(), n: bead.dispatch_attempts + 1 };
	const at = isoNow(town);
	const counters = { dispatch_attempts: started.n, last_dispatch_attempt_at: at, dispatch_order: null };
	if (mayor) updateRow(town.sql, beads, [bead.bead_id], counters);
	else {
		const dispatched = applyMove(town, bead, "dispatch", { by: agent.bead_id, patch: counters });
		if (!dispatched.ok) return dispatched;
	}
	insertRow(town.sql, dispatchAttempts, {
		...started,
		bead_id: bead.bead_id,
		agent_id: agent.bead_id,
		at,
		outcome: "starting",
		order_id: bead.dispatch_order,
	});
	changeAgentStatus(town, agent, moved.to);
	updateRow(town.sql, agents, [agent.bead_id], {
		current_attempt_id: started.attempt_id,
		dispatch_attempts: agent.dispatch_attempts + 1,
		last_activity_at: at,
		// The stream of an earlier process says nothing of this one's progress.
		last_event_at: null,
		last_event_type: null,
	});
	return ok(started);
}

/**
 * The container's answer to a start. `started` clears the agent's counter (but a refinery's: loop protection, domain.md
 * §2.5). `failed` and `refused` keep the error on attempt and bead, give the bead back to its back-off, and after the last
 * allowed attempt fail it with `dispatch_exhausted`.
 */
export function dispatchOutcome(town: Town, args: MethodArgs<"dispatchOutcome">): Result<null> {
	const found = needAttempt(town, args.attempt_id);
	if (!found.ok) return found;
	const attempt = found.value;
	const event = ({ started: "start", failed: "fail", refused: "refuse" } as const)[args.outcome];
	const moved = moveAttempt(attemptState(attempt), event);
	if (!moved.ok) return failMove(moved, attempt.attempt_id);
	const started = args.outcome === "started";
	const error = args.error === null ? null : redact(args.error);
	updateRow(town.sql, dispatchAttempts, [attempt.attempt_id], {
		outcome: moved.to,
		container_response: args.container_response === null ? null : redact(args.container_response),
		error,
		ended_at: started ? null : isoNow(town),
	});
	const agent = findAgent(town, attempt.agent_id);
	const bead = findBead(town, attempt.bead_id);
	// The agent was taken off meanwhile: the answer is history, not a change of what it does now.
	if (!agent || !bead || agent.current_attempt_id !== attempt.attempt_id) return ok(null);
	if (started) noteStarted(town, agent, bead, args.process_id);
	else return noteFailed(town, agent, bead, { error: error ?? args.outcome, outcome: args.outcome });
	return ok(null);
}

function noteStarted(town: Town, agent: Agent, bead: Bead, processId: string | null): void {
	updateRow(town.sql, agents, [agent.bead_id], {
		container_process_id: processId,
		dispatch_attempts: agent.role === "refinery" ? agent.dispatch_attempts : 0,
	});
	// A mayor's sessions are no attempts at one piece of work: a good start clears them.
	const cleared = bead.bead_id === agent.bead_id ? { dispatch_attempts: 0 } : {};
	updateRow(town.sql, beads, [bead.bead_id], { last_dispatch_error: null, ...cleared });
	recordBeadEvent(town, { bead_id: bead.bead_id, event_type: "agent_spawned", by: agent.bead_id });
}

function noteFailed(
	town: Town,
	agent: Agent,
	bead: Bead,
	failure: { error: string; outcome: string },
): Result<null> {
	updateRow(town.sql, beads, [bead.bead_id], { last_dispatch_error: failure.error });
	updateRow(town.sql, agents, [agent.bead_id], { current_attempt_id: null, container_process_id: null });
	const moved = moveAgent(agent.status, "start_failed");
	changeAgentStatus(town, agent, moved.ok ? moved.to : agent.status);
	if (bead.bead_id === agent.bead_id) return ok(null);
	const max = maxAttempts(town, bead.rig_id);
	const next =
		bead.dispatch_attempts >= max
			? endBead(town, bead, "exhaust", {
					by: agent.bead_id,
					reason: {
						code: "dispatch_exhausted",
						message: `All ${max} attempts to start an agent failed; the last: ${failure.error}`,
						source: "scheduler",
					},
				})
			: applyMove(town, bead, "start_failed", { by: agent.bead_id });
	return next.ok ? ok(null) : next;
}
