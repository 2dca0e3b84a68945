import { FEED_PATH, SUBSCRIBER_HEADER, TOWN_HEADER } from "../../../shared/protocol/index.ts";
import type { Line } from "../kit/subject.ts";

type Fetching = Pick<DurableObjectStub, "fetch">;

/** Opens the feed of an object, as a session does. */
export async function openLine(stub: Fetching, subscriber: string, town = "kit"): Promise<Line> {
	const answer = await stub.fetch(`https://kit${FEED_PATH}`, {
		headers: { Upgrade: "websocket", [SUBSCRIBER_HEADER]: subscriber, [TOWN_HEADER]: town },
	});
	const socket = answer.webSocket;
	if (!socket) throw new Error(`no socket: ${answer.status} ${await answer.text()}`);
	return {
		send: (text) => socket.send(text),
		close: () => socket.close(1000, ""),
		listen(heard) {
			socket.addEventListener("message", ({ data }) => heard(String(data)));
			socket.addEventListener("close", () => heard(null));
			socket.accept();
		},
	};
}
