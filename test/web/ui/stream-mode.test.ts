// @vitest-environment node
import { expect, test } from "vitest";
import { modeEventOfKey, newSince, pausedItems } from "../../../web/ui/stream/mode.ts";

const item = (seq: number, text = "") => ({ seq, text });
const keyOf = (it: { seq: number }) => String(it.seq);
const orderOf = (it: { seq: number }) => it.seq;

test("PAGE-3: End follows; arrows, PageUp and Home read; other keys change nothing (L6)", () => {
	expect(["End", "f"].map(modeEventOfKey)).toEqual(["end", "end"]);
	expect(["PageUp", "ArrowUp", "Home"].map(modeEventOfKey)).toEqual(["up", "up", "up"]);
	expect(modeEventOfKey("x")).toBeNull();
});

test("PAGE-3: a pause freezes what is painted, not what is received; filters go on working on it (L7)", () => {
	const before = [item(1), item(2), item(3, "half")];
	const paused = { at: 0, items: new Map(before.map((it) => [keyOf(it), it])), upTo: 3 };
	const now = [item(1), item(2), item(3, "whole"), item(4), item(5)];
	expect(pausedItems(paused, now, keyOf, orderOf)).toEqual(before);
	expect(pausedItems(paused, [item(2), item(5)], keyOf, orderOf)).toEqual([item(2)]);
	// A line that a filter hid at the moment of the pause belongs to what was there.
	const filtered = { ...paused, items: new Map([["2", before[1] as { seq: number; text: string }]]) };
	expect(pausedItems(filtered, now, keyOf, orderOf).map(orderOf)).toEqual([1, 2, 3]);
	expect(pausedItems(filtered, now, keyOf).map(orderOf)).toEqual([2]);
});

test("PAGE-3: new lines are counted from the one that was last when the reader left the end", () => {
	const list = [item(1), item(2), item(3), item(4)];
	expect(newSince(list, { key: "2", index: 1 }, keyOf)).toBe(2);
	expect(newSince(list, { key: "4", index: 3 }, keyOf)).toBe(0);
	// Older ones were loaded before it.
	expect(newSince(list, { key: "3", index: 0 }, keyOf)).toBe(1);
	expect(newSince(list, null, keyOf)).toBe(0);
	expect(newSince(list, { key: "gone", index: 2 }, keyOf)).toBe(0);
});
