import { DurableObject } from "cloudflare:workers";
import { TOWN_TABLES } from "../shared/gastown/index.ts";
import type { Method, MethodArgs, ReportKind, Reports } from "../shared/ingest/index.ts";
import type { Order, Receipt } from "../shared/interventions/index.ts";
import type { Cause, Position, Question } from "../shared/protocol/index.ts";
import { mintContainerToken } from "./auth/container-token.ts";
import { directoryOf } from "./directory/index.ts";
import { Agenda, COMPACT_AGENDA, COMPACT_MS, LiveOps, sqlOf } from "./live-ops/index.ts";
import type {
	AgentReport,
	Called,
	Checked,
	Page,
	QueryAnswer,
	Refusal,
	TownContainerRpc,
	TownDescription,
	TownRpc,
} from "./rpc.ts";
import { containerStub } from "./stubs.ts";
import { findAgent } from "./town/agents.ts";
import { METHOD_PARTS } from "./town/calls.ts";
import { agentCompleted } from "./town/completions.ts";
import { GitTokens } from "./town/credentials/git-tokens.ts";
import { updateHealth } from "./town/health.ts";
import { HEALTH_AGENDA, planHealth, planNextHealth } from "./town/health-plan.ts";
import { HealthView } from "./town/health-view.ts";
import { atCredentials } from "./town/interventions/at-credentials.ts";
import { atTheForge } from "./town/interventions/at-the-forge.ts";
import { carryOutBy } from "./town/interventions/carry-out.ts";
import { givenFor } from "./town/interventions/given.ts";
import { Interventions, OUTSIDE_AGENDA } from "./town/interventions/interventions.ts";
import { receiptsAfter } from "./town/interventions/receipts.ts";
import { endsIn } from "./town/observe-ends.ts";
import { pulseMessage } from "./town/pulse.ts";
import { PulseSender } from "./town/pulse-sender.ts";
import { queryTown } from "./town/query.ts";
import { DUPLICATE, takeReport } from "./town/report-keys.ts";
import { callTown, ofTown } from "./town/run.ts";
import type { Action } from "./town/scheduler/actions.ts";
import type { SchedulerHost } from "./town/scheduler/host.ts";
import { Scheduler, TICK_AGENDA } from "./town/scheduler/scheduler.ts";
import { createUncaptured } from "./town/schema.ts";
import { claimStream, RETIRE_AGENDA, retireStream } from "./town/streams.ts";
import { tellOwner } from "./town/tell-owner.ts";
import type { Result, Town } from "./town/town.ts";
import { townValue } from "./town/town-state.ts";
import { recordAgentReport } from "./town/usage.ts";

/** A process that the container does not know: nobody saw how it ended. */
const GONE = (agent_id: string, attempt_id: string | null): Reports["completions"] => ({
	agent_id,
	attempt_id,
	status: "stopped",
	exit_code: null,
	signal: null,
	reason: "the container runs no such process",
});

/** The cause of what the scheduler does by the calls of users (SCHED-1). */
const scheduled = (what: string): Cause => ({ kind: "scheduler", what, id: null, by: null });

