import { WebSocket } from "ws";
import { type Down, type Position, PROTOCOL_VERSION, sizeOf } from "../../../shared/protocol/index.ts";
import type { Line } from "../kit/subject.ts";
import { lineOf, opened } from "./socket-line.ts";

/**
 * A town's feed as a console's session passes it on: `subscribe` becomes `hello`, and `head` is told when everything up to the place
 * of the welcome has come. `page` is the town's address in the console.
 */
export async function openConsole(page: string, token: string): Promise<Line> {
	const { origin, pathname } = new URL(page);
	const town = pathname.split("/").filter(Boolean).at(-1) ?? "";
	const answer = await fetch(`${origin}/api/towns/${town}/ticket`, {
		method: "POST",
		headers: { Origin: origin, "Cf-Access-Jwt-Assertion": token },
	});
	const { url, error } = (await answer.json()) as { url?: string; error?: { message: string } };
	if (!url) throw new Error(`No ticket: ${error?.message ?? answer.status}`);
	const socket = new WebSocket(origin.replace(/^http/, "ws") + url, { origin, perMessageDeflate: false });
	await opened(socket);
	const line = lineOf(socket);
	let hellos = 0;
	let asked: Position | null = null;
	return {
		...line,
		send(text) {
			const { cursor } = JSON.parse(text) as { cursor: Position | null };
			asked = cursor;
			const hello = { t: "hello", id: `h${++hellos}`, version: PROTOCOL_VERSION, cursor, streams: [] };
			line.send(JSON.stringify({ ...hello, reason: "conformance", focus: null }));
		},
		listen(heard) {
			let wanted: Position | null | undefined;
			let reached: Position | null = null;
			const told = () => {
				if (wanted === undefined || !reached || reached.seq < (wanted?.seq ?? 0)) return;
				wanted = undefined;
				heard(JSON.stringify({ t: "head", position: reached, horizon: 0, now: Date.now() }));
			};
			line.listen((text) => {
				if (text === null) return heard(null);
				const message = JSON.parse(text) as Down;
				if (message.t === "welcome") {
					wanted = message.head;
					// One that is beyond the head gets a whole state, once the session has asked the town.
					const holds = message.resumed && message.head && asked && asked.seq <= message.head.seq;
					reached = holds ? asked : null;
				}
				if (message.t === "state" || message.t === "changes") {
					heard(text);
					line.send(JSON.stringify({ t: "credit", bytes: sizeOf(text) }));
					if (message.t === "changes")
						reached = { epoch: message.epoch, seq: message.to, mark: message.mark };
					else if (message.last) reached = message.position;
				}
				told();
			});
		},
	};
}
