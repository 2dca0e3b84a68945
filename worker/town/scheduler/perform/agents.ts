import {
	agentNudges,
	agentSignals,
	agents,
	beads,
	dispatchAttempts,
	moveAgent,
	thresholdsOf,
} from "../../../../shared/gastown/index.ts";
import { METHODS } from "../../../../shared/ingest/index.ts";
import { redact } from "../../../../shared/redaction/index.ts";
import { changeAgentStatus, findAgent, needAgent } from "../../agents.ts";
import { endBead, findBead, insertBead, needBead, releaseBead } from "../../beads.ts";
import { refusalIn, stopAgent } from "../../control.ts";
import { dispatchOutcome, startDispatch } from "../../dispatch.ts";
import { agentsHookedTo, hookBead, takeOff } from "../../hooks.ts";
import { getRow, insertRow, listRows, updateRow } from "../../rows.ts";
import { fail, isoNow, ok, type Result, type Town } from "../../town.ts";
import { townValue } from "../../town-state.ts";
import type { Action } from "../actions.ts";
import { act, type SchedulerHost } from "../host.ts";
import { orderOf } from "../order.ts";
import type { Doing } from "../scheduler.ts";

type Of<T extends Action["type"]> = Extract<Action, { type: T }>;
/** A start is answered when the agent has its prompt: clone, server and session included (domain.md §2.6: 60 s). */
const START_MS = 60_000;

export function createAgent(host: SchedulerHost, action: Of<"create_agent">): Doing {
	const { role, rig_id, name, why } = action;
	const args = METHODS.createAgent.parse({ role, rig_id, name });
	return {
		key: `create:${rig_id}:${name}`,
		run: async () => {
			const made = await host.createAgent(args, why);
			if (!made.ok) throw new Error(made.message);
		},
	};
}

export const hookAgent = (host: SchedulerHost, { agent, bead }: Of<"hook_agent">): Result<unknown> =>
	act(host, "hook_agent", (town) => hookBead(town, { agent_id: agent, bead_id: bead }));

/** Rows first; then the container is asked, under the attempt's id. */
export function dispatchAgent(host: SchedulerHost, { agent }: Of<"dispatch_agent">): Doing | null {
	const started = act(host, "dispatch_agent", (town) =>
		startDispatch(town, { agent_id: agent, skip_back_off: false }),
	);
	return started.ok ? askToStart(host, agent, started.value.attempt_id) : null;
}

/** Asks the container to start an attempt that is `starting`; may be asked again under the same key (LEDGER-2). */
export function askToStart(host: SchedulerHost, agentId: string, attempt: string): Doing {
	return {
		key: `start:${attempt}`,
		run: async () => {
			const agent = findAgent(host.town, agentId);
			const bead = agent && findBead(host.town, agent.current_hook_bead_id ?? agentId);
			// Taken off meanwhile: nobody waits for it.
			if (!agent || !bead || agent.current_attempt_id !== attempt) return;
			const outcome = (
				end: Partial<Parameters<typeof dispatchOutcome>[1]> & { outcome: "started" | "failed" | "refused" },
			) =>
				act(host, "dispatch_agent", (town) =>
					dispatchOutcome(town, {
						attempt_id: attempt,
						container_response: null,
						error: null,
						process_id: null,
						...end,
					}),
				);
			const token = bead.rig_id === null || agent.role === "mayor" ? null : await host.tokens.of(bead.rig_id);
			if (token && !token.ok && token.code !== "no-repository") {
				outcome({ outcome: "failed", error: token.message });
				return;
			}
			const order = orderOf(host.town, agent, bead, attempt, token?.ok ? token.value : null);
			const correlation = getRow(host.town.sql, dispatchAttempts, attempt)?.order_id ?? attempt;
			const answer = await host.arm().control({
				...{ method: "POST", path: "/agents/start", body: order, key: attempt, correlation },
				timeout_ms: START_MS,
			});
			const container_response = answer.ok
				? `${answer.status} ${JSON.stringify(answer.body)}`.slice(0, 8_000)
				: null;
			const refusal = refusalIn(answer);
			if (refusal !== null) {
				const draining = answer.ok && answer.status === 503;
				outcome({ outcome: draining ? "refused" : "failed", error: refusal, container_response });
				return;
			}
			const { pid } = (answer.ok ? answer.body : {}) as { pid?: number };
			const taken = outcome({
				outcome: "started",
				process_id: pid === undefined ? null : String(pid),
				container_response,
			});
			// The attempt was ended before its process came up: nobody waits for it.
			if (!taken.ok || findAgent(host.town, agentId)?.current_attempt_id !== attempt)
				await stopAgent(host.arm(), { agent: agentId, attempt, key: `late:${attempt}` });
		},
	};
}

export function releaseAgent(host: SchedulerHost, { agent, why }: Of<"release_agent">): Doing | null {
	const before = findAgent(host.town, agent);
	const released = act(host, "release_agent", (town) => {
		const found = needAgent(town, agent);
		if (!found.ok) return found;
		takeOff(town, found.value, "unhook", { reason: why, agentMove: "lost" });
		updateRow(town.sql, agents, [agent], { container_process_id: null, active_tools: [] });
		town.sql.run("DELETE FROM agent_pulse WHERE agent_id = ?", agent);
		return ok(null);
	});
	const attempt = before?.current_attempt_id ?? null;
	if (!released.ok || attempt === null) return null;
	// Whatever is left of it must not work beside the next one.
	return {
		key: `lost:${attempt}`,
		run: async () =>
			void (await stopAgent(host.arm(), { agent, attempt, key: `lost:${attempt}`, how: "kill" })),
	};
}

