import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { PulseSender } from "../../../worker/town/pulse-sender.ts";

beforeEach(() => {
	vi.useFakeTimers();
});
afterEach(() => {
	vi.useRealTimers();
});

test("FEED-9: the first pulse goes out at once, then the newest every 250 ms, and none when nothing changes", () => {
	const sent: number[] = [];
	let newest = 0;
	const pulses = new PulseSender({ clock: Date.now, wanted: () => true, send: () => sent.push(newest) });
	const change = (to: number) => {
		newest = to;
		pulses.changed();
	};
	change(1);
	expect(sent).toEqual([1]);
	for (let n = 2; n <= 100; n++) change(n);
	vi.advanceTimersByTime(249);
	expect(sent).toEqual([1]);
	vi.advanceTimersByTime(1);
	expect(sent).toEqual([1, 100]);
	change(101);
	vi.advanceTimersByTime(10_000);
	expect(sent).toEqual([1, 100, 101]);
	expect(vi.getTimerCount()).toBe(0);
	change(102);
	expect(sent).toEqual([1, 100, 101, 102]);
});

test("FEED-8: where nobody follows, no pulse is made and no timer keeps the town awake", () => {
	const send = vi.fn();
	const pulses = new PulseSender({ clock: Date.now, wanted: () => false, send });
	for (let n = 0; n < 3; n++) pulses.changed();
	expect(vi.getTimerCount()).toBe(0);
	expect(send).not.toHaveBeenCalled();
});
