import {
	agentNudges,
	agentSignals,
	agents,
	moveAgent,
	thresholdsOf,
} from "../../../../shared/gastown/index.ts";
import { redact } from "../../../../shared/redaction/index.ts";
import { changeAgentStatus, needAgent } from "../../agents.ts";
import { endBead, needBead, releaseBead } from "../../beads.ts";
import { refusalIn } from "../../control.ts";
import { agentsHookedTo, takeOff } from "../../hooks.ts";
import { noteLanding } from "../../reviews.ts";
import { getRow, insertRow, updateRow } from "../../rows.ts";
import { failMove, isoNow, ok, type Result, type Town } from "../../town.ts";
import { townValue } from "../../town-state.ts";
import type { Action } from "../actions.ts";
import { act, type SchedulerHost } from "../host.ts";
import type { Effect } from "../scheduler.ts";
import { withEnds } from "./inbox.ts";

type Of<T extends Action["type"]> = Extract<Action, { type: T }>;

/** Whatever is left of it must not work beside the next one. */
export const releaseAgent = (host: SchedulerHost, { agent, why }: Of<"release_agent">) =>
	withEnds(host, "release_agent", (town) => {
		const found = needAgent(town, agent);
		if (!found.ok) return found;
		const { current_attempt_id: attempt, current_hook_bead_id: bead } = found.value;
		takeOff(town, found.value, "unhook", { reason: why, agentMove: "lost" });
		updateRow(town.sql, agents, [agent], { container_process_id: null, active_tools: [] });
		town.sql.run("DELETE FROM agent_pulse WHERE agent_id = ?", agent);
		return ok(attempt === null ? [] : [{ agent, attempt, bead, cause: "lost", how: "kill" }]);
	});

/** GUPP's force stop: the agent is stalled, its process ended; the bead stays its until it is over (domain.md §2.6). */
export const stopStalled = (host: SchedulerHost, { agent }: Of<"stop_agent">) =>
	withEnds(host, "stop_agent", (town) => {
		const found = needAgent(town, agent);
		if (!found.ok) return found;
		const moved = moveAgent(found.value.status, "stall");
		if (!moved.ok) return failMove(moved, agent);
		changeAgentStatus(town, found.value, moved.to);
		const { current_attempt_id: attempt, current_hook_bead_id: bead } = found.value;
		return ok([{ agent, attempt, bead, cause: "stall", how: "term" }]);
	});

export const recoverAgent = (host: SchedulerHost, { agent }: Of<"recover_agent">): Result<unknown> =>
	act(host, "recover_agent", (town) => {
		const found = needAgent(town, agent);
		if (!found.ok) return found;
		return ok(takeOff(town, found.value, "unhook", { reason: "stalled", agentMove: "recover" }));
	});

export const unhookAgent = (host: SchedulerHost, { agent, why }: Of<"unhook_agent">): Result<unknown> =>
	act(host, "unhook_agent", (town) => {
		const found = needAgent(town, agent);
		return found.ok ? ok(takeOff(town, found.value, "drop", { reason: why })) : found;
	});

export const giveBack = (
	host: SchedulerHost,
	{ type, bead, why }: Of<"release_bead" | "recover_source">,
): Result<unknown> =>
	act(host, type, (town) => {
		const found = needBead(town, bead);
		return found.ok ? releaseBead(town, found.value, "scheduler", why) : found;
	});

/** What its session met last and has not got over: a bead whose attempts all met it names it. */
function lastErrorOf(town: Town, agent: string): string[] {
	const error = getRow(town.sql, agentSignals, agent)?.last_error;
	return error ? [[error.name, error.status, error.message].filter((word) => word !== null).join(" ")] : [];
}

/** The bead ends, and with it the processes that work on it (LEDGER-12). */
export const failBead = (host: SchedulerHost, { bead, code, message }: Of<"fail_bead">) =>
	withEnds(host, "fail_bead", (town) => {
		const found = needBead(town, bead);
		if (!found.ok) return found;
		const working = agentsHookedTo(town, bead);
		const met = working.flatMap(({ bead_id }) => lastErrorOf(town, bead_id))[0];
		const last = found.value.last_dispatch_error ?? met;
		const reason = { code, message, source: "scheduler", ...(last ? { details: last } : {}) };
		const move = code === "timeout" ? "timeout" : "exhaust";
		const failed = endBead(town, found.value, move, { by: "scheduler", reason });
		if (!failed.ok) return failed;
		const landed = noteLanding(town, failed.value, { merged: false, message: last ?? message });
		if (!landed.ok) return landed;
		return ok(
			working.flatMap(({ bead_id: agent, current_attempt_id: attempt }) =>
				attempt === null ? [] : [{ agent, attempt, bead, cause: "fail", how: "term" as const }],
			),
		);
	});

export const sendNudge = (
	host: SchedulerHost,
	{ agent, level, message }: Of<"send_nudge">,
): Result<unknown> =>
	act(host, "send_nudge", (town) =>
		ok(insertNudge(town, { agent, message, source: `gupp:${level}`, id: town.uuid() })),
	);

/** A message that waits to be put into an agent's session; one in the queue waits until the town would say it again. */
export function insertNudge(
	town: Town,
	nudge: {
		id: string;
		agent: string;
		message: string;
		source: string;
		priority?: string;
		mode?: "immediate" | "queue";
	},
): void {
	const { nudge_expires_ms, escalation_repeat_ms } = thresholdsOf(townValue(town, "config"));
	const { mode = "immediate" } = nudge;
	const life_ms = mode === "queue" ? escalation_repeat_ms : nudge_expires_ms;
	insertRow(town.sql, agentNudges, {
		...{ nudge_id: nudge.id, agent_bead_id: nudge.agent, message: redact(nudge.message), mode },
		...{ priority: nudge.priority ?? "normal", source: nudge.source, created_at: isoNow(town) },
		expires_at: new Date(town.now() + life_ms).toISOString(),
	});
}

export const deliverNudge =
	(host: SchedulerHost, { nudge, agent }: Of<"deliver_nudge">): Effect =>
	async () => {
		const row = getRow(host.town.sql, agentNudges, nudge);
		if (row?.status !== "queued") return;
		const path = `/agents/${encodeURIComponent(agent)}/message`;
		const answer = await host.arm().control({
			...{ method: "POST", path, key: nudge, correlation: nudge, body: { prompt: row.message } },
		});
		const refusal = refusalIn(answer);
		// Its session may still be coming up: it is tried again until it expires.
		act(host, "deliver_nudge", (town) => {
			updateRow(
				town.sql,
				agentNudges,
				[nudge],
				refusal === null
					? { status: "delivered", delivered_at: isoNow(town), error: null }
					: { error: refusal },
			);
			return ok(null);
		});
		if (refusal !== null) throw new Error(refusal);
	};

export const expireNudge = (host: SchedulerHost, { nudge, why }: Of<"expire_nudge">): Result<unknown> =>
	act(host, "expire_nudge", (town) => {
		updateRow(town.sql, agentNudges, [nudge], { status: "expired", error: why });
		return ok(null);
	});
