import { env, runInDurableObject } from "cloudflare:test";
import {type AgentSignals, 
	agentNudges, agents, beads, dispatchAttempts, type Table, TOWN_TABLES, type TownStateKey,
} from "../../../shared/gastown/index.ts"; // biome-ignore format: a list
import {
	METHODS,
	type Method,
	type MethodInput,
	REPORTS,
	type ReportInput,
} from "../../../shared/ingest/index.ts";
import { CATALOGUE, type Order } from "../../../shared/interventions/index.ts";
import { Agenda, LiveOps, sqlOf } from "../../../worker/live-ops/index.ts";
import { METHOD_PARTS, REPORT_PARTS } from "../../../worker/town/calls.ts";
import type { CarryOut, OutsideOrder } from "../../../worker/town/interventions/carry-out.ts";
import { Interventions, type Sign } from "../../../worker/town/interventions/interventions.ts";
import { lookupOf } from "../../../worker/town/interventions/lookup.ts";
import { endsIn } from "../../../worker/town/observe-ends.ts";
import { listRows } from "../../../worker/town/rows.ts";
import { callTown } from "../../../worker/town/run.ts";
import { createUncaptured } from "../../../worker/town/schema.ts";
import type { Result, Town } from "../../../worker/town/town.ts";
import { townValue } from "../../../worker/town/town-state.ts";
import { recordAgentReport } from "../../../worker/town/usage.ts";

const EXIT = { kind: "container", what: "completions", id: null, by: null };

/** Names an object of its own; each use gets a new stub, since one breaks with the object that aborts. */
export const newTown = () => env.BARE.newUniqueId();
export type TownId = ReturnType<typeof newTown>;

/** A town's tables, its methods and its interventions on real storage, with a clock and a container of the test's own. */
export class TestTown {
	now = Date.parse("2026-03-01T12:00:00Z");
	/** What the container was asked. */
	readonly asked: OutsideOrder[] = [];
	carryOut: CarryOut = async () => ({ is: "asked" });
	readonly gone: string[] = [];
	readonly live: LiveOps;
	readonly agenda: Agenda;
	readonly town: Town;
	readonly interventions: Interventions;

	constructor(ctx: DurableObjectState) {
		const plain = sqlOf(ctx.storage);
		const clock = () => this.now;
		createUncaptured(plain);
		this.agenda = new Agenda(ctx, plain, clock);
		this.live = new LiveOps({
			ctx,
			tables: TOWN_TABLES as unknown as Record<string, Table>,
			clock,
			random: () => crypto.randomUUID(),
		});
		const live = this.live;
		this.town = {
			id: "t",
			sql: live.sql,
			now: clock,
			uuid: () => crypto.randomUUID(),
			cause: () => live.cause(),
			isHeld: (kind, id) => this.interventions.isHeld(kind, id),
		};
		this.interventions = new Interventions({
			town: this.town,
			live,
			agenda: this.agenda,
			carryOut: (order) => {
				this.asked.push(order);
				return this.carryOut(order);
			},
			rearm: () => this.agenda.rearm("tick", this.now),
			agentGone: (agent, attempt) => {
				this.gone.push(agent);
				this.#end(agent, attempt);
			},
		});
	}

	/** A call that agents and users make; its refusal is the caller's to look at. */
	call<M extends Method>(method: M, args: MethodInput<M>): Result<unknown> {
		const parsed = METHODS[method].parse(args) as never;
		const cause = { kind: "user", what: method, id: null, by: null };
		return callTown(this.live, this.town, cause, (town) => METHOD_PARTS[method](town, parsed));
	}

	/** The container says that an agent's process has ended. */
	exit(agent: string, attempt: string | null = null): void {
		this.#end(agent, attempt);
		this.observe({ kind: "exit", agent, attempt });
	}

