import { csvHead, csvLine } from "../../shared/ledger/csv.ts";
import { type ExportHeader, rowLine } from "../../shared/ledger/export.ts";
import { foldLedger } from "../../shared/ledger/fold.ts";
import type { FoundStory, LedgerFilter } from "../../shared/ledger/search.ts";
import { entryOf } from "../admin-session/ledger/ledger.ts";
import type { Directory } from "../directory/index.ts";
import { logFailure } from "../log.ts";
import type { SessionRpc } from "../rpc.ts";
import { headOf } from "./check.ts";
import { parseCursor, searchLedger } from "./search.ts";

const PAGE = 200;

/** The header and, read as the file is read, each row up to the header's head, as it was hashed. */
export async function* jsonLines(
	header: ExportHeader,
	session: Pick<SessionRpc, "ledgerRows">,
): AsyncGenerator<string> {
	yield `${JSON.stringify(header)}\n`;
	for (let n = 0; n < header.head.n; ) {
		const rows = await session.ledgerRows(n, Math.min(PAGE, header.head.n - n));
		yield rows.map((row) => `${rowLine(row)}\n`).join("");
		const last = rows.at(-1);
		// The reader of a file that stops short finds out by its header.
		if (!last) return;
		n = last.n;
	}
}

/** Reads what the header says; rejects when the session does not answer. D1 that cannot be read is told in it. */
export async function headerOf(
	town: { id: string; name: string | null },
	db: D1Database,
	session: Pick<SessionRpc, "ledgerHead">,
	now: number,
): Promise<ExportHeader> {
	// The copy first: it is never ahead of the ledger.
	const mirror = await headOf(db, town.id).then(
		(mirror_head) => ({ mirror_head }),
		(error: unknown) => {
			logFailure("export", { town: town.id }, error);
			return { mirror_head: null, mirror_unread: "D1 could not be read." };
		},
	);
	const { n, hash } = await session.ledgerHead();
	const exported_at = new Date(now).toISOString();
	return {
		...{ townwatch: "ledger", version: 1, town: town.id, name: town.name, exported_at, head: { n, hash } },
		...mirror,
	};
}

/** One town's ledger, folded, oldest first. */
export async function* townCsv(
	town: { id: string; name: string | null },
	session: Pick<SessionRpc, "ledgerStories">,
): AsyncGenerator<string> {
	yield csvHead();
	for (let after: number | null = 0; after !== null; ) {
		const page: Awaited<ReturnType<SessionRpc["ledgerStories"]>> = await session.ledgerStories(after, PAGE);
		const stories = foldLedger(page.rows.map(entryOf)).reverse();
		yield stories.map((story) => csvLine(story, { town: town.id, town_name: town.name })).join("");
		after = page.last;
	}
}

/** What a search finds over all towns, newest first, page after page. */
async function* foundBy(
	db: D1Database,
	directory: Directory,
	filter: LedgerFilter,
): AsyncGenerator<FoundStory[]> {
	for (let cursor: string | null = ""; cursor !== null; ) {
		const page: Awaited<ReturnType<typeof searchLedger>> = await searchLedger(
			db,
			directory,
			filter,
			parseCursor(cursor),
			PAGE,
		);
		yield page.stories;
		cursor = page.next;
	}
}

/** A line each. */
export async function* searchCsv(
	db: D1Database,
	directory: Directory,
	filter: LedgerFilter,
): AsyncGenerator<string> {
	yield csvHead();
	for await (const stories of foundBy(db, directory, filter))
		for (const { town, town_name, entries } of stories)
			for (const story of foldLedger(entries)) yield csvLine(story, { town, town_name });
}

/** One array: each with its town and its entries as they were written. */
export async function* searchJson(
	db: D1Database,
	directory: Directory,
	filter: LedgerFilter,
): AsyncGenerator<string> {
	let before = "[\n";
	for await (const stories of foundBy(db, directory, filter))
		for (const story of stories) {
			yield `${before}${JSON.stringify(story)}`;
			before = ",\n";
		}
	yield before === "[\n" ? "[]\n" : "\n]\n";
}

/** A body that is made as it is read, so that no export stands in memory. */
export function streamOf(parts: AsyncGenerator<string>): ReadableStream<Uint8Array> {
	const encoder = new TextEncoder();
	return new ReadableStream({
		async pull(controller) {
			const { done, value } = await parts.next();
			if (done) controller.close();
			else controller.enqueue(encoder.encode(value));
		},
		async cancel() {
			await parts.return(undefined);
		},
	});
}
