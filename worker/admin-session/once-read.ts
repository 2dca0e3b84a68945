import {
	type Envelope,
	envelopeOf,
	FEED_PATH,
	REVEALED_HEADER,
	type ResetReason,
	SUBSCRIBER_HEADER,
	type Subscribe,
	TOWN_HEADER,
} from "../../shared/protocol/index.ts";
import { baseOf } from "./hearing.ts";
import { closeQuietly } from "./sockets.ts";
import type { Base } from "./tail.ts";

/** The upgrade of a feed socket; `subscriber` tells sockets of one session apart. */
export const feedRequest = (subscriber: string, town: string, revealed: boolean): Request =>
	new Request(`https://feed${FEED_PATH}`, {
		headers: {
			...{ Upgrade: "websocket", [SUBSCRIBER_HEADER]: subscriber, [TOWN_HEADER]: town },
			...(revealed ? { [REVEALED_HEADER]: "1" } : {}),
		},
	});

/** A socket that is open only for one read. Resolves with what `take` returns first; rejects when the source ends, or after 10 s. */
async function readOnce<T>(
	connect: () => Promise<Response>,
	subscribe: Omit<Subscribe, "t">,
	take: (envelope: Envelope, text: string) => T | null,
): Promise<T> {
	const response = await connect();
	const socket = response.webSocket;
	if (!socket) throw new Error((await response.text()) || `the source answered ${response.status}`);
	let timer: ReturnType<typeof setTimeout> | null = null;
	try {
		return await new Promise<T>((resolve, reject) => {
			timer = setTimeout(() => reject(new Error("the source was silent for 10 s")), 10_000);
			socket.accept();
			socket.addEventListener("message", ({ data }) => {
				const envelope = typeof data === "string" ? envelopeOf(data) : null;
				const taken = envelope ? take(envelope, data as string) : null;
				if (taken !== null) resolve(taken);
			});
			socket.addEventListener("close", ({ code }) => reject(new Error(`the source closed with ${code}`)));
			socket.send(JSON.stringify({ t: "subscribe", ...subscribe } satisfies Subscribe));
		});
	} finally {
		if (timer !== null) clearTimeout(timer);
		closeQuietly(socket);
	}
}

/** A whole state as of now, without disturbing the feed. */
export function readState(connect: () => Promise<Response>): Promise<Base> {
	const chunks: string[] = [];
	return readOnce(connect, { cursor: null }, (envelope, text) => {
		if (envelope.t !== "state") return null;
		chunks.push(text);
		return envelope.last ? baseOf(envelope.position, chunks) : null;
	});
}

/** The first frame of the last `tailBytes` of a stream; what follows it is read in pages. */
export const readBeginning = (
	connect: () => Promise<Response>,
	tailBytes: number,
): Promise<{ envelope: Extract<Envelope, { t: "stream" }>; text: string }> =>
	readOnce(connect, { cursor: null, tail_bytes: tailBytes }, (envelope, text) =>
		envelope.t === "stream" ? { envelope, text } : null,
	);

/** The same chunk or frame with another reason: one text serves viewers who need it for different ones. */
export function withReason(text: string, reason: ResetReason): string {
	if (reason === "first") return text;
	return text.replace(/"(reason|reset)":"[a-z]+"/, (_, field) => `"${field}":"${reason}"`);
}
