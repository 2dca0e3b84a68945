import { findingKey } from "../../../shared/diagnosis/finding.ts";
import {
	CATALOGUE,
	type CatalogueEntry,
	type IntentBody,
	type Order,
	type OutcomeBody,
	type Receipt,
} from "../../../shared/interventions/index.ts";
import type { LedgerEntry, Propose } from "../../../shared/protocol/index.ts";
import { redact, redactDeep } from "../../../shared/redaction/index.ts";
import type { Admin } from "../../auth/rights.ts";
import type { Agenda, Sql } from "../../live-ops/index.ts";
import type { TownRpc } from "../../rpc.ts";
import { Refused } from "../failure.ts";
import type { Ledger } from "./ledger.ts";
import type { Proofs } from "./proofs.ts";

/** Name of its entries in the agenda, followed by `:` and the intervention's id. */
export const SETTLE = "settle";
/** An order without an answer for so long is settled, which also fences it. */
const ANSWER_MS = 15_000;
const AGAIN_MS = 2_000;

type Options = {
	ledger: Ledger;
	proofs: Proofs;
	agenda: Agenda;
	clock: () => number;
	sql: Sql;
	town(): Pick<TownRpc, "applyIntervention" | "settleIntervention" | "rows">;
	/** Seq of the town's feed now. */
	seq(): number;
};

/** Who proposes, and what they said when they opened the town. */
export type Proposer = { admin: Admin; case: string };

/** Takes a proposal from intent to outcome (LEDGER-1, LEDGER-2). */
export class Interventions {
	readonly #options: Options;
	readonly #running = new Map<string, Promise<Receipt>>();

	/** What a crash left without an outcome is in the agenda, since its intent or its last try; it is settled at once. */
	constructor(options: Options) {
		this.#options = options;
		for (const name of options.agenda.names(SETTLE)) options.agenda.set(name, options.clock());
	}

	/**
	 * Writes the intent, has it applied, writes the outcome; gives the receipt with the entries. A repeat of the same proposal gives
	 * what became of it. Throws `Refused` for what never becomes an order, and where the outcome is unknown.
	 */
	async propose(who: Proposer, proposal: Propose): Promise<{ receipt: Receipt; entries: LedgerEntry[] }> {
		const { ledger, seq } = this.#options;
		const entry = CATALOGUE[proposal.name];
		if (!entry) throw new Refused("unknown_intervention", `There is no intervention ${proposal.name}.`);
		const params = entry.params.safeParse(proposal.params);
		if (!params.success) {
			const issue = params.error.issues[0];
			throw new Refused("bad_params", `${issue?.path.join(".") || "params"}: ${issue?.message}`);
		}
		const id = proposal.intervention;
		// What people paste never enters the ledger (FEED-6), and the town gets what the ledger has.
		const order: Order = {
			id,
			name: proposal.name,
			target: proposal.target,
			params: params.data,
			saw: redactDeep(proposal.saw) as Order["saw"],
			admin: who.admin.id,
			reason: redact(proposal.reason),
		};
		const target_name = await this.#nameOf(entry, proposal.target);
		const known = ledger.of(id);
		if (known.length > 0) this.#sameAs(known, order);
		else {
			const body: IntentBody = {
				name: order.name,
				target: order.target,
				target_name,
				params: order.params,
				reason: order.reason,
				case: who.case,
				saw: order.saw,
				finding: redactDeep(proposal.finding) as IntentBody["finding"],
				seq: seq(),
			};
			this.#intend(who.admin, id, body);
		}
		const receipt = await this.#outcome(order);
		return { receipt, entries: ledger.of(id) };
	}

	/** For the agenda: finds out what became of an order. Rejects while the town cannot say; it is then asked again. */
	async settle(id: string): Promise<void> {
		if (this.#resolved(id)) return;
		this.#resolve(id, await this.#options.town().settleIntervention(id));
	}

	#intend(admin: Admin, id: string, body: IntentBody): void {
		const { ledger, agenda, clock, sql } = this.#options;
		sql.transaction(() => {
			ledger.append({ id, step: "intent", admin, body });
			agenda.set(`${SETTLE}:${id}`, clock() + ANSWER_MS);
		});
	}

