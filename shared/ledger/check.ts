import { z } from "zod";
import { type ChainFault, compareHeads } from "../interventions/chain.ts";
import type { Receipt } from "../interventions/receipt.ts";

/** What of a town's ledger is checked (LEDGER-4), in the order in which it is told. */
export const CHECKED = ["chain", "mirror", "heads", "search", "receipts"] as const;
/** `unread`: it could not be read, which says nothing good. */
const result = z.enum(["ok", "fault", "unread"]);
export const checkPart = z.object({
	part: z.enum(CHECKED),
	result,
	/** Number of the entry where the fault is. */
	n: z.number().nullable(),
	message: z.string(),
});
export type CheckPart = z.infer<typeof checkPart>;

export const ledgerCheck = z.object({
	town: z.string(),
	at: z.string(),
	/** `fault` where any part has one, else `unread` where any was not read. */
	result,
	/** Where the ledger ended then: worth writing down, since nobody can cut an export behind it unseen. */
	head: z.object({ n: z.number(), hash: z.string() }).nullable(),
	parts: z.array(checkPart),
});
export type LedgerCheck = z.infer<typeof ledgerCheck>;

/** The session refuses with these itself: the town never heard of it, and has no receipt. */
export const OWN_REFUSALS = ["rival", "rights"] as const;
export type OwnRefusal = (typeof OWN_REFUSALS)[number];
const isOwn = ({ outcome, code }: Record<string, unknown>): boolean =>
	outcome === "refused" && OWN_REFUSALS.some((own) => own === code);

/** A read, or why there is none. */
export type Read<T> = { ok: true; value: T } | { ok: false; message: string };

/** Rows in order, verified: the hash of each by its place, and the first fault. */
export type Verified = { hashes: string[]; fault: ChainFault | null };
type Head = { n: number; hash: string };
/** Of one intervention in the ledger: where its intent and its outcome stand; an `unknown` outcome is none. */
export type Ordered = { intent: number | null; outcome: { n: number; body: Record<string, unknown> } | null };

const FAULTS: Record<ChainFault["fault"], (n: number) => string> = {
	missing: (n) => `Entry ${n} is missing.`,
	link: (n) => `Entry ${n} does not name the one before it.`,
	hash: (n) => `Entry ${n} is not what was written: its hash is another.`,
};
export const faultInWords = ({ n, fault }: ChainFault): string => FAULTS[fault](n);

export const resultOf = (parts: readonly CheckPart[]): LedgerCheck["result"] =>
	(["fault", "unread"] as const).find((one) => parts.some((part) => part.result === one)) ?? "ok";

/** The session's own rows name each other, from the town's beginning on. */
export function chainPart(chain: Read<Verified>): CheckPart {
	if (!chain.ok) return unread("chain", chain.message);
	const { hashes, fault } = chain.value;
	if (fault) return bad("chain", fault.n, faultInWords(fault));
	return well("chain", hashes.length === 0 ? "No entries yet." : `Entries 1 to ${hashes.length} are whole.`);
}

/** The mirror has the same rows, and all that were copied. It was read before the ledger, so it can have none that are newer. */
export function mirrorPart(chain: Read<Verified>, mirror: Read<Verified>, mirrored: number): CheckPart {
	if (!mirror.ok) return unread("mirror", mirror.message);
	const { hashes, fault } = mirror.value;
	if (fault) return bad("mirror", fault.n, `In the copy: ${faultInWords(fault)}`);
	if (!chain.ok) return unread("mirror", "There is nothing to compare the copy with.");
	const ours = chain.value.hashes;
	const differs = hashes.findIndex((hash, at) => at < ours.length && hash !== ours[at]);
	if (differs >= 0) return bad("mirror", differs + 1, `Entry ${differs + 1} of the copy is another one.`);
	if (hashes.length > ours.length)
		return bad(
			"mirror",
			ours.length + 1,
			`The copy goes on after entry ${ours.length}, the ledger does not.`,
		);
	if (hashes.length < mirrored)
		return bad("mirror", hashes.length + 1, `The copy had ${mirrored} entries and has ${hashes.length}.`);
	const newer = ours.length - hashes.length;
	return well("mirror", newer === 0 ? "The copy has the same entries." : `${newer} not copied yet.`);
}

