import { z } from "zod";
import { compareHeads, type LedgerRow, type Sha256, verifyChain } from "../interventions/chain.ts";
import { faultInWords } from "./check.ts";

const head = z.object({ n: z.int(), hash: z.string() });

/** First line of an export: whose ledger it is, where it ended, and where the copy in D1 did. */
export const exportHeader = z.object({
	townwatch: z.literal("ledger"),
	version: z.literal(1),
	town: z.string(),
	name: z.string().nullable(),
	exported_at: z.string(),
	head,
	/** Null where nothing had been copied, or where it could not be read: `mirror_unread` then says why. */
	mirror_head: head.nullable(),
	mirror_unread: z.string().optional(),
});
export type ExportHeader = z.infer<typeof exportHeader>;

/** Every other line: a row as it was hashed. */
export const ledgerRow = z.object({
	n: z.int(), id: z.string(), step: z.string(), at: z.number(), admin: z.string().nullable(), body: z.string(),
	prev_hash: z.string(), hash: z.string(),
}) satisfies z.ZodType<LedgerRow>; // biome-ignore format: a row

/** The line of a row, without its end. Only what was hashed, so that nothing else can be said in it. */
export const rowLine = ({ n, id, step, at, admin, body, prev_hash, hash }: LedgerRow): string =>
	JSON.stringify({ n, id, step, at, admin, body, prev_hash, hash });

/** `fault`: the first one, in words. `unreadable`: it is no export of a ledger, or of another version. */
export type Verdict =
	| { is: "ok"; header: ExportHeader; n: number; hash: string }
	| { is: "fault"; message: string }
	| { is: "unreadable"; message: string };

/**
 * Verifies an export offline: each row, that none is missing, and that it reaches both heads. Who writes a file can write its
 * heads as well: `noted`, a head that somebody wrote down elsewhere, shows that too.
 */
export async function verifyExport(
	lines: AsyncIterable<string> | Iterable<string>,
	sha256: Sha256,
	noted: { n: number; hash: string } | null = null,
): Promise<Verdict> {
	let header: ExportHeader | null = null;
	let at = 0;
	let last: Pick<LedgerRow, "n" | "hash"> | null = null;
	const hashes: string[] = [];
	for await (const line of lines) {
		at++;
		if (line.trim() === "") continue;
		if (!header) {
			const first = exportHeader.safeParse(jsonOf(line));
			if (!first.success) return { is: "unreadable", message: noHeader(line) };
			header = first.data;
			continue;
		}
		const row = ledgerRow.safeParse(jsonOf(line));
		if (!row.success) return { is: "fault", message: `Line ${at} is no entry of a ledger.` };
		const chain = await verifyChain(header.town, [row.data], sha256, last);
		if (!chain.ok) return { is: "fault", message: `${faultInWords(chain)} (line ${at})` };
		last = { n: chain.n, hash: chain.hash };
		hashes.push(chain.hash);
	}
	if (!header) return { is: "unreadable", message: "The file is empty." };
	const end = { n: hashes.length, hash: hashes.at(-1) ?? "" };
	for (const [whose, mark] of [
		["the export", header.head],
		["the copy in D1", header.mirror_head],
		["what was written down", noted],
	] as const) {
		const compared = compareHeads(end, mark, (n) =>
			hashes[n - 1] ? { hash: hashes[n - 1] ?? "" } : undefined,
		);
		if (compared.ok) continue;
		const message =
			compared.fault === "cut"
				? `Entries are missing at the end: the file ends at entry ${end.n}, and ${whose} ended at ${mark?.n}.`
				: `Entry ${compared.n} is another one than ${whose} had.`;
		return { is: "fault", message };
	}
	if (end.n > header.head.n)
		return {
			is: "fault",
			message: `The file goes on after entry ${header.head.n}, at which the export ended.`,
		};
	return { is: "ok", header, ...end };
}

function jsonOf(line: string): unknown {
	try {
		return JSON.parse(line);
	} catch {
		return null;
	}
}

const noHeader = (line: string): string =>
	line.replace(/^\uFEFF/, "").startsWith("town,")
		? "This is the CSV form: it is folded, one line an intervention, for reading. Only the JSON Lines form holds the rows as they were hashed and can be verified."
		: "The first line is no header of an exported ledger, or of another version.";
