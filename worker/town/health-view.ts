import { type Table, TOWN_TABLES } from "../../shared/gastown/index.ts";
import { type Changes, LIMITS } from "../../shared/protocol/index.ts";
import {
	applyBatch, emptyTown, isTownEntity, keyOf, put, type TownView,
} from "../../shared/town-view/index.ts"; // biome-ignore format: a list
import type { LiveOps } from "../live-ops/index.ts";
import { listRows } from "./rows.ts";
import type { Town } from "./town.ts";

/**
 * The town as the rules of diagnosis read it: its state tables, kept in memory from one look to the next and brought up to
 * date from the change log, since reading 2,000 beads anew took most of a look. Texts of beads are left out: no rule reads them.
 */
export class HealthView {
	readonly #live: Pick<LiveOps, "head" | "page">;
	readonly #town: Pick<Town, "sql">;
	#view: TownView | null = null;

	constructor(live: Pick<LiveOps, "head" | "page">, town: Pick<Town, "sql">) {
		this.#live = live;
		this.#town = town;
	}

	/** The view as of the last whole batch. Not to be called within a run that has written. */
	now(): TownView {
		if (!this.#view || !this.#follow(this.#view)) this.#view = this.#read();
		return this.#view;
	}

	/** False where the log does not continue this view, or so much has changed that reading anew is less. */
	#follow(view: TownView): boolean {
		if (!view.position) return false;
		const page = this.#live.page(view.position, 4 * LIMITS.chunkBytes);
		if ("reset" in page || page.more) return false;
		for (const { text } of page.frames)
			for (const batch of (JSON.parse(text) as Changes).batches) {
				const changes = batch.changes
					.filter(([, entity]) => isState(entity))
					.map<(typeof batch.changes)[number]>(([seq, entity, key, op, row]) => [
						seq,
						entity,
						key,
						op,
						lean(entity, row),
					]);
				if (!applyBatch(view, { ...batch, changes }).ok) return false;
			}
		return true;
	}

	#read(): TownView {
		const view = emptyTown();
		view.position = this.#live.head();
		for (const [entity, table] of Object.entries(TOWN_TABLES) as [keyof typeof TOWN_TABLES, Table][]) {
			if (!isState(entity)) continue;
			for (const row of listRows(this.#town.sql, table))
				put(view, entity, keyOf(entity, row), lean(entity, row), null);
		}
		return view;
	}
}

/** Journals are evidence only: a finding does not depend on how long this object has been awake. */
const isState = (entity: string): boolean => isTownEntity(entity) && TOWN_TABLES[entity].kind === "state";

const lean = (entity: string, row: unknown): unknown =>
	entity === "beads" && row !== null ? { ...(row as Record<string, unknown>), body: null } : row;
