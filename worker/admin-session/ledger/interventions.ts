import {
	type CancelledBody,
	changedFields,
	type IntentBody,
	type Order,
	type Receipt,
} from "../../../shared/interventions/index.ts";
import type { LedgerEntry, Propose } from "../../../shared/protocol/index.ts";
import { redactDeep } from "../../../shared/redaction/index.ts";
import type { Admin } from "../../auth/rights.ts";
import type { Agenda, Sql } from "../../live-ops/index.ts";
import { logFailure } from "../../log.ts";
import type { Checked, TownRpc } from "../../rpc.ts";
import { Refused } from "../failure.ts";
import type { RightsCache } from "../rights-cache.ts";
import { Claims } from "./claims.ts";
import { type Doing, SETTLE } from "./doing.ts";
import type { Ledger } from "./ledger.ts";
import { bodyOf, intentIn, mustBeSame, orderIn, orderOf, sealed } from "./orders.ts";

/** Name of its entries in the agenda, followed by `:` and the intervention's id: its seconds have ended. */
export const DUE = "due";
/** An order without an answer for so long is settled, which also fences it. */
const ANSWER_MS = 15_000;
/** Who could not be served for so long after the seconds ended has not done it: the town has moved on. */
const LATE_MS = 60_000;

type Options = {
	ledger: Ledger;
	doing: Doing;
	agenda: Agenda;
	clock: () => number;
	sql: Sql;
	rights: Pick<RightsCache, "check">;
	town(): Pick<TownRpc, "checkIntervention">;
	/** Seq of the town's feed now. */
	seq(): number;
	/** How long what is not safe can be cancelled, milliseconds. */
	cancelMs(): number;
};

/** Who proposes, and what they said when they opened the town. */
export type Proposer = { admin: Admin; case: string };

/** `receipt` is null where it can still be cancelled, or was. */
export type Proposed = { receipt: Receipt | null; entries: LedgerEntry[] };

/**
 * What goes into the intent beside the order, and for how long it can be cancelled, milliseconds; null: it is done at once.
 */
export type Beside = Pick<IntentBody, "finding" | "remedy" | "bulk"> & { wait: number | null };

/** Takes a proposal from intent to outcome (LEDGER-1), by way of the seconds in which anybody may cancel it (LEDGER-7). */
export class Interventions {
	readonly #options: Options;
	readonly #claims: Claims;

	/** What a crash left without an outcome is in the agenda; it is settled at once, or when its own seconds end. */
	constructor(options: Options) {
		this.#options = options;
		const { ledger, doing, agenda, clock } = options;
		this.#claims = new Claims({ ledger, doing, clock, armed: () => this.#armed() });
		for (const name of agenda.names(SETTLE)) agenda.set(name, clock());
		for (const id of this.#armed()) {
			const intent = intentIn(ledger.of(id));
			agenda.set(`${DUE}:${id}`, (intent && bodyOf(intent).due) ?? clock());
		}
	}

