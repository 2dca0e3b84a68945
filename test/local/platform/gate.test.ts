import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { Gate } from "../../../local/platform/gate.ts";

test("a gate lets through what it stands before, nothing while it is shut, and all again afterwards; it knows when something last came through", async () => {
	const server = createServer((_, response) => response.end("well")).listen(0, "127.0.0.1");
	await once(server, "listening");
	const gate = new Gate();
	const url = await gate.before(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
	const asked = () => fetch(url).then((answer) => answer.text());
	expect(await asked()).toBe("well");
	expect(gate.usedAt).toBeGreaterThan(0);
	gate.usedAt = 0;
	gate.shut(true);
	await expect(asked()).rejects.toThrow();
	expect(gate.usedAt).toBe(0);
	gate.shut(false);
	expect(await asked()).toBe("well");
	server.closeAllConnections();
	server.close();
});
