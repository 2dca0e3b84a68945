import { z } from "zod";
import { goneWell, type IntentBody } from "../../../shared/interventions/index.ts";
import type { LedgerEntry, RemedyMessage } from "../../../shared/protocol/index.ts";
import { redact, redactDeep } from "../../../shared/redaction/index.ts";
import type { Admin } from "../../auth/rights.ts";
import type { Agenda, Sql } from "../../live-ops/index.ts";
import { logFailure } from "../../log.ts";
import type { Interventions, Proposer } from "./interventions.ts";
import type { Ledger } from "./ledger.ts";
import { orderOf } from "./orders.ts";

/** Name of its entries in the agenda, followed by `:` and the remedy's id: its next step may be due. */
export const REMEDY = "remedy";

const step = z.object({
	intervention: z.string(),
	name: z.string(),
	target: z.string(),
	target_name: z.string(),
	params: z.record(z.string(), z.unknown()),
});
/** A remedy under way, as it is stored. */
const remedy = z.object({
	admin: z.object({ id: z.string(), email: z.string(), name: z.string() }),
	case: z.string(),
	reason: z.string(),
	finding: z.record(z.string(), z.unknown()).nullable(),
	steps: z.array(step),
	/** Index of the step that is under way. */
	at: z.int(),
});
type Remedy = z.infer<typeof remedy>;

type Options = {
	ledger: Ledger;
	interventions: Interventions;
	agenda: Agenda;
	clock: () => number;
	sql: Sql;
	/** How long what is not safe can be cancelled, milliseconds. */
	cancelMs(): number;
};

/**
 * Ordered lists of interventions that were approved once (LEDGER-9): each step is an intervention of its own, begun when the
 * effect of the one before it was seen. Where a remedy is stands in a table, so that it goes on after an eviction.
 */
export class Remedies {
	readonly #options: Options;

	constructor(options: Options) {
		this.#options = options;
		options.sql.run(
			"CREATE TABLE IF NOT EXISTS remedies (id TEXT PRIMARY KEY, data TEXT NOT NULL) WITHOUT ROWID",
		);
		// What was told just before a crash, or while it woke, may not have been taken up.
		for (const { id } of this.#all()) options.agenda.set(`${REMEDY}:${id}`, options.clock());
	}

	/** Checks every step, and begins with the first: its seconds are those of the whole list. */
	async propose(who: Proposer, message: RemedyMessage): Promise<LedgerEntry[]> {
		const { ledger, interventions, sql } = this.#options;
		const orders = message.steps.map((one) => orderOf(who.admin, { ...one, reason: message.reason }));
		const checks = await Promise.all(orders.map((order) => interventions.check(order)));
		const [first, checked] = [orders[0], checks[0]];
		if (!first || !checked) return [];
		const known = ledger.of(first.id);
		if (known.length > 0) return known;
		const steps = orders.map((order, at) => ({
			...{ intervention: order.id, name: order.name, target: order.target, params: order.params },
			target_name: checks[at]?.target_name ?? order.target,
		}));
		const finding = redactDeep(message.finding) as IntentBody["finding"];
		const under = { admin: who.admin, case: who.case, reason: redact(message.reason), finding, steps, at: 0 };
		const safe = checks.every(({ danger }) => danger === "safe");
		const wait = safe ? 0 : Math.max(this.#options.cancelMs(), message.wait_ms);
		sql.transaction(() => {
			this.#put(message.remedy, under);
			interventions.intend(who, first, checked.target_name, this.#beside(message.remedy, under, wait));
		});
		return ledger.of(first.id);
	}

	/** A ledger row has been written: call it in that turn, so that a step's end is never missed. */
	told({ id, step }: LedgerEntry): void {
		if (step !== "outcome" && step !== "proof" && step !== "cancelled") return;
		const { agenda, clock } = this.#options;
		const mine = this.#all().find(({ under }) => under.steps[under.at]?.intervention === id);
		if (mine) agenda.set(`${REMEDY}:${mine.id}`, clock());
	}

	/** For the agenda: begins the next step where the last has gone well, and ends where it has not. */
	async run(id: string): Promise<void> {
		const { ledger, interventions } = this.#options;
		const under = this.#get(id);
		const now = under?.steps[under.at];
		if (!under || !now) return this.#drop(id);
		const well = goneWell(ledger.of(now.intervention));
		if (well === null) return;
		const at = under.at + 1;
		const next = under.steps[at];
		if (!well || !next) return this.#drop(id);
		const asked = { ...next, saw: {}, reason: under.reason };
		const checked = await interventions.check(orderOf(under.admin, asked));
		// Somebody may have stopped it while the town was asked.
		if (this.#get(id)?.at !== under.at) return;
		const moved = { ...under, at };
		this.#options.sql.transaction(() => {
			this.#put(id, moved);
			// The steps before it have changed what the admin saw: this one goes by what is now.
			const order = orderOf(under.admin, { ...asked, saw: checked.saw });
			interventions.intend(under, order, checked.target_name, this.#beside(id, moved, 0));
		});
	}

	/** Stops a remedy at a step whose turn has not come: it and those after it are not done. */
	cancel(admin: Admin, intervention: string): LedgerEntry[] {
		const { ledger, interventions, sql } = this.#options;
		const mine = this.#all().find(({ under }) =>
			under.steps.some((one, at) => at > under.at && one.intervention === intervention),
		);
		const next = mine?.under.steps[mine.under.at + 1];
		if (!mine || !next) return [];
		const { id, under } = mine;
		const moved = { ...under, at: under.at + 1 };
		const order = orderOf(under.admin, { ...next, saw: {}, reason: under.reason });
		return sql.transaction(() => {
			const intent = interventions.intend(under, order, next.target_name, this.#beside(id, moved, 0));
			const entry = interventions.stop(admin, intent);
			this.#drop(id);
			return [...ledger.of(order.id).filter(({ n }) => n < entry.n), entry];
		});
	}

	#beside(id: string, { steps, at, finding }: Remedy, wait: number) {
		const listed = steps.map(({ intervention, name, target }) => ({ intervention, name, target }));
		return { finding, remedy: { id, step: at + 1, steps: listed }, wait };
	}

	#all(): { id: string; under: Remedy }[] {
		return this.#options.sql
			.all<{ id: string; data: string }>("SELECT * FROM remedies")
			.flatMap(({ id, data }) => {
				const parsed = remedy.safeParse(JSON.parse(data));
				if (parsed.success) return [{ id, under: parsed.data }];
				// Of another version: it stops where it is, and must not keep the session from waking.
				logFailure("remedy", { id }, parsed.error);
				return [];
			});
	}

	#get(id: string): Remedy | null {
		return this.#all().find((one) => one.id === id)?.under ?? null;
	}

	#put(id: string, under: Remedy): void {
		this.#options.sql.run(
			"INSERT OR REPLACE INTO remedies (id, data) VALUES (?, ?)",
			id,
			JSON.stringify(under),
		);
	}

	#drop(id: string): void {
		this.#options.sql.run("DELETE FROM remedies WHERE id = ?", id);
		this.#options.agenda.cancel(`${REMEDY}:${id}`);
	}
}
