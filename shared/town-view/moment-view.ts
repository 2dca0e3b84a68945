import type { Moment } from "../protocol/index.ts";
import { emptyTown, put } from "./fold.ts";
import type { TownView } from "./town-view.ts";

/** The town as it was at a moment, from all of its pages in order. Journals are read by query. */
export function viewOfMoment(pages: readonly Moment[]): TownView {
	const view = emptyTown();
	for (const { rows } of pages) for (const [entity, key, row] of rows) put(view, entity, key, row, null);
	const last = pages.at(-1);
	view.position = last?.position ?? null;
	view.changedAt = last?.at ?? null;
	return view;
}
