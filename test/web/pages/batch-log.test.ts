import { expect, test } from "vitest";
import type { Batch } from "../../../shared/protocol/index.ts";
import { holesIn, withBatches } from "../../../web/town/changes/batch-log.ts";
import { eventItems, eventReader, itemKey } from "../../../web/town/changes/event-rows.ts";
import { aBatch, aBead } from "./fixtures/rows.ts";

const noName = () => null;
/** Batches of one change each. */
const batches = (from: number, to: number): Batch[] =>
	Array.from({ length: to - from + 1 }, (_, n) =>
		aBatch([[from + n, "beads", "b1", "put", aBead({ bead_id: "b1", title: `title ${from + n}` })]]),
	);

test("P2: what came live stays when the town's own memory of it has gone on, and older pages stand before it", () => {
	let log: readonly Batch[] = batches(301, 500);
	for (let newest = 501; newest <= 2_500; newest++) log = withBatches(log, batches(newest - 99, newest));
	log = withBatches(log, batches(101, 300));
	expect(log.map(({ from }) => from)).toEqual(Array.from({ length: 2_400 }, (_, n) => n + 101));
	expect(holesIn(log)).toEqual([]);
	expect(withBatches(log, batches(2_400, 2_500))).toBe(log);
});

test("P2 SESSION-6: what a reconnect left out is said in its place until it is loaded", () => {
	const log = withBatches(batches(1, 3), batches(10, 12));
	const holes = holesIn(log);
	expect(holes).toEqual([{ from: 4, to: 9 }]);
	const items = eventItems(eventReader(noName)(log), holes);
	expect(items.map((item) => (item.kind === "hole" ? item : itemKey(item)))).toEqual([
		...["1", "2", "3"],
		{ kind: "hole", from: 4, to: 9 },
		...["10", "11", "12"],
	]);
	const partly = withBatches(log, batches(7, 9));
	expect(holesIn(partly)).toEqual([{ from: 4, to: 6 }]);
	expect(holesIn(withBatches(partly, batches(4, 6)))).toEqual([]);
	// A filter that leaves nothing still says that something is not known.
	expect(eventItems([], holes)).toEqual([{ kind: "hole", from: 4, to: 9 }]);
});

test("FEED-5: the first change of a row after a hole does not claim to know what it was before", () => {
	const rows = eventReader(noName)([...batches(1, 1), ...batches(5, 6)]);
	expect(rows.map(({ before }) => before?.title ?? null)).toEqual([null, null, "title 5"]);
});

test("a log that grows is told as it would be told at once, and only what is new is told anew", () => {
	const all = batches(1, 50);
	const grow = eventReader(noName);
	let first: unknown;
	for (let n = 10; n <= 50; n += 10) {
		const rows = grow(all.slice(0, n));
		expect(rows).toEqual(eventReader(noName)(all.slice(0, n)));
		first ??= rows[0];
		expect(rows[0]).toBe(first);
	}
	// Older ones before it change what is told.
	expect(grow([...batches(0, 0), ...all])[1]?.before?.title).toBe("title 0");
});
