/**
 * The hash chain of a ledger (LEDGER-3). Pure: the caller brings the hash function, so that the same check runs in the worker,
 * in the page and offline over an export.
 */

/** One row as it is stored: `admin` and `body` are the very texts that were hashed. */
export type LedgerRow = {
	n: number;
	id: string;
	step: string;
	at: number;
	admin: string | null;
	body: string;
	prev_hash: string;
	hash: string;
};

/** SHA-256 of a text, in lower case hex. */
export type Sha256 = (text: string) => string | Promise<string>;

/** What the first row of a town's ledger follows: no row of another town's could stand there. */
export const genesisText = (town: string): string => `townwatch ledger of ${town}`;

/** The text whose hash is the row's: JSON, so that no two rows run together into the same text. */
export const rowText = (row: Omit<LedgerRow, "hash">): string =>
	JSON.stringify([row.prev_hash, row.n, row.id, row.step, row.at, row.admin, row.body]);

export type ChainFault = { n: number; fault: "missing" | "link" | "hash" };

/**
 * Checks rows in order. `after` is the row before the first one, null where the ledger begins. Gives the first fault: a row that is
 * missing before `n`, that does not link to its predecessor, or whose text is not what was hashed; else where the chain ends.
 */
export async function verifyChain(
	town: string,
	rows: Iterable<LedgerRow>,
	sha256: Sha256,
	after: Pick<LedgerRow, "n" | "hash"> | null = null,
): Promise<{ ok: true; n: number; hash: string } | ({ ok: false } & ChainFault)> {
	let { n, hash } = after ?? { n: 0, hash: await sha256(genesisText(town)) };
	for (const row of rows) {
		if (row.n !== n + 1) return { ok: false, n: n + 1, fault: "missing" };
		if (row.prev_hash !== hash) return { ok: false, n: row.n, fault: "link" };
		if ((await sha256(rowText(row))) !== row.hash) return { ok: false, n: row.n, fault: "hash" };
		({ n, hash } = row);
	}
	return { ok: true, n, hash };
}

/** Compares a verified chain with the head that the mirror holds: a shorter chain has lost its tail. */
export function compareHeads(
	chain: { n: number; hash: string },
	mirrored: { n: number; hash: string } | null,
	rowAt: (n: number) => Pick<LedgerRow, "hash"> | undefined,
): { ok: true; unmirrored: number } | { ok: false; fault: "cut" | "differs"; n: number } {
	if (!mirrored) return { ok: true, unmirrored: chain.n };
	if (mirrored.n > chain.n) return { ok: false, fault: "cut", n: chain.n };
	if (mirrored.n > 0 && rowAt(mirrored.n)?.hash !== mirrored.hash)
		return { ok: false, fault: "differs", n: mirrored.n };
	return { ok: true, unmirrored: chain.n - mirrored.n };
}
