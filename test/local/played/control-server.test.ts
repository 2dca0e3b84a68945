import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { type StopAgent, startControlServer } from "../../../local/played/control-server.ts";

const ends: (() => void)[] = [];
afterEach(() => {
	for (const end of ends.splice(0)) end();
});

async function server(stop: StopAgent) {
	const running = await startControlServer(0, stop);
	ends.push(() => running.close());
	const { port } = running.address() as AddressInfo;
	return (path: string, key?: string, body?: string) =>
		fetch(`http://127.0.0.1:${port}${path}`, {
			method: "POST",
			body,
			headers: key ? { "Idempotency-Key": key } : {},
		});
}

test("LEDGER-2: a stop that is asked for twice under one key happens once, and is answered alike", async () => {
	const stopped: string[] = [];
	const post = await server(async (town, agent) => {
		stopped.push(`${town}/${agent}`);
		return true;
	});
	const answers = await Promise.all([1, 2].map(() => post("/towns/t%2F1/agents/a%3Ab/stop", "one")));
	expect(answers.map(({ status }) => status)).toEqual([200, 200]);
	expect(stopped).toEqual(["t/1/a:b"]);
	await post("/towns/t%2F1/agents/a%3Ab/stop", "two");
	expect(stopped).toHaveLength(2);
});

test("LEDGER-2: a stop that failed may be tried again under the same key", async () => {
	let tries = 0;
	const post = await server(async () => {
		tries += 1;
		if (tries === 1) throw new Error("busy");
		return true;
	});
	expect((await post("/towns/t/agents/a/stop", "k")).status).toBe(500);
	expect((await post("/towns/t/agents/a/stop", "k")).status).toBe(200);
});

test("an agent without a process is not found, and a stop without a key is refused", async () => {
	const post = await server(async () => false);
	expect((await post("/towns/t/agents/a/stop", "k")).status).toBe(404);
	expect((await post("/towns/t/agents/a/stop")).status).toBe(400);
	expect((await post("/elsewhere", "k")).status).toBe(404);
});

test("LEDGER-2: a stop names the attempt that it is for; without one it is for whatever runs", async () => {
	const asked: (string | null)[] = [];
	const post = await server(async (_town, _agent, attempt) => {
		asked.push(attempt);
		return attempt !== "older";
	});
	expect((await post("/towns/t/agents/a/stop", "k1", '{"attempt_id":"newest"}')).status).toBe(200);
	expect((await post("/towns/t/agents/a/stop", "k2", '{"attempt_id":"older"}')).status).toBe(404);
	expect((await post("/towns/t/agents/a/stop", "k3")).status).toBe(200);
	expect(asked).toEqual(["newest", "older", null]);
	expect((await post("/towns/t/agents/a/stop", "k4", "not json")).status).toBe(500);
});
