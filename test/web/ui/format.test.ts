// @vitest-environment node
import { expect, test } from "vitest";
import { ago, duration, stopwatch } from "../../../web/ui/format/duration.ts";
import { bytes, money, moneyPerHour, plural, short } from "../../../web/ui/format/number.ts";
import { clockTime, count, dateTime, shortTime, wholeTime } from "../../../web/ui/format/time.ts";

const S = 1_000;
const M = 60 * S;
const H = 60 * M;

test.each([
	[40, "0.04 s"], [8_200, "8.2 s"], [34 * S, "34 s"], [59_600, "59 s"],
	[250 * S, "4m 10s"], [842 * S, "14m 02s"], [72 * M, "1h 12m"], [76 * H, "3d 4h"], [-5, "0.00 s"],
])("a length of %i ms reads %s", (ms, words) => {
	expect(duration(ms)).toBe(words);
}); // biome-ignore format: a table

test("a clock that ticks has no decimals", () => {
	expect([900, 8_200, 59_900, 60_000].map((ms) => duration(ms, true))).toEqual([
		"0 s",
		"8 s",
		"59 s",
		"1m 00s",
	]);
	expect([12 * S, 842 * S, H + 4 * M + 31 * S].map(stopwatch)).toEqual(["0:12", "14:02", "1:04:31"]);
	expect([S, 4 * M, 3 * H, 50 * H].map(ago)).toEqual(["1 s ago", "4m ago", "3h ago", "2d ago"]);
});

test("times: today by the clock, else with their day; all of it on hover", () => {
	const at = Date.parse("2026-11-22T12:04:31.204Z");
	expect(shortTime(at, at + H, "UTC")).toBe("12:04:31");
	expect(shortTime(at, at + 24 * H, "UTC")).toBe("22 Nov 12:04");
	expect(shortTime(at, at, "Asia/Tokyo")).toBe("21:04:31");
	expect(dateTime(at, "UTC")).toBe("22 Nov 12:04:31");
	expect(clockTime(at, "millis", "UTC")).toBe("12:04:31.204");
	expect(wholeTime(at, 48_102, "UTC")).toBe(
		"22 Nov 2026, 12:04:31.204 UTC\n2026-11-22T12:04:31.204Z\nseq 48,102",
	);
});

test("numbers and money", () => {
	expect([0, 0.0004, 0.184, 3.1].map((it) => money(it))).toEqual(["$0", "<$0.001", "$0.184", "$3.10"]);
	expect([0, 0.0004, 0.184].map((it) => money(it, true))).toEqual(["0", "<0.001", "0.184"]);
	expect(moneyPerHour(1.82)).toBe("$1.82/h");
	expect([820, 3_100, 1_200_000].map(bytes)).toEqual(["820 B", "3.1 kB", "1.2 MB"]);
	expect([912, 48_211, 1_200_000].map(short)).toEqual(["912", "48.2 k", "1.2 M"]);
	expect(count(48_211)).toBe("48,211");
	expect([plural(1, "bead"), plural(0, "bead"), plural(1_204, "event")]).toEqual([
		"1 bead",
		"0 beads",
		"1,204 events",
	]);
});
