import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, expect, test } from "vitest";
import { isForgettable, ROOT, settingsFrom } from "../../scripts/lib/settings.ts";

const base = mkdtempSync(join(tmpdir(), "townwatch-settings-"));
afterAll(() => rmSync(base, { recursive: true, force: true }));

test("a state folder gets its secrets on first use and keeps them; they are whole or not there", () => {
	const state = join(base, "fresh");
	const { secrets } = settingsFrom({ TOWNWATCH_STATE: state });
	expect(settingsFrom({ TOWNWATCH_STATE: state }).secrets).toEqual(secrets);
	expect(readdirSync(state)).toEqual(["townwatch-secrets.json"]);
	expect(settingsFrom({ TOWNWATCH_STATE: join(base, "other") }).secrets).not.toEqual(secrets);
});

test.each(['{"TICKET_SECRET":"ab', "{}", ""])("damaged secrets (%j) are named with what to do", (text) => {
	const state = mkdtempSync(join(base, "damaged-"));
	writeFileSync(join(state, "townwatch-secrets.json"), text);
	expect(() => settingsFrom({ TOWNWATCH_STATE: state })).toThrow(
		/townwatch-secrets\.json is damaged\. Delete it/,
	);
});

test("a folder that is not ours is never forgotten, whatever TOWNWATCH_STATE says", async () => {
	const foreign = mkdtempSync(join(base, "foreign-"));
	const kept = join(foreign, "diary.txt");
	writeFileSync(kept, "mine");
	const env = { ...process.env, TOWNWATCH_STATE: foreign, TOWNWATCH_PORT: "8789" };
	const ended = await new Promise<{ code: unknown; words: string }>((done) =>
		execFile(process.execPath, [resolve(ROOT, "scripts/reset.ts")], { env }, (error, _, words) =>
			done({ code: error?.code, words }),
		),
	);
	expect(ended.code).toBe(1);
	expect(ended.words).toContain("holds no state of Townwatch");
	expect(existsSync(kept)).toBe(true);
});

test("our own state, and what is not there, may be forgotten", () => {
	const state = join(base, "ours");
	expect(isForgettable(state)).toBe(true);
	settingsFrom({ TOWNWATCH_STATE: state });
	expect(isForgettable(state)).toBe(true);
	expect(isForgettable(base)).toBe(false);
});