/** The head that the mirror holds is the ledger's, and its rows reach as far. */
export function headsPart(
	chain: Read<Verified>,
	mirror: Read<Verified>,
	head: Read<Head | null>,
	mirrored: number,
): CheckPart {
	if (!head.ok) return unread("heads", head.message);
	if (!chain.ok) return unread("heads", "There is nothing to compare the copy's head with.");
	const copied = Math.max(mirrored, mirror.ok ? mirror.value.hashes.length : 0);
	if (!head.value && copied > 0) return bad("heads", copied, "The copy has lost its head.");
	if (head.value && mirror.ok && mirror.value.hashes.length < head.value.n)
		return bad(
			"heads",
			mirror.value.hashes.length + 1,
			`The copy's head is entry ${head.value.n}, and its entries end at ${mirror.value.hashes.length}.`,
		);
	const { hashes } = chain.value;
	const compared = compareHeads({ n: hashes.length, hash: hashes.at(-1) ?? "" }, head.value, (n) =>
		hashes[n - 1] === undefined ? undefined : { hash: hashes[n - 1] ?? "" },
	);
	if (compared.ok)
		return well("heads", head.value ? `The copy's head is entry ${head.value.n}.` : "Nothing copied yet.");
	return compared.fault === "cut"
		? bad(
				"heads",
				compared.n + 1,
				`The ledger ends at entry ${compared.n}, the copy's head is ${head.value?.n}.`,
			)
		: bad("heads", compared.n, `The copy's head is another entry ${compared.n}.`);
}

/** `first`: the first entry of the copy that the search tells otherwise or not at all. */
export function searchPart(first: Read<number | null>): CheckPart {
	if (!first.ok) return unread("search", first.message);
	if (first.value !== null)
		return bad("search", first.value, `The search does not tell entry ${first.value} as it is.`);
	return well("search", "The search tells every copied entry.");
}

/**
 * Every receipt of the town has its intent and says what the ledger's outcome says, and every outcome up to entry `until` has its
 * receipt; the receipts were read after that entry was written and before the rest of the ledger.
 */
export function receiptsPart(
	orders: Read<ReadonlyMap<string, Ordered>>,
	receipts: Read<ReadonlyMap<string, Record<string, unknown>>>,
	until: number,
): CheckPart {
	if (!receipts.ok) return unread("receipts", receipts.message);
	if (!orders.ok) return unread("receipts", "There is nothing to compare the receipts with.");
	let awaited = 0;
	for (const [id, receipt] of receipts.value) {
		const order = orders.value.get(id);
		if (!order?.intent)
			return bad("receipts", null, `The town did ${id}, and the ledger has no intent of it.`);
		if (!order.outcome) awaited++;
		else if (!sameWords(receipt, order.outcome.body))
			return bad("receipts", order.outcome.n, `Entry ${order.outcome.n} is not what the town says of it.`);
	}
	for (const [id, { outcome }] of orders.value)
		if (outcome && outcome.n <= until && !receipts.value.has(id) && !isOwn(outcome.body))
			return bad("receipts", outcome.n, `The town has no receipt for entry ${outcome.n}.`);
	const all = `Receipts of the town with their entries: ${receipts.value.size}.`;
	return well("receipts", awaited === 0 ? all : `${all} Their outcome is awaited: ${awaited}.`);
}

/** The ledger tells of what never arrived why, in words of its own. */
function sameWords(receipt: Record<string, unknown>, outcome: Record<string, unknown>): boolean {
	const never = outcome.outcome === ("never" satisfies Receipt["outcome"]);
	const plain = ({ id: _, message, ...rest }: Record<string, unknown>) =>
		sorted(never ? rest : { ...rest, message });
	return plain(receipt) === plain(outcome);
}

/** JSON in which the order of keys does not matter. */
const sorted = (value: unknown): string =>
	JSON.stringify(value, (_, inner: unknown) =>
		typeof inner === "object" && inner !== null && !Array.isArray(inner)
			? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
			: inner,
	);

const well = (part: CheckPart["part"], message: string): CheckPart => ({
	part,
	result: "ok",
	n: null,
	message,
});
const bad = (part: CheckPart["part"], n: number | null, message: string): CheckPart => ({
	...{ part, result: "fault", n, message },
});
const unread = (part: CheckPart["part"], message: string): CheckPart => ({
	...{ part, result: "unread", n: null, message },
});
