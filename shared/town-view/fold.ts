import { TOWN_TABLES, type TownEntity } from "../gastown/index.ts";
import type { Batch, Changes } from "../protocol/index.ts";
import { emptyIndexes, reindex } from "./indexes.ts";
import { isTownEntity, rowId, wireKey } from "./key.ts";
import { parseRow } from "./parse-row.ts";
import type { TownView } from "./town-view.ts";

/** Rows kept of each journal; older ones are read by `query`. */
const JOURNAL_ROWS = 500;
const TOUCHED_ROWS = 5_000;
const ENTITIES = Object.keys(TOWN_TABLES) as TownEntity[];

const forEach = <T>(value: (entity: TownEntity) => T) =>
	Object.fromEntries(ENTITIES.map((entity) => [entity, value(entity)]));

/** A view before any state. With `before`, its versions count on from there, so that no selector keeps an old result. */
export function emptyTown(before?: TownView): TownView {
	return {
		position: null,
		changedAt: null,
		tables: forEach(() => new Map()) as TownView["tables"],
		others: new Map(),
		versions: forEach((entity) => (before?.versions[entity] ?? 0) + 1) as TownView["versions"],
		touched: new Map(),
		statusSince: new Map(),
		odd: new Map(),
		indexes: emptyIndexes(),
	};
}

/** What became of a batch. `old`: it was already in the view. `gap`: not applied; read the state again from the cursor. */
export type Applied = { ok: true } | { ok: false; why: "old" | "gap" | "epoch"; expected: number };

/** Applies one whole batch in place, in the time of its changes, or nothing of it (FEED-5). */
export function applyBatch(view: TownView, batch: Batch): Applied {
	const seq = view.position?.seq ?? 0;
	if (!view.position || batch.from > seq + 1) return { ok: false, why: "gap", expected: seq + 1 };
	if (batch.from <= seq) return { ok: false, why: "old", expected: seq + 1 };
	for (const [at, entity, key, op, row] of batch.changes) {
		if (op === "put") put(view, entity, key, row, batch.at);
		else remove(view, entity, key);
		touch(view, entity, key, at, batch.at);
	}
	view.position = { epoch: view.position.epoch, seq: batch.to, mark: batch.mark };
	view.changedAt = batch.at;
	return { ok: true };
}

/** Applies the batches of a frame in order; stops at the first that does not follow. Batches already seen are passed over. */
export function applyChanges(view: TownView, message: Changes): Applied {
	const expected = (view.position?.seq ?? 0) + 1;
	if (view.position && view.position.epoch !== message.epoch) return { ok: false, why: "epoch", expected };
	for (const batch of message.batches) {
		const applied = applyBatch(view, batch);
		if (!applied.ok && applied.why !== "old") return applied;
	}
	return { ok: true };
}

/** Puts a row into the view. `at` is the town's clock of its batch, null where the row comes from a state. */
export function put(view: TownView, entity: string, wire: string, came: unknown, at: number | null): void {
	if (!isTownEntity(entity)) {
		const rows = view.others.get(entity) ?? new Map<string, unknown>();
		view.others.set(entity, rows.set(wire, came));
		return;
	}
	const key = wireKey(entity, wire);
	const { row, odd } = parseRow(entity, key, came);
	const rows = view.tables[entity] as Map<string, Record<string, unknown>>;
	const before = rows.get(key);
	const id = rowId(entity, key);
	rows.set(key, row);
	reindex(view.indexes, entity, key, before, row);
	if (odd) view.odd.set(id, came);
	else view.odd.delete(id);
	if (at !== null && "status" in row && before?.status !== row.status) view.statusSince.set(id, at);
	if (TOWN_TABLES[entity].kind === "journal") dropOldest(rows, JOURNAL_ROWS);
	view.versions[entity]++;
}

function remove(view: TownView, entity: string, wire: string): void {
	if (!isTownEntity(entity)) {
		view.others.get(entity)?.delete(wire);
		return;
	}
	const key = wireKey(entity, wire);
	const rows = view.tables[entity] as Map<string, Record<string, unknown>>;
	reindex(view.indexes, entity, key, rows.get(key), undefined);
	rows.delete(key);
	view.odd.delete(rowId(entity, key));
	view.statusSince.delete(rowId(entity, key));
	view.versions[entity]++;
}

function touch(view: TownView, entity: string, key: string, seq: number, at: number): void {
	const id = rowId(entity, isTownEntity(entity) ? wireKey(entity, key) : key);
	view.touched.delete(id);
	view.touched.set(id, { seq, at });
	dropOldest(view.touched, TOUCHED_ROWS);
}

function dropOldest(rows: Map<string, unknown>, keep: number): void {
	for (const key of rows.keys()) {
		if (rows.size <= keep) return;
		rows.delete(key);
	}
}