	#end(agent_id: string, attempt_id: string | null): void {
		const report = { agent_id, attempt_id, status: "stopped", exit_code: 0, signal: null, reason: "" };
		callTown(this.live, this.town, EXIT, (town) => REPORT_PARTS.completions(town, report as never));
	}

	observe(sign: Sign): void {
		this.interventions.observe(sign, EXIT);
	}

	/** The arm says what happened to the container. */
	container(
		type: ReportInput<"container-events">["type"],
		more: Partial<ReportInput<"container-events">> = {},
	): void {
		const report = REPORTS["container-events"].parse({ type, instance_id: "i-1", ...more });
		callTown(this.live, this.town, EXIT, (town) => REPORT_PARTS["container-events"](town, report));
		const sign = endsIn("container-events", report);
		if (sign) this.observe(sign);
	}

	/** An agent's stream says how it is now; the rest is quiet. */
	signals(agent_id: string, now: Partial<AgentSignals>): void {
		const quiet = { last_error: null, equal_calls: null, pending_permission: null, retry: null };
		const since = { offline_since: null, turn_since: null, last_step_at: null };
		const signals = { agent_id, ...quiet, ...since, steps: 0, stream_seq: 1, ...now };
		callTown(this.live, this.town, EXIT, (town) =>
			recordAgentReport(town, { agent: agent_id, signals, usage: [] }),
		);
	}

	/** A heartbeat that lists these agents. */
	beat(...running: string[]): void {
		const sample = {
			last_event_type: null,
			last_event_at: null,
			active_tools: [],
			pid: 1,
			cpu: 1,
			memory_mb: 1,
			...{ status: "running", session_id: "ses_1", model: "scripted/m", prompt_hash: "0badcafe" },
		};
		const agents = running.map((agent_id) => ({ agent_id, ...sample }));
		const report = REPORTS.heartbeat.parse({ instance_id: "i-1", agents, container: null });
		callTown(this.live, this.town, EXIT, (town) => REPORT_PARTS.heartbeat(town, report));
		this.observe({ kind: "heartbeat", running });
	}

	/** Hooks an agent, dispatches it and lets the container say that it runs. */
	work(agent: string, bead: string, process: string | null = "4121"): void {
		this.call("hookBead", { agent_id: agent, bead_id: bead });
		this.session(agent, process);
	}

	/** The same for what is on its hook; a mayor needs nothing there. */
	session(agent: string, process: string | null = "4121"): void {
		const started = this.call("startDispatch", { agent_id: agent, skip_back_off: true });
		if (!started.ok || process === null) return;
		const { attempt_id } = started.value as { attempt_id: string };
		this.call("dispatchOutcome", { attempt_id, outcome: "started", process_id: process });
	}

	/** An order as an admin sends it who sees the town as it is now. */
	order(name: string, target: string, params: Record<string, unknown> = {}, id = crypto.randomUUID()): Order {
		const entry = CATALOGUE[name];
		const known = entry?.params.safeParse(params);
		const saw = entry && known?.success ? entry.saw(target, known.data, lookupOf(this.town.sql)) : {};
		return { id, name, target, params, saw, admin: "admin/1", reason: "Case 4711" };
	}

	state = <K extends TownStateKey>(key: K) => townValue(this.town, key);
	nudge = (id: string) => listRows(this.town.sql, agentNudges, "WHERE nudge_id = ?", id)[0];
	/** Oldest first. */
	attempts = (bead: string) =>
		listRows(this.town.sql, dispatchAttempts, "WHERE bead_id = ? ORDER BY rowid", bead);
	bead = (id: string) => listRows(this.town.sql, beads, "WHERE bead_id = ?", id)[0];
	agent = (id: string) => listRows(this.town.sql, agents, "WHERE bead_id = ?", id)[0];
}

/** Two rigs with their agents, a mayor, and a handful of beads named `b1` to `b6`. */
function settle(town: TestTown): TestTown {
	town.call("createTown", { name: "harbour", owner_type: "user", owner_id: "u/1" });
	for (const rig of ["api", "web"]) town.call("createRig", { id: rig, name: rig });
	for (const [name, rig] of [["toast", "api"], ["maple", "api"], ["clove", "web"]] as const)
		town.call("createAgent", { id: name, role: "polecat", name, rig_id: rig }); // biome-ignore format: short
	town.call("createAgent", { id: "refinery", role: "refinery", name: "refinery", rig_id: "api" });
	town.call("createAgent", { id: "mayor", role: "mayor", name: "mayor" });
	for (let n = 1; n <= 6; n++)
		town.call("createBead", { id: `b${n}`, title: `Bead ${n}`, rig_id: n < 5 ? "api" : "web" });
	return town;
}

/** Toast is in a turn and asks something, the mayor waits, the container runs. */
export function atWork(town: TestTown): void {
	town.container("start");
	town.work("toast", "b1");
	town.session("mayor", "77");
	const asks = { id: "per_1", permission: "bash", patterns: ["rm *"], tool: "bash", since: town.now };
	town.signals("toast", { turn_since: town.now, pending_permission: asks });
}

/** Runs `fn` on a town of its own. */
export const inTown = <T>(fn: (town: TestTown) => T | Promise<T>, id: TownId = newTown()): Promise<T> =>
	runInDurableObject(env.BARE.get(id), (_, ctx) => fn(settle(new TestTown(ctx))));

class RolledBack extends Error {}

/** Runs `fn` and takes back all that it did to the town: a town for each case without setting one up. */
export function tried(town: TestTown, fn: () => void): void {
	try {
		town.town.sql.transaction(() => {
			fn();
			throw new RolledBack();
		});
	} catch (error) {
		if (!(error instanceof RolledBack)) throw error;
	}
}
