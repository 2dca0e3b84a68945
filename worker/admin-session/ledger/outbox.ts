import type { Agenda } from "../../live-ops/index.ts";
import type { TownRpc } from "../../rpc.ts";
import type { Meta } from "../meta.ts";
import type { Ledger } from "./ledger.ts";

/** Name of its entry in the agenda. */
export const OUTBOX = "outbox";
/** Rows of one D1 batch: each takes a statement. */
const BATCH = 50;
/** Rows that come together go together. */
const GATHER_MS = 1_000;

type Options = {
	ledger: Ledger;
	db: D1Database;
	town: () => string;
	meta: Meta;
	agenda: Agenda;
	clock: () => number;
	/** Whose town it is; null where there is no such town. */
	describe: TownRpc["describe"];
};

/**
 * Copies the ledger to D1 (LEDGER-13). It is a cursor and not a queue: nothing is lost when D1 is down, and after a crash
 * between the copy and the cursor D1's own head tells what it has.
 */
export class Outbox {
	readonly #options: Options;
	/** This instance has told D1 whose town it is. */
	#described = false;

	constructor(options: Options) {
		this.#options = options;
	}

	/** Something is to be copied. */
	plan(): void {
		const { agenda, clock } = this.#options;
		if (agenda.due(OUTBOX) === null) agenda.set(OUTBOX, clock() + GATHER_MS);
	}

	/** Copies all there is; rejects when D1 cannot be written or the town not asked, and the agenda tries again. */
	async run(): Promise<void> {
		await this.#copy();
		if (!this.#described) await this.#describe();
	}

	async #copy(): Promise<void> {
		const { ledger, db, meta, clock } = this.#options;
		const town = this.#options.town();
		let cursor = await this.#cursor();
		for (;;) {
			const rows = ledger.after(cursor, BATCH);
			const last = rows.at(-1);
			if (!last) return;
			await db.batch([
				...rows.map((row) =>
					db
						.prepare(
							"INSERT INTO ledger (town, n, id, step, at, admin, body, prev_hash, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
						)
						.bind(town, row.n, row.id, row.step, row.at, row.admin, row.body, row.prev_hash, row.hash),
				),
				db
					.prepare(
						`INSERT INTO ledger_heads (town, n, hash, at) VALUES (?, ?, ?, ?)
						 ON CONFLICT (town) DO UPDATE SET n = excluded.n, hash = excluded.hash, at = excluded.at`,
					)
					.bind(town, last.n, last.hash, clock()),
			]);
			cursor = last.n;
			meta.set("mirrored", String(cursor));
		}
	}

	/** Whose town it is, for the search by user, which outlives the town (LEDGER-4). */
	async #describe(): Promise<void> {
		const { db, describe } = this.#options;
		const town = await describe();
		if (town)
			await db
				.prepare(
					`INSERT INTO ledger_towns (town, name, owner_type, owner_id) VALUES (?, ?, ?, ?)
					 ON CONFLICT (town) DO UPDATE SET name = excluded.name, owner_type = excluded.owner_type, owner_id = excluded.owner_id`,
				)
				.bind(town.id, town.name, town.owner_type, town.owner_id)
				.run();
		this.#described = true;
	}

	/** What D1 has, as D1 says; a head that is not ours is for a person to look at, not to write over. */
	async #cursor(): Promise<number> {
		const { ledger, db, meta } = this.#options;
		const town = this.#options.town();
		const head = await db
			.prepare("SELECT n, hash FROM ledger_heads WHERE town = ?")
			.bind(town)
			.first<{ n: number; hash: string }>();
		const n = head?.n ?? 0;
		if (head && ledger.after(n - 1, 1)[0]?.hash !== head.hash)
			throw new Error(`the mirror of ${town} ends at ${n} with another hash than the ledger`);
		if (n < Number(meta.get("mirrored") ?? 0))
			throw new Error(`the mirror of ${town} has lost rows after ${n}`);
		return n;
	}
}
