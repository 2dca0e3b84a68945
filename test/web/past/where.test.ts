import { expect, test } from "vitest";
import { formatAt, parseAt, parseWhere } from "../../../web/past/where.ts";

const now = new Date(2026, 10, 26, 12, 4, 31).getTime();
const local = (day: number, hours: number, minutes: number, seconds = 0, millis = 0) => ({
	is: "at",
	at: new Date(2026, 10, day, hours, minutes, seconds, millis).getTime(),
});

test.each([
	["12:04:30", local(26, 12, 4, 30)],
	["=12:04", local(26, 12, 4)],
	["12:04:30.204", local(26, 12, 4, 30, 204)],
	["-10m", { is: "at", at: now - 600_000 }],
	["=-1.5h", { is: "at", at: now - 5_400_000 }],
	["47902", { is: "seq", seq: 47_902 }],
	["47,902", { is: "seq", seq: 47_902 }],
	["2026-11-22T12:04:31.204Z", { is: "at", at: Date.UTC(2026, 10, 22, 12, 4, 31, 204) }],
	["live", { is: "live" }],
	["= now", { is: "live" }],
])("L9: %s is a moment", (typed, where) => {
	expect(parseWhere(typed, now)).toEqual(where);
});

test("L9: a time that is still to come today was yesterday's", () => {
	expect(parseWhere("23:59", now)).toEqual(local(25, 23, 59));
});

test.each(["", "=", "yesterday", "25:00", "12:61", "-10", "-m", "4,7902", "12:04:31 or so"])(
	"L9: %j is no moment",
	(typed) => {
		expect(parseWhere(typed, now)).toBeNull();
	},
);

test("P7: what stands in an address is read back as the same moment, and anything else as none", () => {
	for (const where of [
		{ is: "seq", seq: 7 },
		{ is: "at", at: now + 3 },
	] as const)
		expect(parseAt(formatAt(where))).toEqual(where);
	expect(formatAt({ is: "live" })).toBeUndefined();
	expect([parseAt("12:04"), parseAt("soon"), parseAt(""), parseAt(undefined)]).toEqual([
		null,
		null,
		null,
		null,
	]);
});
