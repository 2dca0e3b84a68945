// @vitest-environment node
import { expect, test } from "vitest";
import { pace } from "../../../web/live/pace.ts";

/** Frames of 16 ms with so many events each, from `start` on; gives how many of them told. */
function toldIn(it: ReturnType<typeof pace>, start: number, ms: number, each: number): number {
	let told = 0;
	for (let now = start; now < start + ms; now += 16) {
		it.came(each, now);
		if (it.wait(now) > 0) continue;
		it.told(now);
		told++;
	}
	return told;
}

test("PAGE-3: readers of a busy stream are told at most 20 times a second, of a calm one each frame", () => {
	const it = pace();
	expect(toldIn(it, 0, 1_000, 3)).toBe(63);
	toldIn(it, 10_000, 1_000, 16);
	const busy = toldIn(it, 11_000, 1_000, 16);
	expect(busy).toBeGreaterThan(10);
	expect(busy).toBeLessThanOrEqual(20);
	// What came last is told in time, and a stream that is calm again at once.
	it.told(13_000);
	expect(it.wait(13_001)).toBeLessThanOrEqual(50);
	expect(it.wait(15_000)).toBe(0);
});

test("PAGE-3: a clock that goes back holds nothing up", () => {
	const it = pace();
	it.came(5_000, 10_000);
	it.told(10_000);
	expect(it.wait(10_001)).toBeGreaterThan(0);
	expect(it.wait(5_000)).toBe(0);
});
