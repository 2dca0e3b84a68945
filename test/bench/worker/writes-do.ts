import { DurableObject } from "cloudflare:workers";
import { beads, type Table } from "../../../shared/gastown/index.ts";
import { LiveOps, type Sql, sqlOf } from "../../../worker/live-ops/index.ts";

const UPSERT = `INSERT INTO beads (bead_id, type, title, priority, created_at, updated_at) VALUES (?, 'issue', ?, ?, ?, ?)
	ON CONFLICT (bead_id) DO UPDATE SET title = excluded.title, priority = excluded.priority, updated_at = excluded.updated_at`;

/** `count` upserts over 1,000 beads, as a town's methods write them. */
function upsert(sql: Sql, count: number, round: number): void {
	for (let n = 0; n < count; n++) {
		const at = new Date(round * 1_000 + n).toISOString();
		sql.run(UPSERT, `bead-${n % 1_000}`, `Bead ${n} of round ${round}`, n % 2 ? "low" : "high", at, at);
	}
}

/** A table that is watched: every write is in the change log. */
export class CapturedDO extends DurableObject<Env> {
	readonly #liveOps: LiveOps;
	constructor(ctx: DurableObjectState, env: Env) {
		super(ctx, env);
		const tables = { beads } as unknown as Record<string, Table>;
		this.#liveOps = new LiveOps({ ctx, tables, clock: Date.now, random: () => crypto.randomUUID() });
	}
	write(count: number, round: number): void {
		this.#liveOps.run({ kind: "bench", what: "upsert", id: null, by: null }, () =>
			upsert(this.#liveOps.sql, count, round),
		);
	}
}

/** The same table, which nobody watches. */
export class PlainDO extends DurableObject<Env> {
	readonly #sql: Sql;
	constructor(ctx: DurableObjectState, env: Env) {
		super(ctx, env);
		this.#sql = sqlOf(ctx.storage);
		const columns = Object.entries(beads.columns).map(
			([name, { sql, default: value }]) =>
				`${name} ${sql}${name === "bead_id" ? " PRIMARY KEY" : ""}${value ? ` DEFAULT ${value}` : ""}`,
		);
		this.#sql.run(`CREATE TABLE IF NOT EXISTS beads (${columns.join(", ")})`);
		for (const [n, index] of beads.indexes.entries())
			this.#sql.run(`CREATE INDEX IF NOT EXISTS beads_${n} ON beads (${index})`);
	}
	write(count: number, round: number): void {
		this.ctx.storage.transactionSync(() => upsert(this.#sql, count, round));
	}
}
