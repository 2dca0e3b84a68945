import { TOWN_TABLES } from "../../../shared/gastown/index.ts";
import { type MethodArgs, REPORTS } from "../../../shared/ingest/index.ts";
import { LiveOps } from "../../../worker/live-ops/index.ts";
import type { ControlAnswer, ControlRequest, TownContainerRpc } from "../../../worker/rpc.ts";
import { createAgent, deleteAgent } from "../../../worker/town/agents.ts";
import { recordContainerEvent } from "../../../worker/town/container.ts";
import { GitTokens } from "../../../worker/town/credentials/git-tokens.ts";
import { recordHeartbeat } from "../../../worker/town/pulse.ts";
import { callTown } from "../../../worker/town/run.ts";
import { Scheduler } from "../../../worker/town/scheduler/scheduler.ts";
import type { Result, Town } from "../../../worker/town/town.ts";
import { CAUSE } from "../town/support.ts";

const OK: ControlAnswer = { ok: true, status: 200, body: {} };

/** What the container answers; a test replaces what it wants to go wrong. */
export class ScriptedArm implements TownContainerRpc {
	readonly asked: string[] = [];
	/** Of starts, stops and kills. */
	readonly orders: object[] = [];
	readonly requests: ControlRequest[] = [];
	answers: Partial<Record<"start" | "stop" | "kill", ControlAnswer>> = {};
	reply: (request: ControlRequest) => ControlAnswer = () => OK;

	async getState() {
		return { status: "running", instance_id: "i-1", since: 0, exit_code: null } as const;
	}
	async start(order: object) {
		return this.#asked("start", order);
	}
	async stop(order: object) {
		return this.#asked("stop", order);
	}
	async kill(order: object) {
		return this.#asked("kill", order);
	}
	async sleepAfter() {
		return OK;
	}
	async control(request: ControlRequest) {
		this.asked.push(`${request.method} ${request.path}`);
		this.requests.push(request);
		return this.reply(request);
	}
	async ended() {}
	async #asked(what: "start" | "stop" | "kill", order: object) {
		this.asked.push(what);
		this.orders.push(order);
		return this.answers[what] ?? OK;
	}
	count(what: string) {
		return this.asked.filter((asked) => asked === what).length;
	}
}

const nobody: typeof fetch = async () => new Response("{}", { status: 200 });

/**
 * A scheduler over a town's own storage, at a clock that only `at` moves; its agenda only remembers. `send` is the forge and
 * the token service.
 */
export function schedulerOf(id: string, ctx: DurableObjectState, start: number, send: typeof fetch = nobody) {
	let now = start;
	const live = new LiveOps({ ctx, tables: TOWN_TABLES, clock: () => now, random: () => crypto.randomUUID() });
	const town: Town = {
		id,
		sql: live.sql,
		now: () => now,
		uuid: () => crypto.randomUUID(),
		cause: () => live.cause(),
		isHeld: () => false,
	};
	const arm = new ScriptedArm();
	const planned = new Map<string, number>();
	const agenda = {
		due: (name: string) => planned.get(name) ?? null,
		set: (name: string, due: number) => void planned.set(name, due),
	};
	let refuseAgents = false;
	const scheduler: Scheduler = new Scheduler(
		{
			town,
			live,
			arm: () => arm,
			tokens: new GitTokens({ town, live, service: "http://tokens", send }),
			containerToken: async () => crypto.randomUUID(),
			createAgent: async (args: MethodArgs<"createAgent">) =>
				refuseAgents
					? { ok: false, code: "refused", message: "no" }
					: callTown(live, town, CAUSE, (part) => createAgent(part, { ...args, id: crypto.randomUUID() })),
			deleteAgent: async (args: MethodArgs<"deleteAgent">) =>
				callTown(live, town, CAUSE, (part) => deleteAgent(part, args)),
			send,
			changed: () => scheduler.plan(),
			enabled: () => true,
		} as never,
		agenda,
	);
	const ticks = { n: 0 };
	const container = (type: "start" | "stop" | "sleep") =>
		callTown(live, town, CAUSE, (part) =>
			recordContainerEvent(
				part,
				REPORTS["container-events"].parse({ type, reason: "test", instance_id: "i-1" }),
			),
		);
	return {
		...{ live, town, arm, scheduler, ticks },
		refuseAgents: () => {
			refuseAgents = true;
		},
		now: () => now,
		at: (ms: number) => {
			now = ms;
		},
		container,
		/** Lets the container be up. */
		up: () => container("start"),
		/** A call or report, at the clock of this town. */
		call: <T>(part: (town: Town) => Result<T>): T => {
			const called = callTown(live, town, CAUSE, part);
			if (!called.ok) throw new Error(`${called.code} ${called.message}`);
			return called.value;
		},
		/** The container beats: who runs, and which tokens it holds. */
		beat: (more: { agents?: string[]; fingerprints?: Record<string, string> } = {}) =>
			callTown(live, town, CAUSE, (part) =>
				recordHeartbeat(
					part,
					REPORTS.heartbeat.parse({
						...{ instance_id: "i-1", container: null, fingerprints: more.fingerprints ?? {} },
						agents: (more.agents ?? []).map((agent_id) => ({
							...{ agent_id, last_event_type: null, last_event_at: null, active_tools: [] },
							...{ pid: 7, cpu: null, memory_mb: null },
						})),
					}),
				),
			),
		/** Time goes on for `ms`, as the agenda plans looks; never more than `most` of them. */
		async run(ms: number, most = 2_000) {
			const end = now + ms;
			if (!planned.has("tick")) planned.set("tick", now);
			while (ticks.n < most) {
				const due = planned.get("tick") ?? Number.POSITIVE_INFINITY;
				if (due > end) break;
				now = Math.max(now, due);
				planned.delete("tick");
				scheduler.tick();
				ticks.n += 1;
				await scheduler.settled();
			}
			now = Math.max(now, end);
		},
		/** Changes in the log so far. */
		logged: () => town.sql.one<{ n: number }>("SELECT coalesce(max(seq), 0) AS n FROM change_log")?.n ?? 0,
	};
}
