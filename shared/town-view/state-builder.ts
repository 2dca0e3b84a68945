import type { State } from "../protocol/index.ts";
import { emptyTown, put } from "./fold.ts";
import { isTownEntity, keyOf } from "./key.ts";
import type { TownView } from "./town-view.ts";

export type Building =
	/** `rows` of `total` have come. */
	| { done: false; rows: number; total: number }
	| { done: true; view: TownView }
	/** A chunk is missing: the state cannot become whole; connect again. */
	| { done: false; broken: true; rows: number; total: number };

/**
 * Gathers the chunks of a state. The view is handed out only with the last one, so that nobody sees half a town; until
 * then the reader goes on showing what it has. A chunk of another position begins anew.
 */
export function stateBuilder(before?: TownView): { add(chunk: State): Building } {
	let view: TownView | null = null;
	let position = "";
	let part = 0;
	let rows = 0;
	return {
		add(chunk) {
			const of = JSON.stringify(chunk.position);
			if (!view || of !== position || chunk.part <= part) {
				[view, position, rows] = [emptyTown(before), of, 0];
			} else if (chunk.part !== part + 1) {
				view = null;
				return { done: false, broken: true, rows, total: chunk.total };
			}
			part = chunk.part;
			for (const [entity, list] of chunk.tables)
				for (const row of list) {
					put(view, entity, stateKey(entity, row, rows), row, null);
					rows++;
				}
			if (!chunk.last) return { done: false, rows, total: chunk.total };
			const whole: TownView = view;
			view = null;
			if (rows < chunk.total) return { done: false, broken: true, rows, total: chunk.total };
			whole.position = chunk.position;
			return { done: true, view: whole };
		},
	};
}

/** A row that is no object has no key of its own: its place in the state stands for it. */
const stateKey = (entity: string, row: unknown, n: number): string =>
	isTownEntity(entity) && typeof row === "object" && row !== null
		? keyOf(entity, row as Record<string, unknown>)
		: String((row as { id?: unknown } | null)?.id ?? n);
