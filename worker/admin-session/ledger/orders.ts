import {
	CATALOGUE,
	type CatalogueEntry,
	type IntentBody,
	type Order,
	shownSecret,
} from "../../../shared/interventions/index.ts";
import type { LedgerEntry, Propose } from "../../../shared/protocol/index.ts";
import { redact, redactDeep } from "../../../shared/redaction/index.ts";
import type { Admin } from "../../auth/rights.ts";
import { Refused } from "../failure.ts";

/** What of a proposal becomes an order. */
export type Asked = Pick<Propose, "intervention" | "name" | "target" | "params" | "saw" | "reason">;

/** The catalogue's entry of a proposal; throws `Refused` where there is none. */
export function entryOf(name: string): CatalogueEntry {
	const entry = CATALOGUE[name];
	if (!entry) throw new Refused("unknown_intervention", `There is no intervention ${name}.`);
	return entry;
}

/**
 * The order of a proposal; throws `Refused` for what never becomes one. What people paste never enters the ledger (FEED-6), and
 * the town gets what the ledger has.
 */
export function orderOf(admin: Admin, asked: Asked): Order {
	const params = entryOf(asked.name).params.safeParse(asked.params);
	if (!params.success) {
		const issue = params.error.issues[0];
		throw new Refused("bad_params", `${issue?.path.join(".") || "params"}: ${issue?.message}`);
	}
	return {
		id: asked.intervention,
		name: asked.name,
		target: asked.target,
		params: params.data,
		saw: redactDeep(asked.saw) as Order["saw"],
		admin: admin.id,
		reason: redact(asked.reason),
	};
}

/** A shorter one may stand in any text by chance. */
const FOUND_BY_CHANCE = 6;

/**
 * The order of a proposal that takes a secret, with what may be kept of it among its parameters (LEDGER-14). Throws `Refused`
 * where it is missing, was not asked for, or stands in what the ledger keeps.
 */
export function sealed(order: Order, { secret, reason, finding, saw }: Propose): Order {
	const wanted = entryOf(order.name).secret?.(order.params) ?? null;
	if ((wanted === null) !== (secret === null))
		throw new Refused("bad_params", wanted === null ? "It takes no secret." : `${wanted}: give it.`);
	if (secret === null) return order;
	const kept = JSON.stringify([order.params, reason, finding, saw]);
	if (secret.length >= FOUND_BY_CHANCE && kept.includes(JSON.stringify(secret).slice(1, -1)))
		throw new Refused("bad_params", "The secret stands in the reason or another field that is recorded.");
	return { ...order, params: { ...order.params, secret: shownSecret(secret) } };
}

/** The intent among the entries of one intervention. */
export const intentIn = (entries: readonly LedgerEntry[]): LedgerEntry | undefined =>
	entries.find(({ step }) => step === "intent");

export const bodyOf = (intent: LedgerEntry): IntentBody => intent.body as IntentBody;

/** The order as its intent has it, so that it can be given after an eviction. */
export function orderIn(intent: LedgerEntry): Order {
	const { name, target, params, saw, reason, remedy } = bodyOf(intent);
	const goes_on = (remedy?.step ?? 1) > 1;
	return { id: intent.id, name, target, params, saw, reason, admin: intent.admin?.id ?? "", goes_on };
}

/** An id is one intervention: the page chose it, so another order under it is not done. */
export function mustBeSame(entries: readonly LedgerEntry[], order: Order): void {
	const intent = intentIn(entries);
	const known = intent && orderIn(intent);
	const same =
		known?.admin === order.admin &&
		known.name === order.name &&
		known.target === order.target &&
		JSON.stringify(known.params) === JSON.stringify(order.params);
	if (!same) throw new Refused("id_in_use", "This id belongs to another intervention.");
}

/** What two orders must not be about at a time. A mayor is an agent; the town and its container have the town's id. */
export const subjectOf = (name: string, target: string): string => {
	const kind = CATALOGUE[name]?.target;
	return `${kind === "mayor" ? "agent" : kind}:${target}`;
};
