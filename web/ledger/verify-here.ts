import { type LedgerRow, verifyChain } from "../../shared/interventions/chain.ts";
import { type CheckPart, faultInWords } from "../../shared/ledger/check.ts";

async function sha256(text: string): Promise<string> {
	const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
	return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Hashes every row in this browser, so that nobody has to believe what the server says of its own chain. */
export async function verifyHere(
	town: string,
	rowsAfter: (n: number) => Promise<LedgerRow[]>,
): Promise<Omit<CheckPart, "part">> {
	let last: LedgerRow | null = null;
	for (;;) {
		const rows: LedgerRow[] = await rowsAfter(last?.n ?? 0);
		const chain = await verifyChain(town, rows, sha256, last);
		if (!chain.ok) return { result: "fault", n: chain.n, message: faultInWords(chain) };
		const newest = rows.at(-1);
		if (!newest) return { result: "ok", n: null, message: `Entries 1 to ${last?.n ?? 0} hashed here.` };
		last = newest;
	}
}
