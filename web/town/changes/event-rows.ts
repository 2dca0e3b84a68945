import type { Batch, Cause, Change } from "../../../shared/protocol/index.ts";
import { fieldWords, holds } from "./field-words.ts";
import { JOURNALS } from "./journal-words.ts";
import { nameOfRow, type Subject, subjectOf } from "./subject.ts";
import { townWords } from "./town-words.ts";
import { type Told, toldIn } from "./twins.ts";
import { type Fields, isFields, type NameOf, same } from "./values.ts";

/** A change in words, with its cause and seq. `at` is the town's clock, epoch milliseconds. */
export type EventRow = {
	seq: number;
	at: number;
	entity: string;
	key: string;
	/** Bead or agent that the change is about, for its link; null for the town's own rows. */
	subject: Subject | null;
	op: "put" | "del";
	/** Name of what changed; "" where the words say it themselves. */
	name: string;
	words: string;
	/** It keeps the books, or another row of its batch tells the same: shown folded. */
	quiet: boolean;
	/** The row before and after, as far as they are known. */
	before: Fields | null;
	after: Fields | null;
	cause: Cause | null;
};

/** A line of Events: a change, or neighbouring ones that are nothing but housekeeping. */
export type EventItem = { kind: "row"; row: EventRow } | { kind: "fold"; rows: EventRow[] };

/** Journals whose rows only count on. */
const QUIET_ENTITIES = new Set(["usage", "agent_pulse"]);

/**
 * Batches, oldest first, as rows, newest last. A row that was seen before is told by what changed in it; one seen for the
 * first time by what it holds, unless a journal of its batch tells of it.
 */
export function eventRows(batches: readonly Batch[], nameOf: NameOf): EventRow[] {
	const known = new Map<string, Fields>();
	const rows: EventRow[] = [];
	for (const { changes, at, cause } of batches) {
		const told = toldIn(changes);
		for (const change of changes) {
			const [seq, entity, key, op, row] = change;
			const id = `${entity}/${key}`;
			const before = known.get(id);
			const after = isFields(row) ? row : null;
			if (after) known.set(id, after);
			else known.delete(id);
			rows.push({
				...{ seq, at, entity, key, op, cause, before: before ?? null, after },
				subject: subjectOf(entity, key, after ?? before),
				...wordsOf(change, before, told, nameOf),
			});
		}
	}
	return rows;
}

const NOTHING: ReadonlySet<string> = new Set();

function wordsOf(
	[, entity, key, op, row]: Change,
	before: Fields | undefined,
	told: Told,
	nameOf: NameOf,
): Pick<EventRow, "name" | "words" | "quiet"> {
	const name = nameOfRow(entity, key, isFields(row) ? row : before, nameOf);
	if (op === "del") return { name, words: "removed", quiet: false };
	if (!isFields(row)) return { name, words: "written, in a shape this page does not know", quiet: false };
	const quietly = QUIET_ENTITIES.has(entity);
	const journal = JOURNALS[entity];
	if (journal) return { name, words: journal(row, nameOf), quiet: quietly };
	const skip = told.get(`${entity}/${key}`) ?? NOTHING;
	if (entity === "town_state") {
		const words = townWords(key, before, row, nameOf);
		if (words !== undefined)
			return { name: "", words: words ?? `${name}: counted on`, quiet: words === null || skip.has("*") };
	}
	if (!before)
		return {
			name,
			words: holds(row, nameOf) || "written",
			quiet: quietly || skip.size > 0 || entity === "agent_signals",
		};
	const changed = Object.keys(row).filter((field) => !same(row[field], before[field]));
	const words = fieldWords(entity, before, row, changed, skip, nameOf);
	if (words.length > 0 && !skip.has("*")) return { name, words: words.join(", "), quiet: quietly };
	const books = changed.map((field) => field.replaceAll("_", " ")).join(", ");
	return { name, words: books ? `written: ${books}` : "written again, unchanged", quiet: true };
}

/** Rows as lines: neighbours that are housekeeping stand as one. Each line's key is that of its first row. */
export function eventItems(rows: readonly EventRow[]): EventItem[] {
	const items: EventItem[] = [];
	for (const row of rows) {
		const last = items.at(-1);
		if (!row.quiet) items.push({ kind: "row", row });
		else if (last?.kind === "fold") last.rows.push(row);
		else items.push({ kind: "fold", rows: [row] });
	}
	return items;
}

/** Key of a line: the seq of its first change. */
export const itemKey = (item: EventItem): string =>
	String(item.kind === "row" ? item.row.seq : (item.rows[0]?.seq ?? ""));
