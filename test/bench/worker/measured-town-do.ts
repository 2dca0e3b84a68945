import { METHODS, type Method, type MethodInput, REPORTS } from "../../../shared/ingest/index.ts";
import type { ControlAnswer, TownContainerRpc } from "../../../worker/rpc.ts";
import { TownDO } from "../../../worker/town-do.ts";
import { ended, waiting } from "./history.ts";
import type { Look } from "./look.ts";

const CAUSE = { kind: "bench", what: "bench", id: null, by: null };
const RIG = "rig";
const TICK = "WHERE name = 'tick'";
const OK: ControlAnswer = { ok: true, status: 200, body: { pid: 1 } };
/** A container that does at once whatever it is asked. */
const WILLING: TownContainerRpc = {
	getState: async () => ({ status: "running", instance_id: "bench", since: 0, exit_code: null }),
	...{ start: async () => OK, stop: async () => OK, kill: async () => OK, control: async () => OK },
	sleepAfter: async () => OK,
	ended: async () => undefined,
};

/** A town that notes what each look of its scheduler takes: alarms at which nothing but a look is due. */
export class MeasuredTownDO extends TownDO {
	readonly #sql: SqlStorage;
	/** Since the last alarm, those that may write. */
	readonly #statements: { query: string; cursor: SqlStorageCursor<never> }[] = [];
	#looks: Look[] = [];
	#alarmed = Promise.withResolvers<void>();

	constructor(ctx: DurableObjectState, env: Env) {
		super(ctx, env);
		this.schedules = true;
		this.arm = () => WILLING;
		this.#sql = ctx.storage.sql;
		const exec = this.#sql.exec.bind(this.#sql);
		this.#sql.exec = ((query: string, ...bindings: never[]) => {
			const cursor = exec<never>(query, ...bindings);
			if (!query.trimStart().startsWith("SELECT")) this.#statements.push({ query, cursor });
			return cursor;
		}) as typeof exec;
	}

	override async alarm(): Promise<void> {
		const due = this.#sql.exec("SELECT name FROM agenda WHERE due <= ?", Date.now()).toArray();
		this.#statements.length = 0;
		const begin = performance.now();
		await super.alarm();
		const ms = performance.now() - begin;
		if (due.length === 1 && due[0]?.name === "tick") {
			const written = (plan: boolean) =>
				this.#statements
					.filter(({ query }) => /\bagenda\b/.test(query) === plan)
					.reduce((sum, { cursor }) => sum + cursor.rowsWritten, 0);
			this.#looks.push({ ms, rows: written(false), plan: written(true) });
		}
		this.#statements.length = 0;
		this.#alarmed.resolve();
	}

	/** A town whose agents all work, with so many open beads. Answers its agents. */
	async found(agents: number, open: number): Promise<string[]> {
		await this.#do("createTown", { name: "Bench", owner_type: "user", owner_id: "bench" });
		await this.#do("setTownState", { key: "config", value: { max_polecats_per_rig: agents } });
		await this.#do("createRig", { id: RIG, name: "rig" });
		const start = REPORTS["container-events"].parse({ type: "start", instance_id: "bench" });
		await this.ingest("container-events", start, CAUSE);
		for (const statement of waiting(RIG, open)) this.#sql.exec(statement);
		const working = () =>
			this.#sql
				.exec<{ id: string }>("SELECT bead_id AS id FROM agent_metadata WHERE status = 'working'")
				.toArray()
				.map(({ id }) => id);
		while (working().length < agents) {
			await this.#ring(TICK);
			await scheduler.wait(20);
		}
		await this.beat();
		return working();
	}

	/** Its container says that it and its agents are well: else they count as lost after 90 s. */
	async beat(): Promise<void> {
		const agents = this.#sql.exec<{ id: string }>("SELECT bead_id AS id FROM agent_metadata").toArray();
		const beat = REPORTS.heartbeat.parse({
			...{ instance_id: "bench", container: null },
			agents: agents.map(({ id }) => ({
				...{ agent_id: id, last_event_type: "message.updated", last_event_at: Date.now(), active_tools: [] },
				...{ pid: 1, cpu: 1, memory_mb: 100 },
			})),
		});
		await this.ingest("heartbeat", beat, CAUSE);
	}

	/** So many beads more have ended; a batch of the log of their own. */
	async end(from: number, count: number): Promise<void> {
		for (const statement of ended(RIG, from, count)) this.#sql.exec(statement);
		this.#statements.length = 0;
		await this.beat();
	}

	/** Looks one after the other; with `change` an agent's bead is closed and another one opened before each. */
	async look(count: number, change: boolean): Promise<Look[]> {
		this.#looks = [];
		for (let n = 0; n < count; n++) {
			if (change) await this.#change();
			await this.#ring(TICK);
		}
		return this.taken();
	}

	/** Does whatever is planned, so that for a while nothing but looks is due. */
	async settle(): Promise<void> {
		await this.beat();
		await this.#ring("");
	}

	/** The looks since this was last asked. */
	async taken(): Promise<Look[]> {
		return this.#looks.splice(0);
	}

	/** Makes what is planned due, by an alarm as always, and resolves when it was done. */
	async #ring(which: string): Promise<void> {
		this.#sql.exec(`UPDATE agenda SET due = 0 ${which}`);
		this.#alarmed = Promise.withResolvers();
		await this.ctx.storage.setAlarm(Date.now());
		await this.#alarmed.promise;
	}

	async #change(): Promise<void> {
		const [hooked] = this.#sql
			.exec<{ id: string }>(
				"SELECT current_hook_bead_id AS id FROM agent_metadata WHERE current_hook_bead_id IS NOT NULL",
			)
			.toArray();
		await this.#do("closeBead", { bead_id: hooked?.id ?? "" });
		await this.#do("createBead", { title: "Work", rig_id: RIG });
	}

	async #do<M extends Method>(method: M, args: MethodInput<M>): Promise<void> {
		const called = await this.gastown(method, METHODS[method].parse(args) as never, CAUSE);
		if (!called.ok) throw new Error(`${method}: ${called.message}`);
	}
}
