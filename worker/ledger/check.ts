import { type LedgerRow, verifyChain } from "../../shared/interventions/chain.ts";
import {
	chainPart,
	headsPart,
	type LedgerCheck,
	mirrorPart,
	type Ordered,
	type Read,
	receiptsPart,
	resultOf,
	searchPart,
	type Verified,
} from "../../shared/ledger/check.ts";
import { sha256 } from "../admin-session/ledger/ledger.ts";
import { logFailure } from "../log.ts";
import type { SessionRpc, TownRpc } from "../rpc.ts";

/** Rows or receipts of one read. */
const PAGE = 200;

type Options = {
	town: string;
	db: D1Database;
	session: SessionRpc;
	townStub: Pick<TownRpc, "describe" | "receipts">;
	now: number;
};

/**
 * Compares a town's ledger with its mirror, the mirror's head, what the search says and every receipt of the town (LEDGER-4).
 * Reads in an order in which a ledger that goes on meanwhile shows no fault: how far it is, all others, then itself.
 */
export async function checkLedger({ town, db, session, townStub, now }: Options): Promise<LedgerCheck> {
	const start = await read("The session did not answer.", () => session.ledgerHead());
	const until = start.ok ? start.value.n : 0;
	const mirrored = start.ok ? start.value.mirrored : 0;
	const head = await read("The copy's head could not be read.", () => headOf(db, town));
	const [mirror, search, receipts] = await Promise.all([
		read("The copy could not be read.", () => verified(town, (n) => mirrorRows(db, town, n))),
		read("The search could not be read.", () => firstUntold(db, town)),
		read("The town's receipts could not be read.", () => receiptsOf(townStub)),
	]);
	const orders = new Map<string, Ordered>();
	const chain = await read("The ledger could not be read.", () =>
		verified(
			town,
			(n) => session.ledgerRows(n, PAGE),
			(row) => note(orders, row),
		),
	);
	const gone: Read<never> = { ok: false, message: "There is no such town any more, and no receipts of it." };
	const parts = [
		chainPart(start.ok ? chain : start),
		mirrorPart(chain, mirror, mirrored),
		headsPart(chain, mirror, head, mirrored),
		searchPart(search),
		receiptsPart(
			chain.ok ? { ok: true, value: orders } : chain,
			receipts.ok ? (receipts.value ? { ok: true, value: receipts.value } : gone) : receipts,
			until,
		),
	];
	const hashes = chain.ok ? chain.value.hashes : [];
	return {
		town,
		at: new Date(now).toISOString(),
		result: resultOf(parts),
		head: hashes.length > 0 ? { n: hashes.length, hash: hashes.at(-1) ?? "" } : null,
		parts,
	};
}

/** A failed read is never ok: it says so, and the log says why. */
async function read<T>(message: string, fn: () => Promise<T>): Promise<Read<T>> {
	try {
		return { ok: true, value: await fn() };
	} catch (error) {
		logFailure("check of a ledger", { message }, error);
		return { ok: false, message: `${message} Try again in a moment.` };
	}
}

/** Reads rows page by page and verifies them as they come; only their hashes are kept. */
async function verified(
	town: string,
	after: (n: number) => Promise<LedgerRow[]>,
	each: (row: LedgerRow) => void = () => {},
): Promise<Verified> {
	const hashes: string[] = [];
	let fault: Verified["fault"] = null;
	let last: LedgerRow | null = null;
	for (;;) {
		const rows: LedgerRow[] = await after(last?.n ?? 0);
		if (!fault) {
			const chain = await verifyChain(town, rows, sha256, last);
			if (!chain.ok) fault = { n: chain.n, fault: chain.fault };
		}
		for (const row of rows) {
			hashes.push(row.hash);
			each(row);
		}
		if (rows.length < PAGE) return { hashes, fault };
		last = rows.at(-1) ?? last;
	}
}

function note(orders: Map<string, Ordered>, { id, n, step, body }: LedgerRow): void {
	const order = orders.get(id) ?? { intent: null, outcome: null };
	if (step === "intent") orders.set(id, { ...order, intent: order.intent ?? n });
	if (step !== "outcome") return;
	const told = jsonOf(body);
	if (told.outcome !== "unknown") orders.set(id, { ...order, outcome: { n, body: told } });
}

/** Empty for what is no JSON: the chain says what became of it. */
function jsonOf(text: string): Record<string, unknown> {
	try {
		return JSON.parse(text) as Record<string, unknown>;
	} catch {
		return {};
	}
}

/** Null where there is no such town. */
async function receiptsOf(town: Options["townStub"]): Promise<Map<string, Record<string, unknown>> | null> {
	if ((await town.describe()) === null) return null;
	const receipts = new Map<string, Record<string, unknown>>();
	let after = "";
	for (;;) {
		const page = await town.receipts(after, PAGE);
		for (const { id, body } of page) receipts.set(id, jsonOf(body));
		if (page.length < PAGE) return receipts;
		after = page.at(-1)?.id ?? after;
	}
}

export const headOf = (db: D1Database, town: string): Promise<{ n: number; hash: string } | null> =>
	db.prepare("SELECT n, hash FROM ledger_heads WHERE town = ?").bind(town).first();

async function mirrorRows(db: D1Database, town: string, n: number): Promise<LedgerRow[]> {
	const { results } = await db
		.prepare(
			`SELECT n, id, step, at, admin, body, prev_hash, hash FROM ledger WHERE town = ? AND n > ? ORDER BY n LIMIT ?`,
		)
		.bind(town, n, PAGE)
		.all<LedgerRow>();
	return results;
}

/**
 * The first row of the mirror whose story is missing or tells it otherwise, or a story without rows: in one statement, as rows
 * may come meanwhile.
 */
async function firstUntold(db: D1Database, town: string): Promise<number | null> {
	return db
		.prepare(
			`SELECT MIN(n) AS n FROM (
				SELECT l.n FROM ledger_steps l LEFT JOIN ledger_stories s ON s.town = l.town AND s.id = l.id
				WHERE l.town = ?1 AND (
					s.id IS NULL OR s.n > l.n OR instr(s.words, l.words) = 0
					OR (s.n = l.n AND (s.at, s.admin_id, s.admin_email, s.admin_name, s.action, s.target, s.target_name)
						IS NOT (l.at, l.admin_id, l.admin_email, l.admin_name, l.action, l.target, l.target_name))
					OR (l.step <> 'started' AND s.outcome IS NOT l.outcome AND NOT EXISTS (
						SELECT 1 FROM ledger o WHERE o.id = l.id AND o.town = l.town AND (o.n > l.n OR o.step = 'cancelled'))))
				UNION ALL
				SELECT s.n FROM ledger_stories s WHERE s.town = ?1
				AND NOT EXISTS (SELECT 1 FROM ledger l WHERE l.town = s.town AND l.n = s.n AND l.id = s.id))`,
		)
		.bind(town)
		.first<number | null>("n");
}