/** A town: its rows, its feed and what may be done to it. Wires parts, holds no logic of theirs. */
export class TownDO extends DurableObject<Env> implements TownRpc {
	/** Epoch milliseconds; tests move it. */
	clock: () => number = Date.now;
	/** What starts, ends and asks the container; tests put one of their own here. */
	arm: () => TownContainerRpc = () => containerStub(this.env, this.#town.id);
	/** Whether this town starts agents by itself: only where there is a platform for its container. */
	schedules: boolean;
	readonly #liveOps: LiveOps;
	readonly #agenda: Agenda;
	readonly #town: Town;
	readonly #interventions: Interventions;
	readonly #pulses: PulseSender;
	readonly #healthView: HealthView;
	readonly #scheduler: Scheduler;
	readonly #givenHost: Parameters<typeof givenFor>[0];

	constructor(ctx: DurableObjectState, env: Env) {
		super(ctx, env);
		const clock = () => this.clock();
		const plain = sqlOf(ctx.storage);
		createUncaptured(plain);
		const liveOps = new LiveOps({
			ctx,
			tables: TOWN_TABLES,
			clock,
			random: () => crypto.randomUUID(),
		});
		this.#liveOps = liveOps;
		this.#agenda = new Agenda(ctx, plain, clock);
		this.#town = {
			id: ctx.id.name ?? ctx.id.toString(),
			sql: liveOps.sql,
			now: clock,
			uuid: () => crypto.randomUUID(),
			cause: () => liveOps.cause(),
			isHeld: (kind, id) => this.#interventions.isHeld(kind, id),
		};
		this.#healthView = new HealthView(liveOps, this.#town);
		this.#pulses = new PulseSender({
			clock,
			wanted: () => liveOps.followed,
			send: () => liveOps.pulse({ ...pulseMessage(this.#town), scheduler: this.#scheduler.looks }),
		});
		this.schedules = env.CONTAINER_PLATFORM_URL !== "";
		const send: typeof fetch = (input, init) => fetch(input, init);
		const tokens = new GitTokens({
			town: this.#town,
			live: liveOps,
			service: env.GIT_TOKEN_SERVICE_URL,
			send,
		});
		const parts = { town: this.#town, live: liveOps, send, tokens, changed: () => this.#changed() };
		const host: SchedulerHost = {
			...{ ...parts, arm: () => this.arm(), enabled: () => this.schedules },
			containerToken: () => mintContainerToken(env.CONTAINER_TOKEN_SECRET, this.#town.id, this.clock()),
			createAgent: (args) => this.gastown("createAgent", args, scheduled("create_agent")),
			deleteAgent: (args) => this.gastown("deleteAgent", args, scheduled("delete_agent")),
		};
		this.#scheduler = new Scheduler(host, this.#agenda);
		this.#givenHost = {
			...parts,
			emailOf: async (admin) => (await directoryOf(env).find({ id: admin }))?.email ?? null,
		};
		this.#interventions = new Interventions({
			town: this.#town,
			live: liveOps,
			agenda: this.#agenda,
			carryOut: carryOutBy(() => this.arm(), atTheForge(parts), atCredentials(host)),
			agentGone: (agent, attempt) => this.#agentGone(agent, attempt),
			rearm: () => this.#agenda.rearm(TICK_AGENDA, this.clock()),
		});
	}

