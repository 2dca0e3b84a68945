import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test, vi } from "vitest";
import { runNode } from "../../scripts/lib/children.ts";
import { jsonIn } from "../../scripts/lib/database.ts";

const folder = mkdtempSync(join(tmpdir(), "townwatch-children-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const never = new AbortController().signal;
const run = (program: string, signal = never) => runNode("test", ["-e", program], process.env, signal);

const lives = (pid: number): boolean => {
	try {
		return process.kill(pid, 0);
	} catch {
		return false;
	}
};

test("what a program answers is its standard output, whole and to the last line, whatever it warns of", async () => {
	const output = await run(`
		console.error("▲ [WARNING] a notice with [brackets]");
		for (let n = 0; n < 500; n++) console.log("line " + n);
		process.stdout.write("no line end");
	`);
	expect(output.split("\n")).toEqual([...Array.from({ length: 500 }, (_, n) => `line ${n}`), "no line end"]);
});

test("what a program says on both ways is in the error when it fails", async () => {
	const failing = run('console.log("one"); console.error("two"); process.exitCode = 3;');
	await expect(failing).rejects.toThrow(/test failed \(3\):.*(one.*two|two.*one)/s);
});

test("a program that is broken off is gone with all that it started", async () => {
	const noted = join(folder, "pids");
	const life = new AbortController();
	const running = run(
		`
		const { spawn } = require("node:child_process");
		const { renameSync, writeFileSync } = require("node:fs");
		process.on("SIGTERM", () => {});
		const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "inherit" });
		writeFileSync(${JSON.stringify(`${noted}.new`)}, process.pid + " " + child.pid);
		renameSync(${JSON.stringify(`${noted}.new`)}, ${JSON.stringify(noted)});
		child.on("exit", () => process.exit(0));
		`,
		life.signal,
	);
	await vi.waitFor(() => expect(existsSync(noted)).toBe(true), { timeout: 10_000 });
	const pids = readFileSync(noted, "utf8").split(" ").map(Number);
	expect(pids.map(lives)).toEqual([true, true]);
	life.abort(new Error("Ctrl-C"));
	await expect(running).rejects.toThrow("Ctrl-C");
	expect(pids.map(lives)).toEqual([false, false]);
	await expect(run("", life.signal)).rejects.toThrow("Ctrl-C");
}, 20_000);

test("the answer of wrangler is found behind its warnings; an answer that is none is said to be that", () => {
	const answer = [{ results: [{ names: "users,towns" }], success: true }];
	for (const text of [JSON.stringify(answer), JSON.stringify(answer, null, 2)])
		expect(jsonIn(`▲ [WARNING] Processing wrangler.toml [configuration]\n\n${text}\n`)).toEqual(answer);
	expect(jsonIn("[]")).toEqual([]);
	expect(() => jsonIn("▲ [WARNING] nothing else")).toThrow(/no JSON/);
});
