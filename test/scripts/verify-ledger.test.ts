import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { csvHead } from "../../shared/ledger/csv.ts";
import { HEADER, linesOf, ROWS } from "../support/exported-ledger.ts";

const folder = mkdtempSync(join(tmpdir(), "verify-ledger-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A file with these lines. */
function fileOf(name: string, lines: string[]): string {
	const path = join(folder, name);
	writeFileSync(path, lines.map((line) => `${line}\n`).join(""));
	return path;
}

/** Runs the command without network, state or settings: only the file. */
const verify = (...args: string[]): Promise<[code: number, told: string]> =>
	new Promise((resolve) =>
		execFile(process.execPath, ["scripts/verify-ledger.ts", ...args], { env: {} }, (error, stdout, stderr) =>
			resolve([error ? Number(error.code) : 0, stdout + stderr]),
		),
	);

const last = ROWS.at(-1);
const whole = fileOf("whole.jsonl", linesOf(HEADER, ROWS));
const unread = { ...HEADER, mirror_head: null, mirror_unread: "D1 could not be read." };

test.each<[string, string[], number, string]>([
	["is whole", [whole], 0, `Whole: 4 entries of Harbor Lights (t-1)`],
	["tells its head to write down", [whole], 0, `Head 4:${last?.hash}`],
	["reaches the head that was written down", [whole, `4:${last?.hash}`], 0, "Whole"],
	["does not reach it", [whole, `5:${last?.hash}`], 1, "Fault: Entries are missing at the end"],
	[
		"was changed",
		[fileOf("changed.jsonl", linesOf(HEADER, [...ROWS].reverse()))],
		1,
		"Fault: Entry 1 is missing.",
	],
	["was not compared with D1", [fileOf("unread.jsonl", linesOf(unread, ROWS))], 0, "was not compared"],
	["is the CSV form", [fileOf("folded.csv", [csvHead().trim()])], 2, "Only the JSON Lines form"],
	["is not there", [join(folder, "none.jsonl")], 2, "ENOENT"],
	["is not named", [], 2, "FILE [N:HASH]"],
	["is named with no head", [whole, "4:not-a-hash"], 2, "FILE [N:HASH]"],
])("LEDGER-4: verify-ledger says of a file that it %s", async (_, args, code, words) => {
	expect(await verify(...args)).toEqual([code, expect.stringContaining(words)]);
});