	async describe(): Promise<TownDescription | null> {
		const town = townValue(this.#town, "town");
		return town && { id: town.id, name: town.name, owner_type: town.owner_type, owner_id: town.owner_id };
	}

	async gastown<M extends Method>(
		method: M,
		args: MethodArgs<M>,
		cause: Cause,
		at: number | null = null,
	): Promise<Called> {
		if (method === "createAgent") {
			const claimed = await claimStream(this.env, this.#town, args as MethodArgs<"createAgent">);
			if (!claimed.ok) return claimed;
			Object.assign(args, claimed.value);
		}
		const part = method === "createTown" ? METHOD_PARTS[method] : ofTown(METHOD_PARTS[method]);
		const called = this.#call(cause, part, args, at);
		if (!called.ok) return called;
		this.#changed();
		if (method === "deleteAgent")
			this.#agenda.set(`${RETIRE_AGENDA}:${(args as MethodArgs<"deleteAgent">).agent_id}`, this.clock());
		return called;
	}

	async ingest<K extends ReportKind>(
		kind: K,
		report: Reports[K],
		cause: Cause,
		at: number | null = null,
	): Promise<Called> {
		const before = this.#liveOps.written();
		const called = this.#call(cause, ofTown(takeReport(kind)), report, at);
		if (!called.ok || called.value === DUPLICATE) return called;
		const sign = endsIn(kind, report);
		if (sign) this.#interventions.observe(sign, cause);
		// A sample is shown live and changes nothing; what it tells of a session for the first time does.
		const sample = kind === "heartbeat" || kind === "log";
		if (sample) this.#pulses.changed();
		if (!sample || this.#liveOps.written() !== before) this.#changed();
		return called;
	}

	async reportAgent(report: AgentReport): Promise<void> {
		const cause: Cause = { kind: "agent", what: "stream", id: null, by: report.agent };
		const called = this.#call(cause, recordAgentReport, report);
		if (called.ok) this.#changed();
	}

	async checkIntervention(order: Pick<Order, "name" | "target" | "params">): Promise<Checked> {
		return this.#interventions.consider(order);
	}

	async applyIntervention(order: Order, secret: string | null = null): Promise<Receipt> {
		const wanted = this.#interventions.wouldApply(order);
		const given = wanted ? await givenFor(this.#givenHost, order, secret) : secret === null ? {} : { secret };
		const receipt = this.#interventions.apply(order, given);
		if (receipt.outcome === "applied") this.#changed();
		return receipt;
	}

	async settleIntervention(id: string): Promise<Receipt> {
		return this.#interventions.settle(id);
	}

	async receipts(id: string, limit: number): Promise<{ id: string; body: string }[]> {
		return receiptsAfter(this.#town.sql, id, limit);
	}

	async ownsAgent(agentId: string): Promise<boolean> {
		return findAgent(this.#town, agentId) !== null;
	}

	async page(cursor: Position, bytes: number): Promise<Page> {
		return this.#liveOps.page(cursor, bytes);
	}

	/** What the scheduler would do now; nothing is changed. */
	async dryRun(): Promise<Action[]> {
		return this.#scheduler.dryRun();
	}

	async query(question: Question): Promise<QueryAnswer | Refusal> {
		if (question.kind !== "plan") return queryTown(this.#liveOps, question);
		if (this.#scheduler.runs) return { rows: this.#scheduler.dryRun(), more: false };
		// Where nobody looks, an empty plan would say that nothing is to be done.
		return {
			ok: false,
			code: "no-scheduler",
			message: "No scheduler runs here: this town starts nothing by itself.",
		};
	}

	async rows(keys: { entity: string; key: string }[]): Promise<(Record<string, unknown> | null)[]> {
		return keys.map(({ entity, key }) => this.#liveOps.row(entity, key));
	}

	override fetch(request: Request): Response {
		return this.#liveOps.fetch(request);
	}

	override webSocketMessage(ws: WebSocket, message: string | ArrayBuffer): void {
		this.#liveOps.webSocketMessage(ws, message);
	}

	override webSocketClose(ws: WebSocket, code: number): void {
		this.#liveOps.webSocketClose(ws, code);
	}

	override webSocketError(ws: WebSocket): void {
		this.#liveOps.webSocketError(ws);
	}

	override async alarm(): Promise<void> {
		await this.#agenda.run({
			[TICK_AGENDA]: () => void this.#scheduler.tick(),
			// Not awaited: a container may take half a minute, and this object has one alarm.
			[OUTSIDE_AGENDA]: () => void this.#interventions.runOutside(),
			[HEALTH_AGENDA]: () => this.#lookAtHealth(),
			[COMPACT_AGENDA]: () => this.#compact(),
			[RETIRE_AGENDA]: (agent) => retireStream(this.env, this.#town, agent),
		});
	}

	#agentGone(agent: string, attempt: string | null): void {
		const cause: Cause = { kind: "container", what: "completions", id: null, by: agent };
		this.#call(cause, agentCompleted, GONE(agent, attempt));
		this.#changed();
	}

	/** Rows have changed: the scheduler and the diagnosis look at them soon. */
	#changed(): void {
		planHealth(this.#agenda, this.#town);
		this.#scheduler.plan();
	}

	async #lookAtHealth(): Promise<void> {
		planNextHealth(this.#agenda, this.#town);
		const cause = { kind: "system" as const, what: "diagnosis", id: null, by: null };
		const view = this.#healthView.now();
		const looks = this.#scheduler.looks && { ...this.#scheduler.looks, at: this.clock() };
		this.#liveOps.run(cause, () => updateHealth(this.#town, view, looks));
		await tellOwner(this.env, this.#town);
	}

	/** Keeps the log within its limits (FEED-4). */
	#compact(): void {
		const due = this.#liveOps.compact();
		if (due !== null) this.#agenda.set(COMPACT_AGENDA, due);
	}

	/** `at`: when it happened, of what is told late (TOWN-8); null for now. */
	#call<A, T>(
		cause: Cause,
		part: (town: Town, args: A) => Result<T>,
		args: A,
		at: number | null = null,
	): Result<T> {
		if (this.#agenda.due(COMPACT_AGENDA) === null)
			this.#agenda.set(COMPACT_AGENDA, this.clock() + COMPACT_MS);
		const town = at === null ? this.#town : { ...this.#town, now: () => at };
		return callTown(this.#liveOps, town, cause, (town) => part(town, args));
	}
}