	/**
	 * Writes the intent and has it applied, at once where it is safe, else when its seconds end. A repeat of the same proposal
	 * gives what became of it. Throws `Refused` for what never becomes an order, and where the outcome is unknown.
	 */
	async propose(who: Proposer, proposal: Propose): Promise<Proposed> {
		const order = sealed(orderOf(who.admin, proposal), proposal);
		const checked = await this.check(order);
		const longest = Math.max(this.#options.cancelMs(), proposal.wait_ms);
		// What the town would refuse anyway need not be waited for; it must then be safe when it gets there.
		const wait = willBeDone(order, checked) && checked.danger !== "safe" && longest > 0 ? longest : null;
		const held = { ...order, safe_only: longest > 0 && wait === null };
		return this.#begin(who, held, checked.target_name, proposal.secret, {
			finding: redactDeep(proposal.finding) as IntentBody["finding"],
			...(proposal.bulk && { bulk: proposal.bulk }),
			wait,
		});
	}

	/** What the town says of an order; throws `Refused` where it cannot be asked. */
	async check(order: Order): Promise<Checked> {
		try {
			return await this.#options.town().checkIntervention(order);
		} catch (error) {
			logFailure("check", { target: order.target }, error);
			throw new Refused("town_unreachable", "The town could not be reached, so nothing was done. Try again.");
		}
	}

	/** From the intent on; resolves when the order is armed or has its outcome. */
	async #begin(
		who: Proposer,
		order: Order,
		target_name: string,
		secret: string | null,
		beside: Beside,
	): Promise<Proposed> {
		const { ledger, doing } = this.#options;
		const known = ledger.of(order.id);
		if (known.length > 0) mustBeSame(known, order);
		else this.intend(who, order, target_name, beside);
		const entries = ledger.of(order.id);
		if (this.#isOpen(entries)) return { receipt: null, entries };
		const receipt = await doing.outcome(order, secret);
		return { receipt, entries: ledger.of(order.id) };
	}

	/** Writes the intent with what is to follow from it, or that somebody else is at its target. */
	intend(who: Proposer, order: Order, target_name: string, { wait, ...beside }: Beside): LedgerEntry {
		const { ledger, doing, agenda, clock, sql, seq } = this.#options;
		const { id, name, target, params, saw, reason } = order;
		const rival = this.#claims.rival(order);
		const due = wait !== null && rival === null ? clock() + wait : null;
		const body = { name, target, target_name, params, reason, case: who.case, saw, seq: seq(), ...beside };
		return sql.transaction(() => {
			const intent = ledger.append({
				...{ id, step: "intent", admin: who.admin },
				body: { ...body, ...(due !== null && { due }) } satisfies IntentBody,
			});
			if (rival !== null) doing.refuse(id, "rival", rival);
			else if (due !== null) agenda.set(`${DUE}:${id}`, due);
			else agenda.set(`${SETTLE}:${id}`, clock() + ANSWER_MS);
			if (rival === null) this.#claims.take(intent);
			return intent;
		});
	}

	/** For the agenda: the seconds have ended. Safe to run again at any point: the town applies an id once. */
	async due(id: string): Promise<void> {
		const { ledger, doing, clock, rights } = this.#options;
		const intent = intentIn(ledger.of(id));
		if (!intent?.admin || this.#isOver(id)) return;
		if (doing.isRunning(id) || clock() - (bodyOf(intent).due ?? 0) > LATE_MS) return doing.settle(id);
		const may = await rights.check(intent.admin.id, 0);
		// Somebody may have cancelled it while the directory was asked.
		if (this.#isOver(id)) return;
		if (!may.ok) {
			doing.refuse(id, "rights", `Not done: ${intent.admin.name} may not do it any more. ${may.message}`);
			return;
		}
		if (!this.#has(id, "started")) ledger.append({ id, step: "started", admin: intent.admin, body: {} });
		await doing.outcome(orderIn(intent)).catch((error: unknown) => {
			// It is told as unknown, and the town is asked again.
			if (!(error instanceof Refused)) throw error;
		});
	}

	/** Stops all that is armed under this id, an intervention's or a selection's; gives the entries that say so. */
	cancel(admin: Admin, of: string): LedgerEntry[] {
		const { ledger } = this.#options;
		return this.#armed().flatMap((id) => {
			const entries = ledger.of(id);
			const intent = intentIn(entries);
			const isMeant = id === of || (intent && bodyOf(intent).bulk === of);
			return isMeant && intent && this.#isOpen(entries) ? [this.stop(admin, intent)] : [];
		});
	}

	/** Writes that this intent was cancelled, and by whom. */
	stop(admin: Admin, intent: LedgerEntry): LedgerEntry {
		const { ledger, agenda, clock, sql } = this.#options;
		const body: CancelledBody = { ms: clock() - intent.at };
		return sql.transaction(() => {
			agenda.cancel(`${DUE}:${intent.id}`);
			return ledger.append({ id: intent.id, step: "cancelled", admin, body });
		});
	}

	/** Why nothing of this id can be cancelled, in words. */
	whyNot(of: string): Refused {
		const entries = this.#options.ledger.of(of);
		const cancelled = entries.find(({ step }) => step === "cancelled");
		if (cancelled) return new Refused("cancelled", `${cancelled.admin?.name} has cancelled it already.`);
		return entries.length > 0
			? new Refused("too_late", "Too late to cancel: it is done, or being done.")
			: new Refused("nothing_to_cancel", "Nothing of this id waits to be done.");
	}

	#armed(): string[] {
		return this.#options.agenda.names(DUE).map((name) => name.slice(DUE.length + 1));
	}

	/** Its seconds count, or were ended by somebody: there is no outcome to wait for. */
	#isOpen(entries: readonly LedgerEntry[]): boolean {
		const intent = intentIn(entries);
		return intent !== undefined && bodyOf(intent).due !== undefined && !entries.some(isDecided);
	}

	#isOver(id: string): boolean {
		return this.#has(id, "cancelled") || this.#options.doing.resolved(id) !== null;
	}

	#has(id: string, step: LedgerEntry["step"]): boolean {
		return this.#options.ledger.of(id).some((entry) => entry.step === step);
	}
}

const isDecided = ({ step }: LedgerEntry): boolean => step === "started" || step === "outcome";

/** As far as can be said now: nothing stands in its way and nothing has moved since it was looked at. */
const willBeDone = ({ saw }: Order, checked: Checked): boolean =>
	checked.verdict.ok && changedFields(saw, checked.saw).length === 0;