	/** An id is one intervention: the page chose it, so another order under it is not done. */
	#sameAs(entries: LedgerEntry[], order: Order): void {
		const intent = entries.find(({ step }) => step === "intent");
		const body = intent?.body as IntentBody | undefined;
		const same =
			intent?.admin?.id === order.admin &&
			body?.name === order.name &&
			body.target === order.target &&
			JSON.stringify(body.params) === JSON.stringify(order.params);
		if (!same) throw new Refused("id_in_use", "This id belongs to another intervention.");
	}

	/** The receipt that the ledger has, or that the town gives. */
	async #outcome(order: Order): Promise<Receipt> {
		const known = this.#resolved(order.id);
		if (known) return known;
		const running =
			this.#running.get(order.id) ?? this.#apply(order).finally(() => this.#running.delete(order.id));
		this.#running.set(order.id, running);
		return running;
	}

	async #apply(order: Order): Promise<Receipt> {
		const { town } = this.#options;
		let answer = "";
		try {
			return this.#resolve(order.id, await town().applyIntervention(order));
		} catch (error) {
			console.error("apply", order.id, error);
			answer = redact(error instanceof Error ? error.message : String(error));
		}
		try {
			const receipt = await town().settleIntervention(order.id);
			// Why it came to nothing is the town's own word: an admin must not have to guess (P8).
			const message = `${receipt.message ?? "Nothing was changed."} The town's answer: ${answer}`;
			return this.#resolve(order.id, receipt.outcome === "never" ? { ...receipt, message } : receipt);
		} catch (error) {
			console.error("settle", order.id, error);
			throw this.#unknown(order.id);
		}
	}

	/** Writes the outcome, once, and begins to wait for its proof. */
	#resolve(id: string, receipt: Receipt): Receipt {
		const { ledger, agenda, proofs, sql } = this.#options;
		const known = this.#resolved(id);
		if (known) return known;
		const intent = ledger.of(id).find(({ step }) => step === "intent");
		const finding = findingOf((intent?.body as IntentBody | undefined)?.finding ?? null);
		const { id: _, ...body } = receipt;
		sql.transaction(() => {
			ledger.append({ id, step: "outcome", admin: intent?.admin ?? null, body: body satisfies OutcomeBody });
			agenda.cancel(`${SETTLE}:${id}`);
			if (receipt.outcome === "applied") proofs.begin(id, receipt, finding);
		});
		if (receipt.outcome === "applied")
			// Not seen at once is no failure: the frames that follow show it, or its time runs out.
			proofs.lookUp().catch((error: unknown) => console.error("proof", id, error));
		return receipt;
	}

	/** The outcome in the ledger, unless it is still unknown. */
	#resolved(id: string): Receipt | null {
		const outcome = this.#options.ledger
			.of(id)
			.findLast(({ step, body }) => step === "outcome" && body.outcome !== "unknown");
		return outcome ? ({ id, ...outcome.body } as Receipt) : null;
	}

	#unknown(id: string): Refused {
		const { ledger, agenda, clock, sql } = this.#options;
		const message =
			"The town could not be reached, so it is not known whether this was done. It will be asked until it answers, and the ledger will say.";
		const body: OutcomeBody = {
			outcome: "unknown",
			code: "town_unreachable",
			message,
			at: clock(),
			before: {},
			after: {},
			seq: 0,
			effects: [],
			within: 0,
		};
		sql.transaction(() => {
			const intent = ledger.of(id).find(({ step }) => step === "intent");
			if (!ledger.of(id).some(({ step }) => step === "outcome"))
				ledger.append({ id, step: "outcome", admin: intent?.admin ?? null, body });
			agenda.set(`${SETTLE}:${id}`, clock() + AGAIN_MS);
		});
		return new Refused("outcome_unknown", message, { entries: ledger.of(id) });
	}

	/** Beads and agents are both rows of `beads`, whose title is their name; a rig has its own row; a container is its town's. */
	async #nameOf({ target: kind }: CatalogueEntry, target: string): Promise<string> {
		const ofTown = kind === "town" || kind === "container";
		const entity = kind === "rig" ? "rigs" : "beads";
		const key = ofTown ? { entity: "town_state", key: "town" } : { entity, key: target };
		try {
			const [row] = await this.#options.town().rows([key]);
			const name = ofTown ? (row?.value as { name?: unknown } | undefined)?.name : (row?.title ?? row?.name);
			return typeof name === "string" ? name : target;
		} catch (error) {
			console.error("target", target, error);
			throw new Refused("town_unreachable", "The town could not be reached, so nothing was done. Try again.");
		}
	}
}

/** The key of a finding as the page sent it whole; null where it is not one. */
function findingOf(finding: Record<string, unknown> | null): string | null {
	const subject = finding?.subject as { kind?: unknown; id?: unknown } | undefined;
	if (
		typeof finding?.code !== "string" ||
		typeof subject?.kind !== "string" ||
		typeof subject.id !== "string"
	)
		return null;
	return findingKey(finding as Parameters<typeof findingKey>[0]);
}
