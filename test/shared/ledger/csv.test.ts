import { expect, test } from "vitest";
import { csvCell } from "../../../shared/csv.ts";
import { csvHead, csvLine } from "../../../shared/ledger/csv.ts";
import { foldLedger } from "../../../shared/ledger/fold.ts";

test.each([
	["=1+1", `"'=1+1"`],
	['=HYPERLINK("https://evil.test","x")', `"'=HYPERLINK(""https://evil.test"",""x"")"`],
	["+49 170", `"'+49 170"`],
	["-2", `"'-2"`],
	["@SUM(A1)", `"'@SUM(A1)"`],
	["\t=1", `"'\t=1"`],
	["  =1", `"'  =1"`],
	["\r=1", `"'\r=1"`],
	["plain", "plain"],
	["a, b", '"a, b"'],
	['say "so"', '"say ""so"""'],
	["two\nlines", '"two\nlines"'],
	[-5, "-5"],
	[null, ""],
	[undefined, ""],
])("LEDGER-4: a cell of the CSV computes nothing: %j", (value, cell) => {
	expect(csvCell(value)).toBe(cell);
});

test("LEDGER-4: the CSV has one line an intervention, folded, whose words come from the town", () => {
	const admin = { id: "user/ada", email: "ada@example.test", name: "=Ada" };
	const step = { id: "one", admin, prev_hash: "h0" };
	const intent = {
		...{ name: "bead.priority", target: "bead-1", target_name: "-Fix", params: { priority: "high" } },
		...{ reason: "it is, urgent", case: "case 7", saw: { priority: "medium" }, finding: null, seq: 41 },
	};
	const outcome = {
		...{ outcome: "applied", code: null, message: null, at: 3_000, seq: 44, effects: [], within: 0 },
		...{ before: { priority: "medium" }, after: { priority: "high" } },
	};
	const [story] = foldLedger([
		{ ...step, n: 7, step: "intent", at: 2_000, body: intent, hash: "h7" },
		{ ...step, n: 8, step: "outcome", at: 3_000, body: outcome, hash: "h8" },
		{
			...step,
			n: 9,
			step: "proof",
			at: 4_000,
			body: { seen: true, ms: 900, seq: 45, missing: [] },
			hash: "h9",
		},
	]);
	if (!story) throw new Error("no story");
	const line = csvLine(story, { town: "t-1", town_name: "Harbor Lights" });
	expect(line.endsWith("\r\n")).toBe(true);
	expect(line).toContain(`t-1,Harbor Lights,7,1970-01-01T00:00:02.000Z,one,"'=Ada",ada@example.test`);
	expect(line).toContain(`bead-1,"'-Fix","{""priority"":""high""}","it is, urgent",case 7`);
	expect(line).toContain(',seen,,"{""priority"":""medium""}","{""priority"":""high""}",44,');
	expect(csvHead().split(",").slice(0, 4)).toEqual(["town", "town_name", "n", "at"]);
});
