import {
	CATALOGUE,
	type CatalogueEntry,
	type Order,
	type Receipt,
} from "../../shared/interventions/index.ts";
import { redact } from "../../shared/redaction/index.ts";
import type { Sql } from "../live-ops/index.ts";
import type { Checked } from "../rpc.ts";
import { considered, verdictOn } from "../town/interventions/check.ts";
import { lookupOf } from "../town/interventions/lookup.ts";
import { createReceipts, findReceipt, writeReceipt } from "../town/interventions/receipts.ts";
import { differences, type Snapshot, targetRow } from "../town/interventions/snapshot.ts";
import type { Attached } from "./attached.ts";

/** An order whose parameters have passed the catalogue's own schema, and whose precondition holds. */
export type Given = Pick<Order, "id" | "target" | "params" | "reason"> & {
	/** The admin. */
	by: string;
};

/**
 * Does to the host's rows what an entry of the catalogue says, within the turn: it shares its transaction with the receipt
 * (LEDGER-2). What it throws is the refusal, in words for the admin. A function that it gives is run once both are stored, for what
 * lies outside the database; a crash in between loses it, so what must not be lost is a row that the host's own alarm looks at.
 */
// biome-ignore lint/suspicious/noConfusingVoidType: most handlers give nothing.
export type Handler<H> = (host: H, order: Given) => void | (() => Promise<unknown>);

export type Handlers<H> = Readonly<Record<string, Handler<H>>>;

type Options<H> = {
	host: H;
	attached: Attached;
	handlers: Handlers<H>;
	/** Epoch milliseconds. */
	clock: () => number;
	/** Runs what goes on after the turn. */
	waitUntil(work: Promise<unknown>): void;
};

/** Interventions on a host (LEDGER-1, LEDGER-2): checked by the catalogue on the host's own rows, done by the host's own code. */
export class HostOrders<H> {
	readonly #options: Options<H>;

	constructor(options: Options<H>) {
		this.#options = options;
	}

	/** What the rules say of an order; nothing is changed. */
	consider(order: Pick<Order, "name" | "target" | "params">): Checked {
		const entry = CATALOGUE[order.name];
		if (!entry) throw new Error(`there is no intervention ${order.name}`);
		const checked = considered(entry, order, this.#look());
		if (this.#handler(order.name)) return checked;
		return {
			...checked,
			verdict: { ok: false, kind: "refused", code: "not-here", message: notHere(order.name) },
		};
	}

	/** Applies an order once, or refuses it; a repeat gets the receipt that there is. */
	apply(order: Order): Receipt {
		const known = this.#known(order.id);
		if (known) return known;
		const entry = CATALOGUE[order.name];
		const handler = this.#handler(order.name);
		if (!entry || !handler) return this.#refuse(order.id, "not-here", notHere(order.name));
		const params = entry.params.safeParse(order.params);
		if (!params.success) {
			const [issue] = params.error.issues;
			return this.#refuse(
				order.id,
				"bad-params",
				`${issue?.path.join(".") || "parameters"}: ${issue?.message}`,
			);
		}
		const verdict = verdictOn(entry, order, params.data, { sql: this.#sql, look: this.#look() });
		if (!verdict.ok)
			return this.#write(order.id, verdict.kind, { code: verdict.code, message: verdict.message });
		return this.#apply(entry, handler, { ...order, params: params.data });
	}

	/** The receipt of an order; where there is none, `never` is written, which refuses a late arrival. */
	settle(id: string): Receipt {
		const message = "It was not done when it was settled, and will not be: nothing was changed.";
		return this.#known(id) ?? this.#write(id, "never", { code: "never", message });
	}

	#apply(entry: CatalogueEntry, handler: Handler<H>, order: Order): Receipt {
		const { id, target, params } = order;
		const { attached, host, waitUntil } = this.#options;
		const look = this.#look();
		const effects = entry.effects(target, params, look, id);
		const undo = entry.undo(target, params, look);
		const rows = [targetRow(entry, target), ...effects];
		const before = this.#snapshot(rows);
		const cause = { kind: "intervention", what: entry.name, id, by: order.admin };
		try {
			return attached.live.run(cause, () =>
				this.#sql.transaction(() => {
					const after = handler(host, { id, target, params, reason: order.reason, by: order.admin });
					// Its writes would come after the receipt that tells of them.
					if (after instanceof Promise) throw new Error("Its handler does not end within the turn.");
					const values = differences(before, this.#snapshot(rows));
					const done = this.#write(id, "applied", {
						...{ ...values, effects, within: entry.within, seq: attached.live.written() },
						undo: undo && this.#handler(undo.name) ? undo : null,
					});
					if (after) waitUntil(this.#outside(entry, after));
					return done;
				}),
			);
		} catch (error) {
			return this.#refuse(id, "host", redact(error instanceof Error ? error.message : String(error)));
		}
	}

	/** In a turn after that of the receipt. */
	async #outside({ name }: CatalogueEntry, after: () => Promise<unknown>): Promise<void> {
		try {
			await Promise.resolve();
			await after();
		} catch (error) {
			console.error("after an intervention", name, String(error));
		}
	}

	/** As they are shown: the receipt goes to the ledger (FEED-6). */
	#snapshot(rows: readonly { entity: string; key: string }[]): Snapshot {
		const found: Snapshot = new Map();
		for (const { entity, key } of rows) {
			const row = this.#options.attached.live.row(entity, key);
			if (row) found.set(`${entity}/${key}`, row);
		}
		return found;
	}

	get #sql(): Sql {
		return this.#options.attached.live.sql;
	}

	#look() {
		const { live } = this.#options.attached;
		return lookupOf(live.sql, (table) => live.kind(table) !== null);
	}

	#handler(name: string): Handler<H> | undefined {
		const { handlers } = this.#options;
		return Object.hasOwn(handlers, name) ? handlers[name] : undefined;
	}

	/** The table is made with the first order: a host that may have emptied its storage has none. */
	#known(id: string): Receipt | null {
		createReceipts(this.#options.attached.plain);
		return findReceipt(this.#options.attached.plain, id);
	}

	#refuse = (id: string, code: string, message: string): Receipt =>
		this.#write(id, "refused", { code, message });

	#write(id: string, outcome: Receipt["outcome"], rest: Partial<Receipt>): Receipt {
		const empty = { code: null, message: null, before: {}, after: {}, seq: 0, effects: [], within: 0 };
		const { attached, clock } = this.#options;
		return writeReceipt(attached.plain, { ...empty, ...rest, id, outcome, at: clock() });
	}
}

const notHere = (name: string) =>
	`This town runs in another deployment, which does not take "${name}" from here. Nothing was changed.`;
