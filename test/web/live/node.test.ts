// @vitest-environment node
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { createTownClient } from "../../../web/live/client.ts";
import { batch, changes, rig, stateAt, welcome } from "./fake-session.ts";

let server: WebSocketServer;
beforeAll(async () => {
	server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
	await new Promise((resolve) => server.once("listening", resolve));
});
afterAll(() => server.close());

test("SOCKET-1: the same client runs in Node on a real socket: opens, folds, loses it, resumes, leaves", async () => {
	const hellos: { cursor: { seq: number } | null }[] = [];
	server.on("connection", (socket) => {
		socket.on("message", (data) => {
			const message = JSON.parse(String(data));
			if (message.t !== "hello") return;
			hellos.push(message);
			const say = (it: object) => socket.send(JSON.stringify(it));
			say(welcome(message.id, { resumed: message.cursor !== null }));
			if (message.cursor === null) say(stateAt(5, [rig("r1")]));
			say(changes(batch(message.cursor === null ? 6 : 7, rig(`r${hellos.length + 1}`))));
			if (hellos.length === 1) setImmediate(() => socket.terminate());
		});
	});
	const { port } = server.address() as AddressInfo;
	const client = createTownClient({
		townId: "t1",
		reason: "a test",
		WebSocket,
		random: () => 0,
		fetchTicket: async () => ({ ok: true, ticket: "k", url: `ws://127.0.0.1:${port}/` }),
	});
	await new Promise<void>((resolve) => {
		client.store.subscribe((state) => state.figures.seq === 7 && resolve());
	});
	expect(hellos.map((hello) => hello.cursor?.seq ?? null)).toEqual([null, 6]);
	expect(client.store.getState().view.tables.rigs.size).toBe(3);
	expect(client.store.getState().figures.gaps).toBe(0);
	client.close();
	await new Promise<void>((resolve) => {
		const look = () => (server.clients.size === 0 ? resolve() : setImmediate(look));
		look();
	});
	expect(client.store.getState().socket.is).toBe("closed");
});
