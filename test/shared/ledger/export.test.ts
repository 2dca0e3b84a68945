import { expect, test } from "vitest";
import { rowLine, verifyExport } from "../../../shared/ledger/export.ts";
import { BODIES, chainOf, HEADER, headOf, linesOf, ROWS, sha256 } from "../../support/exported-ledger.ts";

const [one, two, three, four] = ROWS;
const forged = chainOf(BODIES.with(1, '{"case":"other"}'));
test.each<[string, string[], RegExp]>([
	["changed", linesOf(HEADER, [one, { ...two, body: "{}" }, three, four]), /Entry 2 is not what was written/],
	["whose admin was changed", linesOf(HEADER, [one, { ...two, admin: "{}" }, three, four]), /Entry 2 is not/],
	["taken out", linesOf(HEADER, [one, three, four]), /Entry 2 is missing/],
	["put before another", linesOf(HEADER, [one, three, two, four]), /Entry 2 is missing/],
	["doubled", linesOf(HEADER, [one, two, two, three, four]), /Entry 3 is missing/],
	[
		"with a new hash of its own",
		linesOf(HEADER, [one, forged[1] ?? two, three, four]),
		/Entry 3 does not name/,
	],
	["cut off at the end", linesOf(HEADER, [one, two, three]), /ends at entry 3, and the export ended at 4/],
	[
		"cut off with the export's head",
		linesOf({ ...HEADER, head: headOf(ROWS.slice(0, 2)) }, [one, two]),
		/ends at entry 2, and the copy in D1 ended at 3/,
	],
	["that is no row", [...linesOf(HEADER, ROWS), "{}"], /Line 6 is no entry/],
	["cut within", [...linesOf(HEADER, [one, two, three]), rowLine(four).slice(0, 40)], /Line 5 is no entry/],
	["written anew from the second on", linesOf(HEADER, forged), /Entry 4 is another one than the export had/],
	[
		"added behind the end",
		linesOf({ ...HEADER, head: headOf(ROWS.slice(0, 3)) }, ROWS),
		/goes on after entry 3/,
	],
	["of another town", linesOf({ ...HEADER, town: "t-2" }, ROWS), /Entry 1 does not name/],
])("LEDGER-4: a row %s is found in an export", async (_, lines, words) => {
	expect(await verifyExport(lines, sha256)).toEqual({ is: "fault", message: expect.stringMatching(words) });
});

test("LEDGER-4: an export that nobody touched is whole, with or without the copy's head", async () => {
	const whole = { is: "ok", n: 4, hash: four.hash };
	expect(await verifyExport(linesOf(HEADER, ROWS), sha256)).toMatchObject(whole);
	expect(await verifyExport([...linesOf(HEADER, ROWS), ""], sha256)).toMatchObject(whole);
	expect(await verifyExport(linesOf({ ...HEADER, mirror_head: null }, ROWS), sha256)).toMatchObject(whole);
	const empty = { ...HEADER, head: { n: 0, hash: sha256("townwatch ledger of t-1") }, mirror_head: null };
	expect(await verifyExport(linesOf(empty, []), sha256)).toMatchObject({ is: "ok", n: 0 });
});

test("LEDGER-4: a file rewritten with all its heads is found by a head that was written down", async () => {
	const noted = { n: 4, hash: four.hash };
	const rewritten = linesOf({ ...HEADER, head: headOf(forged), mirror_head: headOf(forged) }, forged);
	expect(await verifyExport(rewritten, sha256)).toMatchObject({ is: "ok" });
	expect(await verifyExport(rewritten, sha256, noted)).toMatchObject({
		...{ is: "fault", message: "Entry 4 is another one than what was written down had." },
	});
	const cut = linesOf({ ...HEADER, head: headOf([one, two]), mirror_head: null }, [one, two]);
	expect(await verifyExport(cut, sha256)).toMatchObject({ is: "ok" });
	expect(await verifyExport(cut, sha256, noted)).toMatchObject({
		...{
			is: "fault",
			message: expect.stringContaining("ends at entry 2, and what was written down ended at 4"),
		},
	});
});

test("LEDGER-4: what is no export is not readable, which is neither whole nor a fault", async () => {
	const unreadable = (message: string) => ({ is: "unreadable", message: expect.stringContaining(message) });
	expect(await verifyExport([], sha256)).toEqual(unreadable("empty"));
	expect(await verifyExport(ROWS.map(rowLine), sha256)).toEqual(unreadable("no header"));
	expect(await verifyExport([JSON.stringify({ ...HEADER, version: 2 })], sha256)).toEqual(
		unreadable("version"),
	);
	expect(await verifyExport(["town,town_name"], sha256)).toEqual(unreadable("Only the JSON Lines form"));
});
