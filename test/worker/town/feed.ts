import { FEED_PATH, type State, SUBSCRIBER_HEADER } from "../../../shared/protocol/index.ts";
import type { TestTown } from "./support.ts";

type Rows = Record<string, unknown>[];

/** The whole state as a subscriber gets it, by entity. */
export async function stateOf(town: TestTown): Promise<Map<string, Rows>> {
	const response = await town.stub.fetch(
		new Request(`https://town${FEED_PATH}`, {
			headers: { Upgrade: "websocket", [SUBSCRIBER_HEADER]: crypto.randomUUID() },
		}),
	);
	const socket = response.webSocket;
	if (!socket) throw new Error(`no socket: ${response.status}`);
	socket.accept();
	const tables = new Map<string, Rows>();
	await new Promise<void>((resolve) => {
		socket.addEventListener("message", ({ data }) => {
			const message = JSON.parse(String(data)) as State | { t: "head" };
			if (message.t === "head") return resolve();
			for (const [entity, rows] of message.tables)
				tables.set(entity, [...(tables.get(entity) ?? []), ...(rows as Rows)]);
		});
		socket.send(JSON.stringify({ t: "subscribe", cursor: null }));
	});
	socket.close(1000);
	return tables;
}
