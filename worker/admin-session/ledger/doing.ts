import { findingKey } from "../../../shared/diagnosis/finding.ts";
import type { Order, OutcomeBody, Receipt } from "../../../shared/interventions/index.ts";
import type { OwnRefusal } from "../../../shared/ledger/check.ts";
import { redact } from "../../../shared/redaction/index.ts";
import type { Agenda, Sql } from "../../live-ops/index.ts";
import { logFailure } from "../../log.ts";
import type { TownRpc } from "../../rpc.ts";
import { Refused } from "../failure.ts";
import type { Ledger } from "./ledger.ts";
import { bodyOf, intentIn } from "./orders.ts";
import type { Proofs } from "./proofs.ts";

/** Name of its entries in the agenda, followed by `:` and the intervention's id. */
export const SETTLE = "settle";
const AGAIN_MS = 2_000;

type Options = {
	ledger: Ledger;
	proofs: Proofs;
	agenda: Agenda;
	clock: () => number;
	sql: Sql;
	town(): Pick<TownRpc, "applyIntervention" | "settleIntervention">;
};

/** Takes an order whose intent is in the ledger to its outcome (LEDGER-2). */
export class Doing {
	readonly #options: Options;
	readonly #running = new Map<string, Promise<Receipt>>();

	constructor(options: Options) {
		this.#options = options;
	}

	/** This instance has given the order and has no answer yet. */
	isRunning(id: string): boolean {
		return this.#running.has(id);
	}

	/** The outcome in the ledger, unless it is still unknown. */
	resolved(id: string): Receipt | null {
		const outcome = this.#options.ledger
			.of(id)
			.findLast(({ step, body }) => step === "outcome" && body.outcome !== "unknown");
		return outcome ? ({ id, ...outcome.body } as Receipt) : null;
	}

	/** `secret` goes to the town and is kept nowhere here (LEDGER-14). The receipt that the ledger has, or that the town gives; throws `Refused` where the outcome is unknown. */
	async outcome(order: Order, secret: string | null = null): Promise<Receipt> {
		const known = this.resolved(order.id);
		if (known) return known;
		const running =
			this.#running.get(order.id) ?? this.#apply(order, secret).finally(() => this.#running.delete(order.id));
		this.#running.set(order.id, running);
		return running;
	}

	/** Finds out what became of an order. Rejects while the town cannot say; it is then asked again. */
	async settle(id: string): Promise<void> {
		if (this.resolved(id)) return;
		this.#resolve(id, await this.#options.town().settleIntervention(id));
	}

	/** The session itself says no: the town never hears of it. */
	refuse(id: string, code: OwnRefusal, message: string): Receipt {
		return this.#resolve(id, { id, ...this.#nothing("refused", code, message) } as Receipt);
	}

	async #apply(order: Order, secret: string | null): Promise<Receipt> {
		const { town } = this.#options;
		let answer = "";
		try {
			return this.#resolve(order.id, await town().applyIntervention(order, secret));
		} catch (error) {
			logFailure("apply", { id: order.id }, error);
			answer = redact(error instanceof Error ? error.message : String(error));
		}
		try {
			const receipt = await town().settleIntervention(order.id);
			// Why it came to nothing is the town's own word: an admin must not have to guess (P8).
			const message = `${receipt.message ?? "Nothing was changed."} The town's answer: ${answer}`;
			return this.#resolve(order.id, receipt.outcome === "never" ? { ...receipt, message } : receipt);
		} catch (error) {
			logFailure("settle", { id: order.id }, error);
			throw this.#unknown(order.id);
		}
	}

	/** Writes the outcome, once, and begins to wait for its proof. */
	#resolve(id: string, receipt: Receipt): Receipt {
		const { ledger, agenda, proofs, sql } = this.#options;
		const known = this.resolved(id);
		if (known) return known;
		const intent = intentIn(ledger.of(id));
		const finding = findingOf((intent && bodyOf(intent).finding) ?? null);
		const { id: _, ...body } = receipt;
		sql.transaction(() => {
			ledger.append({ id, step: "outcome", admin: intent?.admin ?? null, body: body satisfies OutcomeBody });
			agenda.cancel(`${SETTLE}:${id}`);
			if (receipt.outcome === "applied") proofs.begin(id, receipt, finding);
		});
		if (receipt.outcome === "applied")
			// Not seen at once is no failure: the frames that follow show it, or its time runs out.
			proofs.lookUp().catch((error: unknown) => logFailure("proof", { id }, error));
		return receipt;
	}

	#unknown(id: string): Refused {
		const { ledger, agenda, clock, sql } = this.#options;
		const message =
			"The town could not be reached, so it is not known whether this was done. It will be asked until it answers, and the ledger will say.";
		const body = this.#nothing("unknown", "town_unreachable", message);
		sql.transaction(() => {
			const entries = ledger.of(id);
			if (!entries.some(({ step }) => step === "outcome"))
				ledger.append({ id, step: "outcome", admin: intentIn(entries)?.admin ?? null, body });
			agenda.set(`${SETTLE}:${id}`, clock() + AGAIN_MS);
		});
		return new Refused("outcome_unknown", message, { entries: ledger.of(id) });
	}

	#nothing(outcome: OutcomeBody["outcome"], code: string, message: string): OutcomeBody {
		const at = this.#options.clock();
		return { outcome, code, message, at, before: {}, after: {}, seq: 0, effects: [], within: 0 };
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
