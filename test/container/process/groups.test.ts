import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { expect, test } from "vitest";
import { type Group, keepGroups } from "../../../container/process/groups.ts";

const groupsOf = (count: number): Group[] =>
	Array.from({ length: count }, (_, n) => ({ pgid: 1_000 + n, agent_id: `agent-${n}`, started_at: n }));

/** Reads as another process would, and tells how many of its reads were no list. */
const READER = `
	const { readFileSync } = require("node:fs");
	const { parentPort, workerData } = require("node:worker_threads");
	parentPort.postMessage("reads");
	let torn = 0;
	for (let n = 0; n < 3000; n++)
		try { JSON.parse(readFileSync(workerData, "utf8")); } catch { torn++; }
	parentPort.postMessage(torn);
`;

test("CONTAINER-5: who reads which groups run while that changes reads a whole list, the newest in the end", async () => {
	const dir = mkdtempSync(join(tmpdir(), "townwatch-groups-"));
	const path = join(dir, "processes.json");
	keepGroups(dir, []);
	const reader = new Worker(READER, { eval: true, workerData: path });
	try {
		const told: unknown[] = [];
		reader.on("message", (message) => told.push(message));
		while (told.length < 2) {
			for (const count of [50, 0, 200]) keepGroups(dir, groupsOf(count));
			await new Promise((resolve) => setImmediate(resolve));
		}
		expect(told).toEqual(["reads", 0]);
		expect(JSON.parse(readFileSync(path, "utf8"))).toEqual(groupsOf(200));
	} finally {
		await reader.terminate();
		rmSync(dir, { recursive: true, force: true });
	}
});
