import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { mustBeKnown } from "../../../container/agents/known-model.ts";
import { ScriptedModel } from "../../../local/model/scripted-model.ts";

let server: Server | undefined;
afterEach(() => void server?.close());

async function begin(handle: Parameters<typeof createServer>[1]): Promise<string> {
	server = createServer(handle);
	await new Promise<void>((resolve) => void server?.listen(0, "127.0.0.1", resolve));
	return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
}

test("AGENT-1: a model that its provider does not list is refused before its agent starts, by name", async () => {
	const model = new ScriptedModel({ deltaMs: 0, stepMs: 0 });
	const url = await begin((request, response) => void model.handle(request, response));
	await expect(mustBeKnown("scripted/m", url)).resolves.toBeUndefined();
	await expect(mustBeKnown("scripted/none", url)).rejects.toThrow("There is no model scripted/none");
});

test.each([
	["refuses to tell", 401, "{}"],
	["answers no list", 200, '{"models":[]}'],
	["answers no JSON", 200, "<html>"],
])("AGENT-1: a provider that %s says nothing against a model", async (_, status, body) => {
	const url = await begin((_request, response) => void response.writeHead(status).end(body));
	await expect(mustBeKnown("scripted/none", url)).resolves.toBeUndefined();
});
