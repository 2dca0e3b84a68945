import { dispatchAttempts } from "../../../../shared/gastown/index.ts";
import { METHODS } from "../../../../shared/ingest/index.ts";
import { findAgent } from "../../agents.ts";
import { findBead } from "../../beads.ts";
import { refusalIn } from "../../control.ts";
import { dispatchOutcome, startDispatch } from "../../dispatch.ts";
import { hookBead } from "../../hooks.ts";
import { orderEnd } from "../../inbox.ts";
import { noteHeld } from "../../pulse.ts";
import { getRow } from "../../rows.ts";
import { type Failure, ok, type Result } from "../../town.ts";
import type { Action } from "../actions.ts";
import { act, type SchedulerHost } from "../host.ts";
import { orderOf, worksInRepository } from "../order.ts";
import type { Doing, Effect } from "../scheduler.ts";
import { giveEnvironment } from "./environment.ts";

type Of<T extends Action["type"]> = Extract<Action, { type: T }>;
/**
 * A start is answered when the agent has its prompt: clone, server and session included (domain.md §2.6: 60 s), and before it the starts of
 * others, since a container starts real servers one at a time (AGENT-2).
 */
const START_MS = 120_000;

export function createAgent(host: SchedulerHost, { role, rig_id, name }: Of<"create_agent">): Effect {
	const args = METHODS.createAgent.parse({ role, rig_id, name });
	return async () => {
		const made = await host.createAgent(args);
		if (!made.ok) throw new Error(made.message);
	};
}

/** By the same call as its owner's, so that the same happens to its work, its row and its stream (TOWN-3, STREAM-3). */
export const deleteAgent =
	(host: SchedulerHost, { agent }: Of<"delete_agent">): Effect =>
	async () => {
		const found = findAgent(host.town, agent);
		// It was given work meanwhile, or is gone.
		if (found?.status !== "idle" || found.current_hook_bead_id !== null) return;
		const deleted = await host.deleteAgent(METHODS.deleteAgent.parse({ agent_id: agent }));
		if (!deleted.ok) throw new Error(deleted.message);
	};

export const hookAgent = (host: SchedulerHost, { agent, bead }: Of<"hook_agent">): Result<unknown> =>
	act(host, "hook_agent", (town) => hookBead(town, { agent_id: agent, bead_id: bead }));

/** Rows first; then the container is asked, under the attempt's id. */
export function dispatchAgent(host: SchedulerHost, { agent }: Of<"dispatch_agent">): Doing[] | Failure {
	const started = act(host, "dispatch_agent", (town) =>
		startDispatch(town, { agent_id: agent, skip_back_off: false }),
	);
	return started.ok ? [askToStart(host, agent, started.value.attempt_id)] : started;
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
			const token =
				bead.rig_id !== null && worksInRepository(agent, bead) ? await host.tokens.of(bead.rig_id) : null;
			if (token && !token.ok && token.code !== "no-repository") {
				outcome({ outcome: "failed", error: token.message });
				return;
			}
			const withheld = await giveEnvironment(host, attempt);
			if (withheld !== null) {
				outcome({ outcome: "failed", error: withheld });
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
			const { git_token } = order;
			if (git_token)
				act(host, "dispatch_agent", (town) =>
					ok(noteHeld(town, { [git_token.rig_id]: git_token.fingerprint })),
				);
			// The attempt was ended before its process came up: nobody waits for it.
			if (!taken.ok || findAgent(host.town, agentId)?.current_attempt_id !== attempt)
				act(host, "dispatch_agent", (town) =>
					ok(orderEnd(town, { agent: agentId, attempt, bead: bead.bead_id, cause: "late", how: "term" })),
				);
		},
	};
}
