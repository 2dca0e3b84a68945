import { type Row, TOWN_TABLES, type TownEntity } from "../../shared/gastown/index.ts";
import { keyOf, type TownView } from "../../shared/town-view/index.ts";

type RowOf<E extends TownEntity> = Row<(typeof TOWN_TABLES)[E]>;

/** What is known of one subject's journal. `rows` by key, changed in place: read by query, or come live. */
export type Known<E extends TownEntity> = {
	rows: Map<string, RowOf<E>>;
	/** Older ones exist; `null` until a read has ended well. */
	more: boolean | null;
	/** Newest key of the whole table when it was last looked at; null where it had none. */
	upTo: string | null;
};

/** Subjects remembered, so that who comes back to one reads nothing anew. */
const KEPT = 100;

/** A whole state is another view, and begins with empty journals: what was read beside the old one may not follow it. */
const journals = new WeakMap<TownView, Map<string, Known<TownEntity>>>();

/** The journal of `entity` where the columns have these values (JSON), as far as it is known beside this view. */
export function knownOf<E extends TownEntity>(view: TownView, entity: E, filter: string): Known<E> {
	const all = journals.get(view) ?? new Map<string, Known<TownEntity>>();
	journals.set(view, all);
	const name = `${entity} ${filter}`;
	let known = all.get(name);
	// Live rows have come and gone out of the table's window unseen: it is read anew.
	if (!known || !stillHas(view, entity, known.upTo)) known = { rows: new Map(), more: null, upTo: null };
	all.delete(name);
	all.set(name, known);
	for (const oldest of all.keys()) if (all.size > KEPT) all.delete(oldest);
	return known as unknown as Known<E>;
}

const stillHas = (view: TownView, entity: TownEntity, key: string | null) =>
	key === null ? view.tables[entity].size === 0 : view.tables[entity].has(key);

/** Takes in the live rows that belong to it; the table itself keeps only its newest. */
export function takeLive<E extends TownEntity>(
	view: TownView,
	entity: E,
	filter: string,
	known: Known<E>,
): void {
	const wanted = Object.entries(JSON.parse(filter) as Record<string, string | null>);
	known.upTo = null;
	for (const [key, row] of view.tables[entity] as unknown as Map<string, RowOf<E>>) {
		known.upTo = key;
		if (wanted.every(([column, value]) => (row as Record<string, unknown>)[column] === value))
			known.rows.set(key, row);
	}
}

/** Takes in rows that were read; a live one is at least as new. */
export function takeRead<E extends TownEntity>(entity: E, known: Known<E>, rows: readonly RowOf<E>[]): void {
	for (const row of rows) {
		const key = keyOf(entity, row as Record<string, unknown>);
		if (!known.rows.has(key)) known.rows.set(key, row);
	}
}

/** Oldest first: numbered journals by their number, others by their time. */
export function inOrder<E extends TownEntity>(entity: E, known: Known<E>): RowOf<E>[] {
	const columns = TOWN_TABLES[entity].columns as Record<string, unknown>;
	const by = "id" in columns ? "id" : "at" in columns ? "at" : "created_at";
	const of = (row: RowOf<E>) => (row as Record<string, unknown>)[by] as string | number;
	return [...known.rows.values()].sort((a, b) => (of(a) < of(b) ? -1 : of(a) > of(b) ? 1 : 0));
}
