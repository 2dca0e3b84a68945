import type { Batch, Cause, Change } from "../../../shared/protocol/index.ts";
import type { Hole } from "./batch-log.ts";
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

/** A line of Events: a change, neighbouring ones that are nothing but housekeeping, or changes that are not loaded. */
export type EventItem =
	| { kind: "row"; row: EventRow }
	| { kind: "fold"; rows: EventRow[] }
	| ({ kind: "hole" } & Hole);

/** Journals whose rows only count on. */
const QUIET_ENTITIES = new Set(["usage", "agent_pulse"]);

/**
 * Batches, oldest first, as rows, newest last. A row that was seen before is told by what changed in it; one seen for the
 * first time, or first after a hole, by what it holds, unless a journal of its batch tells of it. For a log that grows:
 * what is new at its end is added to the rows that were told before.
 */
export function eventReader(nameOf: NameOf): (batches: readonly Batch[]) => readonly EventRow[] {
	const known = new Map<string, Fields>();
	let read: readonly Batch[] = [];
	let rows: readonly EventRow[] = [];
	return (batches) => {
		const grown = batches[0] === read[0] && batches[read.length - 1] === read.at(-1);
		if (grown && batches.length === read.length) return rows;
		const from = grown ? read.length : 0;
		if (!grown) known.clear();
		const added: EventRow[] = [];
		for (let n = from; n < batches.length; n++) {
			const batch = batches[n] as Batch;
			// What happened in a hole is not known, so nothing before it tells what a change after it changed.
			if (n > 0 && (batches[n - 1]?.to ?? 0) + 1 < batch.from) known.clear();
			added.push(...rowsOf(batch, known, nameOf));
		}
		read = batches;
		rows = grown ? [...rows, ...added] : added;
		return rows;
	};
}

function rowsOf({ changes, at, cause }: Batch, known: Map<string, Fields>, nameOf: NameOf): EventRow[] {
	const told = toldIn(changes);
	return changes.map((change) => {
		const [seq, entity, key, op, row] = change;
		const id = `${entity}/${key}`;
		const before = known.get(id);
		const after = isFields(row) ? row : null;
		if (after) known.set(id, after);
		else known.delete(id);
		return {
			...{ seq, at, entity, key, op, cause, before: before ?? null, after },
			subject: subjectOf(entity, key, after ?? before),
			...wordsOf(change, before, told, nameOf),
		};
	});
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

/** Rows as lines, with the holes between them: neighbours that are housekeeping stand as one. */
export function eventItems(rows: readonly EventRow[], holes: readonly Hole[] = []): EventItem[] {
	const items: EventItem[] = [];
	let quiet: EventRow[] = [];
	const fold = () => {
		const last = items.at(-1);
		if (quiet.length > 0 && last?.kind === "fold") last.rows.push(...quiet);
		else if (quiet.length > 0) items.push({ kind: "fold", rows: quiet });
		quiet = [];
	};
	let next = 0;
	const holesUpTo = (seq: number) => {
		for (let hole = holes[next]; hole && hole.to < seq; hole = holes[++next]) {
			fold();
			items.push({ kind: "hole", ...hole });
		}
	};
	rows.forEach((row, i) => {
		const before = rows[i - 1];
		// Changes of one batch have one cause and one moment: its housekeeping stands behind what it tells.
		if (before && (before.cause !== row.cause || before.at !== row.at)) fold();
		holesUpTo(row.seq);
		if (row.quiet) quiet.push(row);
		else items.push({ kind: "row", row });
	});
	fold();
	holesUpTo(Number.POSITIVE_INFINITY);
	return items;
}

/** Key of a line: the seq of its first change. */
export const itemKey = (item: EventItem): string =>
	item.kind === "hole"
		? `hole ${item.from}`
		: String(item.kind === "row" ? item.row.seq : (item.rows[0]?.seq ?? ""));
