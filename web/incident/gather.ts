import type { DispatchAttempt } from "../../shared/gastown/index.ts";
import type { Batch, LedgerEntry, Passage, RowsAnswer } from "../../shared/protocol/index.ts";
import { timeOf } from "../../shared/town-view/index.ts";
import type { Asked } from "../town/open-town.ts";
import type { Incident, Said } from "./incident.ts";

/** A session answers 120 messages a minute (SEC-3): a file takes about half of them at most, so that the page goes on meanwhile. */
const MOST = { changes: 24, attempts: 4, passages: 24, ledger: 8 };
const PAGE = 500;
const PASSAGE_BYTES = 524_288;
/** An attempt that has ended and began so long before the range is not looked for; one that goes on is, however old. */
const LONGEST_ATTEMPT_MS = 24 * 3_600_000;

type Range = Incident["range"];
type Ask = (question: Asked) => Promise<RowsAnswer>;
export type Gathered = Pick<Incident, "changes" | "conversations" | "ledger" | "leftOut">;

/**
 * Reads what the town, its agents and its ledger keep of the range. `tell` hears what is read just now. Rejects with words for
 * people where a read fails: a file with a silent hole would be worse than none.
 */
export async function gather(ask: Ask, range: Range, tell: (what: string) => void): Promise<Gathered> {
	tell("the change log");
	const changes = await backTo<Batch>(range, MOST.changes, {
		page: (last) => ask({ kind: "changes", before: last?.from ?? null, limit: PAGE }),
		at: (batch) => batch.at,
		isFirst: (batch) => batch.from === 1,
	});
	tell("the ledger");
	const ledger = await backTo<LedgerEntry>(range, MOST.ledger, {
		page: (last) => ask({ kind: "ledger", before: last?.n ?? null, limit: PAGE }),
		at: (entry) => entry.at,
	});
	tell("the attempts");
	const attempts = await backTo<DispatchAttempt>(
		{ from: range.from - LONGEST_ATTEMPT_MS, to: range.to },
		MOST.attempts,
		{
			page: (last) =>
				ask({
					...{ kind: "journal", entity: "dispatch_attempts", limit: PAGE },
					before: last?.attempt_id ?? null,
				}),
			at: (row) => timeOf(row.at) ?? 0,
		},
	);
	const going = await ask({
		...{ kind: "journal", entity: "dispatch_attempts", limit: PAGE },
		where: { ended_at: null },
	});
	const all = new Map(
		[...(going.rows as DispatchAttempt[]), ...attempts.rows].map((row) => [row.attempt_id, row]),
	);
	const ran = [...all.values()]
		.filter((row) => (timeOf(row.at) ?? 0) <= range.to && (timeOf(row.ended_at) ?? range.to) >= range.from)
		.sort((a, b) => (timeOf(a.at) ?? 0) - (timeOf(b.at) ?? 0));
	const said = await conversations(ask, ran, range, tell);
	const leftOut = [
		changes.whole
			? []
			: "The beginning of the change log: it is longer than a file takes, or no longer kept.",
		ledger.whole ? [] : "The oldest ledger entries of the range among those shown; the proof has them all.",
		attempts.whole ? [] : "Conversations of the oldest attempts.",
		said.leftOut,
	].flat();
	return { changes: changes.rows, ledger: ledger.rows, conversations: said.rows, leftOut };
}

/** Pages of a journal, newest first, back to the beginning of the range: its rows, oldest first. */
async function backTo<Row>(
	{ from, to }: Range,
	most: number,
	journal: {
		page(last: Row | undefined): Promise<RowsAnswer>;
		at(row: Row): number;
		/** Whether it is the first that ever was, where not all are kept. */
		isFirst?(row: Row): boolean;
	},
): Promise<{ rows: Row[]; whole: boolean }> {
	const rows: Row[] = [];
	for (let n = 0; n < most; n++) {
		const { rows: page, more } = await journal.page(rows.at(-1));
		rows.push(...(page as Row[]));
		const oldest = rows.at(-1);
		const reached = oldest === undefined || journal.at(oldest) < from;
		// A log whose end is not its beginning has lost it.
		if (reached || !more) return { rows: inRange(), whole: reached || (journal.isFirst?.(oldest) ?? true) };
	}
	return { rows: inRange(), whole: false };

	function inRange() {
		return rows.filter((row) => journal.at(row) >= from && journal.at(row) <= to).reverse();
	}
}

/** What the agents said, newest attempts first as long as questions are left; given oldest first. */
async function conversations(
	ask: Ask,
	attempts: readonly DispatchAttempt[],
	{ from, to }: Range,
	tell: (what: string) => void,
): Promise<{ rows: Said[]; leftOut: string[] }> {
	const rows: Said[] = [];
	const leftOut: string[] = [];
	let left = MOST.passages;
	for (const attempt of attempts.toReversed()) {
		const { agent_id: agent, attempt_id: id } = attempt;
		if (left === 0) {
			leftOut.push(`What was said in attempt ${id}: the file has its fill of conversations.`);
			continue;
		}
		tell(`what was said in attempt ${rows.length + 1} of ${attempts.length}`);
		const said: Said = { attempt, hidden: false, events: [] };
		let events: Said["events"] = [];
		let more = true;
		let kept: (NonNullable<Passage["kept"]> & { horizon: number }) | null | undefined;
		while (more && left > 0) {
			left--;
			const after = events.at(-1)?.[0] ?? null;
			const answer = await ask({
				...{ kind: "passage", agent, attempt: id, after, bytes: PASSAGE_BYTES },
				at: after === null ? from : null,
			});
			const passage = answer.rows[0] as Passage | undefined;
			const page = passage?.segments.flatMap((segment) => segment.events) ?? [];
			said.hidden ||= passage?.hidden ?? false;
			if (passage) kept = passage.kept && { ...passage.kept, horizon: passage.horizon };
			events = [...events, ...page];
			more = answer.more && page.length > 0 && (page.at(-1)?.[1] ?? 0) <= to;
		}
		if (more)
			leftOut.push(`The end of what was said in attempt ${id}: the file has its fill of conversations.`);
		if (kept === null || (kept && kept.from === kept.horizon && kept.horizon > 1 && kept.began_at > from))
			leftOut.push(
				`What was said in attempt ${id}${kept === null ? "" : ` before seq ${kept.from}`}: it is no longer kept.`,
			);
		said.events = events.filter(([, at]) => at >= from && at <= to);
		if (said.events.length > 0) rows.push(said);
	}
	return { rows: rows.reverse(), leftOut };
}
