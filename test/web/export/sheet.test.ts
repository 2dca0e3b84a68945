import { expect, test } from "vitest";
import { fileName } from "../../../web/export/save-file.ts";
import { csvOf, fields, jsonOf, type Sheet } from "../../../web/export/sheet.ts";

type Row = { id: string; title: string; cost: number | null; more: object };

const sheet: Sheet<Row> = {
	...{
		of: "beads",
		town: { id: "harbor", name: "Harbor Lights" },
		at: Date.UTC(2026, 10, 22, 12, 18, 31, 204),
	},
	...{ filter: "status:open", columns: fields<Row>("id", "title", "cost", "more") },
	rows: [
		{ id: "a", title: '=HYPERLINK("https://evil.test")', cost: 0.5, more: { said: "one, two" } },
		{ id: "b", title: "two\nlines", cost: null, more: {} },
	],
};

test("PAGE-6: an exported CSV has a head, one record a row, and no cell that computes", () => {
	expect(csvOf(sheet)).toBe(
		[
			"id,title,cost,more",
			`a,"'=HYPERLINK(""https://evil.test"")",0.5,"{""said"":""one, two""}"`,
			`b,"two\nlines",,{}`,
			"",
		].join("\r\n"),
	);
	expect(csvOf({ ...sheet, rows: [] })).toBe("id,title,cost,more\r\n");
});

test("PAGE-6: an exported JSON says of which town, moment, filter and sight it is, and changes no text", () => {
	const { rows, ...head } = JSON.parse(jsonOf(sheet, "https://console.test/towns/harbor/state"));
	expect(head).toEqual({
		...{ townwatch: "list", of: "beads", town: { id: "harbor", name: "Harbor Lights" } },
		...{ at: "2026-11-22T12:18:31.204Z", filter: "status:open" },
		address: "https://console.test/towns/harbor/state",
	});
	expect(rows).toEqual(sheet.rows);
});

test("PAGE-6: an exported file is named by what, whose and of when, in characters that every file system takes", () => {
	expect(fileName("beads", "Harbor / Lights", sheet.at, "csv")).toBe(
		"beads-Harbor-Lights-20261122T121831Z.csv",
	);
	expect(fileName("ledger", null, sheet.at, "json")).toBe("ledger-20261122T121831Z.json");
});
