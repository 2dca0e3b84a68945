import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { ingestClient } from "../../../local/played/ingest-client.ts";

const ends: (() => void)[] = [];
afterEach(() => {
	for (const end of ends.splice(0)) end();
});

/** A worker that takes each first request and dies before it answers. */
async function forgetful() {
	const bodies: Record<string, unknown>[] = [];
	const server = createServer(async (request, response) => {
		let text = "";
		for await (const piece of request) text += piece;
		bodies.push(JSON.parse(text) as Record<string, unknown>);
		if (bodies.length % 2 === 1) request.socket.destroy();
		else response.end("null");
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	ends.push(() => server.close());
	const { port } = server.address() as AddressInfo;
	return { bodies, client: ingestClient(`http://127.0.0.1:${port}`, "t", "x".repeat(32)) };
}

test("TOWN-2: a report whose answer was lost is repeated under its own name, and no other report has that name", async () => {
	const { bodies, client } = await forgetful();
	const push = { operation: "push", command: "git push", outcome: "denied", duration_ms: 1 };
	await client.post("git-operations", push);
	await client.post("git-operations", push);
	const keys = bodies.map(({ key }) => key);
	expect(keys).toEqual([keys[0], keys[0], keys[2], keys[2]]);
	expect(keys[0]).toEqual(expect.any(String));
	expect(keys[2]).not.toBe(keys[0]);
});

test("TOWN-2: what takes no name gets none: calls, and heartbeats", async () => {
	const { bodies, client } = await forgetful();
	await client.gastown("closeBead", { bead_id: "b" });
	await client.post("heartbeat", { instance_id: "i", agents: [], container: null });
	for (const body of bodies) expect(body).not.toHaveProperty("key");
});
