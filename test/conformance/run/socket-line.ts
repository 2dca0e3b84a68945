import { WebSocket } from "ws";
import { SUBSCRIBER_HEADER } from "../../../shared/protocol/index.ts";
import type { Line } from "../kit/subject.ts";

/** Opens a feed socket by its address. Rejects where it is refused. */
export async function openSocket(url: string, subscriber: string, token: string): Promise<Line> {
	const socket = new WebSocket(url, {
		perMessageDeflate: false,
		headers: { [SUBSCRIBER_HEADER]: subscriber, ...(token && { Authorization: `Bearer ${token}` }) },
	});
	await opened(socket);
	return lineOf(socket);
}

export const opened = (socket: WebSocket): Promise<void> =>
	new Promise((resolve, reject) => {
		socket.once("open", () => resolve());
		socket.once("error", reject);
	});

export function lineOf(socket: WebSocket): Line {
	return {
		send: (text) => socket.send(text),
		close: () => socket.close(),
		listen(heard) {
			socket.on("message", (data) => heard(String(data)));
			socket.on("close", () => heard(null));
		},
	};
}
