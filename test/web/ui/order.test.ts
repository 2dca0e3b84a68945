// @vitest-environment node
import fc from "fast-check";
import { expect, test } from "vitest";
import {
	anchoredScroll,
	LINGER_MS,
	nextExpiry,
	nextPlaces,
	type Place,
	waiting,
} from "../../../web/ui/live-table/order.ts";

const places = (...keys: string[]): Place[] => keys.map((key) => ({ key, leftAt: null }));
const keys = (list: readonly Place[]) => list.map((place) => place.key).join("");

test("PAGE-2: while a hand is on the list no row comes, goes or moves (L5)", () => {
	const shown = places("a", "b", "c");
	expect(keys(nextPlaces(shown, ["d", "c", "a"], true, 0))).toBe("abc");
	expect(nextPlaces(shown, ["c", "b", "a"], true, 0)).toBe(shown);
	expect(waiting(shown, ["d", "c", "a"])).toEqual({ moved: 1, entered: 1 });
	expect(waiting(shown, ["a", "b", "c"])).toEqual({ moved: 0, entered: 0 });
	expect(waiting(places("a", "b", "c", "d", "e"), ["e", "a", "b", "c", "d"])).toEqual({
		moved: 1,
		entered: 0,
	});
});

test("PAGE-2: a row that no longer fits stays in its place for 4 s, and as long as the list is held (L4)", () => {
	const left = nextPlaces(places("a", "b", "c"), ["a", "c"], false, 1_000);
	expect(keys(left)).toBe("abc");
	expect(left[1]?.leftAt).toBe(1_000);
	expect(nextExpiry(left)).toBe(1_000 + LINGER_MS);
	expect(keys(nextPlaces(left, ["a", "c"], false, 1_000 + LINGER_MS - 1))).toBe("abc");
	expect(keys(nextPlaces(left, ["a", "c"], false, 1_000 + LINGER_MS))).toBe("ac");
	expect(keys(nextPlaces(left, ["a", "c"], true, 60_000))).toBe("abc");
	expect(nextPlaces(left, ["a", "b", "c"], false, 2_000)[1]?.leftAt).toBeNull();
});

test("PAGE-2: with no hand on the list the wanted order is taken, leavers behind the row they followed", () => {
	expect(keys(nextPlaces(places("a", "b", "c"), ["c", "n", "a"], false, 0))).toBe("cnab");
	expect(keys(nextPlaces(places("x", "a"), ["a"], false, 0))).toBe("xa");
});

const view = { height: 560, rowHeight: 28 };
const list = (n: number) => Array.from({ length: n }, (_, i) => ({ key: `k${i}`, leftAt: null }));

test("PAGE-2: what comes above the view does not move it; at the top of an untouched list it is seen", () => {
	const before = list(100);
	const after = [...places("n1", "n2", "n3"), ...before];
	expect(anchoredScroll(before, after, { ...view, scrollTop: 300 }, [])).toBe(300 + 3 * 28);
	expect(anchoredScroll(before, after, { ...view, scrollTop: 0 }, [])).toBe(0);
	expect(anchoredScroll(before, after, { ...view, scrollTop: 0 }, ["k4"])).toBe(3 * 28);
	expect(anchoredScroll(before, after, { ...view, scrollTop: 0 }, ["k90"])).toBe(0);
});

test("PAGE-2: a list that fits never scrolls, whatever row is open", () => {
	const before = list(10);
	const after = before.toReversed();
	expect(anchoredScroll(before, after, { ...view, scrollTop: 0, height: 300 }, ["k2"])).toBe(0);
	expect(anchoredScroll(before, after, { ...view, scrollTop: 56, height: 300 }, ["k2"])).toBe(0);
	expect(anchoredScroll(before, after, { ...view, scrollTop: 0, height: 200 }, ["k2"])).toBe(80);
});

test("PAGE-2: whatever changes, the reader's row keeps its place to the pixel", () => {
	const change = fc.record({
		at: fc.nat(999),
		kind: fc.constantFrom("remove", "move", "add"),
		to: fc.nat(999),
	});
	fc.assert(
		fc.property(
			fc.array(change, { maxLength: 60 }),
			fc.integer({ min: 0, max: 900 }),
			fc.nat(27),
			(changes, top, rest) => {
				const before = list(1_000);
				const scrollTop = top * 28 + rest;
				const reader = `k${top + 3}`;
				const wanted = before.map((place) => place.key);
				let made = 0;
				for (const { at, kind, to } of changes) {
					const i = at % wanted.length;
					if (kind === "add") wanted.splice(to % wanted.length, 0, `n${made++}`);
					else if (wanted[i] !== reader) {
						const [key] = wanted.splice(i, 1) as [string];
						if (kind === "move") wanted.splice(to % wanted.length, 0, key);
					}
				}
				const after = nextPlaces(before, wanted, false, 0);
				const now = anchoredScroll(before, after, { ...view, scrollTop }, [reader]);
				const is = after.findIndex((place) => place.key === reader) * 28 - now;
				const was = (top + 3) * 28 - scrollTop;
				// Nearer to the top than it stood before, a list cannot be scrolled.
				if (now > 0) expect(is).toBe(was);
			},
		),
	);
});
