import type { Passage, StreamEvent } from "../../../shared/protocol/index.ts";
import { reelOf } from "../../../web/replay/reel.ts";
import type { Track } from "../../../web/replay/track.ts";

export const aTrack = (fields: Partial<Track> = {}): Track => ({
	...{
		attempt: "attempt-1",
		agent: "toast",
		bead: "bead-1",
		n: 1,
		outcome: "started",
		from: 1_000,
		until: null,
	},
	...fields,
});

/** A message of an agent whose text grows by deltas and then ends: opening, part, two pieces, the whole. */
export function said(seq: number, at: number, id: string, text: string): StreamEvent[] {
	const part = { id: `prt_${id}`, messageID: `msg_${id}`, sessionID: "ses_1", type: "text" };
	const info = { id: `msg_${id}`, sessionID: "ses_1", role: "assistant", time: { created: at } };
	const event = (n: number, type: string, properties: unknown): StreamEvent => [
		...([seq + n, at + n * 10, `evt_${seq + n}`, type, properties] as const),
	];
	const delta = { sessionID: "ses_1", messageID: info.id, partID: part.id, field: "text" };
	return [
		event(0, "message.updated", { sessionID: "ses_1", info }),
		event(1, "message.part.updated", {
			sessionID: "ses_1",
			part: { ...part, text: "", time: { start: at } },
		}),
		event(2, "message.part.delta", { ...delta, delta: text.slice(0, 3) }),
		event(3, "message.part.delta", { ...delta, delta: text.slice(3) }),
		event(4, "message.part.updated", {
			sessionID: "ses_1",
			part: { ...part, text, time: { start: at, end: at + 40 } },
		}),
	];
}

/** A call of a shell that ends with this exit code. */
export function ran(seq: number, at: number, id: string, exit: number): StreamEvent[] {
	const info = { id: `msg_${id}`, sessionID: "ses_1", role: "assistant", time: { created: at } };
	const part = (state: unknown) => ({
		...{ id: `prt_${id}`, messageID: info.id, sessionID: "ses_1", type: "tool", tool: "bash" },
		state,
	});
	const input = { command: `npm test ${id}` };
	return [
		[seq, at, `evt_${seq}`, "message.updated", { sessionID: "ses_1", info }],
		[
			...([seq + 1, at + 10, `evt_${seq + 1}`, "message.part.updated"] as const),
			{ sessionID: "ses_1", part: part({ status: "running", input, time: { start: at + 10 } }) },
		],
		[
			...([seq + 2, at + 50, `evt_${seq + 2}`, "message.part.updated"] as const),
			{
				sessionID: "ses_1",
				part: part({
					...{ status: "completed", input, output: "out", metadata: { exit } },
					time: { start: at + 10, end: at + 50 },
				}),
			},
		],
	];
}

/** Pages of what an agent keeps of one attempt; each inner list is a segment. */
export const passageOf = (all: readonly StreamEvent[][], segments = all, horizon = 1): Passage => {
	const events = all.flat();
	return {
		horizon,
		kept: {
			from: events[0]?.[0] ?? 0,
			to: events.at(-1)?.[0] ?? 0,
			began_at: events[0]?.[1] ?? 0,
			ended_at: events.at(-1)?.[1] ?? 0,
		},
		hidden: false,
		segments: segments.map((segment) => ({
			...{ from: segment[0]?.[0] ?? 0, to: segment.at(-1)?.[0] ?? 0, at: 0, attempt: "attempt-1", mark: "m" },
			events: segment,
		})),
	};
};

/** A reel that has everything of its track. */
export function wholeReel(track: Track, ...segments: StreamEvent[][]) {
	const reel = reelOf(track);
	reel.take(passageOf(segments), false, "anew");
	return reel;
}
