// @vitest-environment node
import { expect, test } from "vitest";
import { CELL_REST_MS, flash, MOST_FLASHES, NO_FLASHES, nextFade } from "../../../web/ui/live-table/flash.ts";

const cell = (key: string, column = "status") => ({ key, column });

test("PAGE-2: a cell flashes once in 2 s; what changes again meanwhile gets a dot (L3)", () => {
	const first = flash(NO_FLASHES, [cell("a")], 0, false);
	expect([...first.cells.keys()]).toEqual(["a/status"]);
	const again = flash(first, [cell("a")], 1_500, false);
	expect(again.cells.get("a/status")).toBe(0);
	expect(again.dots.has("a")).toBe(true);
	expect(flash(again, [cell("a")], CELL_REST_MS, false).cells.get("a/status")).toBe(CELL_REST_MS);
});

test("PAGE-2: no more than eight flash at once, the rest get a dot; under reduced motion all do", () => {
	const many = Array.from({ length: 20 }, (_, i) => cell(`r${i}`));
	const flashes = flash(NO_FLASHES, many, 0, false);
	expect(flashes.cells.size).toBe(MOST_FLASHES);
	expect(flashes.dots.size).toBe(20 - MOST_FLASHES);
	expect(flash(NO_FLASHES, many, 0, true)).toMatchObject({ cells: new Map() });
	expect(nextFade(flashes, 0)).toBe(1_120);
	expect(nextFade(NO_FLASHES, 0)).toBeNull();
});
