// @vitest-environment node
import fc from "fast-check";
import { expect, test } from "vitest";
import { lineLayout, placeOf } from "../../../web/ui/stream/layout.ts";

type Item = { key: string };
const keyOf = (item: Item) => item.key;
const H = 20;

/** What a layout says after any history, made at once from what is there. */
const whole = (items: readonly Item[], sizes: ReadonlyMap<string, number>) => {
	let at = 0;
	const starts = items.map((item) => {
		const start = at;
		at += sizes.get(item.key) ?? H;
		return start;
	});
	return { starts, total: at };
};

const step = fc.oneof(
	fc.record({ do: fc.constant("grow" as const), n: fc.integer({ min: 1, max: 90 }) }),
	fc.record({ do: fc.constant("trim" as const), n: fc.integer({ min: 0, max: 60 }) }),
	fc.record({ do: fc.constant("prepend" as const), n: fc.integer({ min: 1, max: 20 }) }),
	fc.record({ do: fc.constant("replace last" as const), n: fc.integer({ min: 1, max: 5 }) }),
	fc.record({
		do: fc.constant("measure" as const),
		n: fc.nat(300),
		size: fc.option(fc.integer({ min: 0, max: 400 })),
	}),
	fc.record({ do: fc.constant("ask" as const), n: fc.nat(4_000) }),
);

test("PAGE-3: lines laid out as they come stand where all laid out at once would", () => {
	fc.assert(
		fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
			let next = 0;
			let items: Item[] = [];
			const make = (n: number) => Array.from({ length: n }, () => ({ key: `k${next++}` }));
			const sizes = new Map<string, number>();
			const layout = lineLayout(keyOf);
			for (const one of steps) {
				if (one.do === "grow") items.push(...make(one.n));
				else if (one.do === "trim") items = items.slice(one.n);
				else if (one.do === "prepend") items = [...make(one.n), ...items];
				else if (one.do === "replace last") items = [...items.slice(0, -one.n), ...make(one.n)];
				else if (one.do === "measure") {
					const item = items[one.n];
					layout.update(items, H);
					layout.resize(one.n, one.size);
					if (item && one.size !== null) sizes.set(item.key, one.size);
					else if (item) sizes.delete(item.key);
				}
				layout.update(items, H);
				const { starts, total } = whole(items, sizes);
				if (one.do === "ask") {
					const last = starts.findLastIndex((start) => start <= one.n);
					expect(layout.indexAt(one.n)).toBe(items.length === 0 ? -1 : Math.max(0, last));
					continue;
				}
				expect(layout.total()).toBe(total);
				expect(items.map((_, i) => layout.startOf(i))).toEqual(starts);
			}
		}),
		{ numRuns: 200 },
	);
});

test("PAGE-3: laying out what came does not look at what was there", () => {
	let asked = 0;
	const items = Array.from({ length: 50_000 }, (_, n) => ({ key: `k${n}` }));
	const layout = lineLayout((item: Item) => {
		asked++;
		return item.key;
	});
	layout.update(items, H);
	layout.resize(7, 100);
	layout.total();
	asked = 0;
	for (let n = 0; n < 100; n++) {
		items.push({ key: `new${n}` });
		layout.update(items, H);
		expect(layout.total()).toBe(items.length * H + 80);
	}
	expect(asked).toBeLessThan(300);
});

test("PAGE-3: a line is found by its key wherever its place has gone", () => {
	const items = [{ key: "a" }, { key: "b" }, { key: "c" }];
	expect(placeOf(items, keyOf, "b", 1)).toBe(1);
	expect(placeOf(items, keyOf, "b", 9)).toBe(1);
	expect(placeOf(items, keyOf, "z", 1)).toBe(-1);
});
