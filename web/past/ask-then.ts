import type { Batch, LedgerEntry, RowsAnswer } from "../../shared/protocol/index.ts";
import { keyOf, timeOf } from "../../shared/town-view/index.ts";
import type { Asked } from "../town/open-town.ts";
import type { ThePast } from "./read-past.ts";

type Ask = (question: Asked) => Promise<RowsAnswer>;
type Fields = Record<string, unknown>;

/** Pages of a journal that are passed over to reach the moment. */
const MOST_PAGES = 40;

/** What an attempt's row is told at its end. */
const TOLD_LATER = { ended_at: null, end_reason: null, exit_code: null, signal: null };

/** Answers questions as they would have been answered at that moment: journals and logs end there. */
export function askThen(ask: Ask, past: Pick<ThePast, "at" | "seq">): Ask {
	const isThen = (row: Fields): boolean => (timeOf(text(row.at) ?? text(row.created_at)) ?? 0) <= past.at;
	return async (question) => {
		if (question.kind === "plan") throw new Error("What the scheduler would have done is not kept.");
		if (question.kind === "cell") throw new Error("Of the past only the first 4 KB of a text are kept.");
		if (question.kind === "changes") {
			const before = Math.min(question.before ?? Number.MAX_SAFE_INTEGER, past.seq + 1);
			const answer = await ask({ ...question, before });
			return { ...answer, rows: (answer.rows as Batch[]).filter(({ to }) => to <= past.seq) };
		}
		if (question.kind === "ledger")
			return skipping(
				ask,
				question,
				(row) => (row as LedgerEntry).at <= past.at,
				(row) => (row as LedgerEntry).n,
			);
		if (question.kind !== "journal") return ask(question);
		const entity = question.entity as Parameters<typeof keyOf>[0];
		// What waited then may have been done since: it is looked for among all.
		const { processed_at: processed, ...where } = question.where ?? {};
		const waited = entity === "town_events" && processed === null;
		const answer = await skipping(
			ask,
			waited ? { ...question, where } : question,
			(row) => isThen(row as Fields) && (!waited || asItStood(row as Fields, past.at).processed_at === null),
			(row) => keyOf(entity, row as Fields),
		);
		return { ...answer, rows: answer.rows.map((row) => asItStood(row as Fields, past.at)) };
	};
}

/** Newest pages that are all of later are passed over, so that an empty page means that there is nothing. */
async function skipping(
	ask: Ask,
	question: Asked,
	isThen: (row: unknown) => boolean,
	before: (row: unknown) => unknown,
): Promise<RowsAnswer> {
	let asked = question;
	for (let n = 0; n < MOST_PAGES; n++) {
		const { rows, more } = await ask(asked);
		const then = rows.filter(isThen);
		if (then.length > 0 || !more) return { rows: then, more };
		asked = { ...question, before: before(rows.at(-1)) } as Asked;
	}
	throw new Error("It lies too far back in this journal to be read.");
}

function asItStood(row: Fields, at: number): Fields {
	const isLater = (column: string) => (timeOf(text(row[column])) ?? 0) > at;
	if (isLater("ended_at")) return { ...row, ...TOLD_LATER };
	return isLater("processed_at") ? { ...row, processed_at: null } : row;
}

const text = (value: unknown): string | null => (typeof value === "string" ? value : null);