/** GUPP's force stop: the agent is stalled, its process ended; the bead stays its until it is over (domain.md §2.6). */
export function stopStalled(host: SchedulerHost, { agent }: Of<"stop_agent">): Doing | null {
	const stalled = act(host, "stop_agent", (town) => {
		const found = needAgent(town, agent);
		if (!found.ok) return found;
		const moved = moveAgent(found.value.status, "stall");
		if (!moved.ok) return fail(moved.code, moved.message);
		return ok(changeAgentStatus(town, found.value, moved.to));
	});
	const attempt = stalled.ok ? stalled.value.current_attempt_id : null;
	if (!stalled.ok) return null;
	return {
		key: `stall:${agent}:${attempt}`,
		run: async () => void (await stopAgent(host.arm(), { agent, attempt, key: `stall:${attempt}` })),
	};
}

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
export function failBead(host: SchedulerHost, { bead, code, message }: Of<"fail_bead">): Doing | null {
	const working = agentsHookedTo(host.town, bead);
	const met = working.flatMap(({ bead_id }) => lastErrorOf(host.town, bead_id))[0];
	const failed = act(host, "fail_bead", (town) => {
		const found = needBead(town, bead);
		if (!found.ok) return found;
		const last = found.value.last_dispatch_error ?? met;
		const reason = { code, message, source: "scheduler", ...(last ? { details: last } : {}) };
		return endBead(town, found.value, code === "timeout" ? "timeout" : "exhaust", {
			by: "scheduler",
			reason,
		});
	});
	const attempts = working.filter(({ current_attempt_id }) => current_attempt_id !== null);
	if (!failed.ok || attempts.length === 0) return null;
	return {
		key: `fail:${bead}`,
		run: async () => {
			for (const { bead_id: agent, current_attempt_id: attempt } of attempts)
				await stopAgent(host.arm(), { agent, attempt, key: `fail:${attempt}` });
		},
	};
}

export const sendNudge = (
	host: SchedulerHost,
	{ agent, level, message }: Of<"send_nudge">,
): Result<unknown> =>
	act(host, "send_nudge", (town) =>
		ok(insertNudge(town, { agent, message, source: `gupp:${level}`, id: town.uuid() })),
	);

/** A message that waits to be put into an agent's session. */
export function insertNudge(
	town: Town,
	nudge: { id: string; agent: string; message: string; source: string; priority?: string },
): void {
	const { nudge_expires_ms } = thresholdsOf(townValue(town, "config"));
	insertRow(town.sql, agentNudges, {
		...{ nudge_id: nudge.id, agent_bead_id: nudge.agent, message: redact(nudge.message), mode: "immediate" },
		...{ priority: nudge.priority ?? "normal", source: nudge.source, created_at: isoNow(town) },
		expires_at: new Date(town.now() + nudge_expires_ms).toISOString(),
	});
}

export function deliverNudge(host: SchedulerHost, { nudge, agent }: Of<"deliver_nudge">): Doing {
	return {
		key: `nudge:${nudge}`,
		run: async () => {
			const row = getRow(host.town.sql, agentNudges, nudge);
			if (row?.status !== "queued") return;
			const answer = await host.arm().control({
				...{
					method: "POST",
					path: `/agents/${encodeURIComponent(agent)}/message`,
					key: nudge,
					correlation: nudge,
				},
				body: { prompt: row.message },
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
		},
	};
}

export const expireNudge = (host: SchedulerHost, { nudge, why }: Of<"expire_nudge">): Result<unknown> =>
	act(host, "expire_nudge", (town) => {
		updateRow(town.sql, agentNudges, [nudge], { status: "expired", error: why });
		return ok(null);
	});

/** One open request for each agent and kind, and a few in all: triage must not make work for itself (TRIAGE-1). */
export const createTriageRequest = (
	host: SchedulerHost,
	action: Of<"create_triage_request">,
): Result<unknown> | null => {
	const { triage, agent, bead, message } = action;
	const open = listRows(
		host.town.sql,
		beads,
		"WHERE type = 'issue' AND status = 'open' AND labels LIKE '%gt:triage-request%'",
	);
	const max = thresholdsOf(townValue(host.town, "config")).triage_open_max;
	const known = open.some(
		({ metadata }) => metadata.triage_type === triage && metadata.agent_bead_id === agent,
	);
	if (known || open.length >= max) return null;
	return act(host, "create_triage_request", (town) =>
		ok(
			insertBead(town, {
				...{
					id: town.uuid(),
					type: "issue",
					title: `Triage: ${message}`,
					body: message,
					priority: "high",
					created_by: "patrol",
				},
				...{
					rig_id: null,
					parent_bead_id: null,
					assignee_agent_bead_id: null,
					labels: ["gt:triage-request"],
				},
				metadata: { triage_type: triage, agent_bead_id: agent, bead_id: bead },
			}),
		),
	);
};
