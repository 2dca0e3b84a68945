import { createHash } from "node:crypto";
import { genesisText, type LedgerRow, rowText } from "../../shared/interventions/chain.ts";
import { type ExportHeader, rowLine } from "../../shared/ledger/export.ts";

const TOWN = "t-1";

export const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

/** A chain whose hashes are right, of these bodies. */
export function chainOf(bodies: string[]): LedgerRow[] {
	let prev_hash = sha256(genesisText(TOWN));
	return bodies.map((body, at) => {
		const row = { n: at + 1, id: `id-${at}`, step: "access", at: 1_000 + at, admin: null, body, prev_hash };
		const hash = sha256(rowText(row));
		prev_hash = hash;
		return { ...row, hash };
	});
}

export const BODIES = [
	'{"case":"one"}',
	'{"case":"two\u2028lines \\n \u{1F41D}"}',
	'{"case":"three"}',
	'{"case":"four"}',
];
export const ROWS = chainOf(BODIES) as [LedgerRow, LedgerRow, LedgerRow, LedgerRow];
export const headOf = (rows: LedgerRow[]) => ({ n: rows.length, hash: rows.at(-1)?.hash ?? "" });
/** Of an export of ROWS, of which three were in the mirror. */
export const HEADER: ExportHeader = {
	...{
		townwatch: "ledger",
		version: 1,
		town: TOWN,
		name: "Harbor Lights",
		exported_at: "2026-11-22T12:00:00.000Z",
	},
	...{ head: headOf(ROWS), mirror_head: headOf(ROWS.slice(0, 3)) },
};
export const linesOf = (header: ExportHeader, rows: LedgerRow[]) => [
	JSON.stringify(header),
	...rows.map(rowLine),
];
