import type { Position, Question, Stream, StreamEvent } from "../../shared/protocol/index.ts";
import type { RowsResult } from "./client-types.ts";
import type { Result } from "./requests.ts";
import type { Schedule } from "./schedule.ts";
import { type AgentStream, agentStream, type LeftOut, type StreamStore } from "./stream-store.ts";

/** Streams kept after their last reader has gone, to go on from their cursor. */
const KEPT_STREAMS = 4;
const OLDER_BYTES = 262_144;

/** Size of a delta as stored, and the bounds of a page of them, bytes. */
const DELTA_BYTES = 512;
const PAGE_BYTES = { least: 16_384, most: 1_048_576 };

/** What may be otherwise in a while is asked again. */
const UNREACHABLE = new Set(["agent_unreachable", "town_unreachable"]);
const AGAIN_MS = 5_000;

type Parts = {
	send(message: Record<string, unknown> & { t: string }): Promise<Result>;
	query(question: Question): Promise<RowsResult>;
	after: Schedule["after"];
	/** True after a welcome on this connection. */
	ready(): boolean;
	/** Tells readers with the next frame. */
	later(): void;
};

/** `told`: the session was asked to follow it on this connection. */
type Followed = {
	stream: AgentStream;
	readers: number;
	told: boolean;
	/** Its readers will be told in a moment. */
	due: boolean;
};

/** The agents' streams of one page: each followed by the session while somebody here reads it. */
export function followedStreams({ send, query, after, ready, later }: Parts) {
	const streams = new Map<string, Followed>();

	const entry = (agent: string) => {
		const known = streams.get(agent);
		if (known) return known;
		const made: Followed = { stream: agentStream(agent), readers: 0, told: false, due: false };
		streams.set(agent, made);
		return made;
	};
	const cursorOf = (agent: string): Position | null => entry(agent).stream.peek().position;

	/** Anew: from its tail, with what was not shown before. */
	const ask = async (agent: string, anew = false) => {
		if (!ready()) return;
		const it = entry(agent);
		it.told = true;
		const result = await send({ t: "follow", agent, cursor: anew ? null : cursorOf(agent) });
		it.stream.refused(result.ok || result.error.code === "connection-lost" ? null : result.error);
		it.stream.tell();
		if (!result.ok && UNREACHABLE.has(result.error.code))
			after(AGAIN_MS, () => {
				if (it.readers > 0 && streams.get(agent) === it) void ask(agent);
			});
	};
	const leave = (agent: string, it: Followed) => {
		if (ready() && it.told) void send({ t: "unfollow", agent });
		it.told = false;
	};

	const forget = () => {
		const unread = [...streams].filter(([, it]) => it.readers === 0);
		for (const [agent] of unread.slice(0, Math.max(0, unread.length - KEPT_STREAMS))) streams.delete(agent);
	};

	return {
		/** Reading a stream makes it the last to be forgotten. */
		store(agent: string): StreamStore {
			const it = entry(agent);
			streams.delete(agent);
			streams.set(agent, it);
			return it.stream.store;
		},

		follow(agent: string): () => void {
			const it = entry(agent);
			it.readers++;
			if (it.readers === 1) void ask(agent);
			let released = false;
			return () => {
				if (released) return;
				released = true;
				it.readers--;
				if (it.readers > 0) return;
				it.stream.left();
				leave(agent, it);
				forget();
			};
		},

		/** What `hello` says of the followed streams, so that they go on where this page is. */
		cursors() {
			for (const it of streams.values()) it.told = it.readers > 0;
			return [...streams].filter(([, it]) => it.told).map(([agent]) => ({ agent, cursor: cursorOf(agent) }));
		},

		/** After a welcome: what was followed or left since `hello` was said. */
		settle() {
			for (const [agent, it] of streams) {
				if (it.readers > 0 && !it.told) void ask(agent);
				else if (it.readers === 0 && it.told) leave(agent, it);
			}
		},

		fold(message: Stream, now: number) {
			const it = streams.get(message.agent);
			if (!it || it.readers === 0) return;
			if (it.stream.fold(message, now) === "gap") void ask(message.agent);
		},

		/** At most once a frame; busy streams less often. */
		tell(now: number) {
			for (const it of streams.values()) {
				const wait = it.stream.tell(now);
				if (wait === 0 || it.due) continue;
				it.due = true;
				after(wait, () => {
					it.due = false;
					later();
				});
			}
		},

		/** Reads one page before the oldest event here; `more` tells whether the agent has older ones. */
		async loadOlder(agent: string, bytes = OLDER_BYTES): Promise<RowsResult> {
			const { stream } = entry(agent);
			const { oldest, position } = stream.peek();
			const before = oldest ?? (position?.seq ?? 0) + 1;
			const result = await query({ kind: "stream", agent, before, bytes });
			if (result.ok) stream.insert(result.rows as StreamEvent[]);
			stream.tell();
			return result;
		},

		/** Recorded by the session; then what was hidden is read again (SEC-4). */
		async reveal(agent: string): Promise<Result> {
			const result = await send({ t: "reveal", agent });
			if (result.ok && entry(agent).readers > 0) await ask(agent, true);
			return result;
		},

		/** One pass from the newest hole down; a page answers for all the holes that it covers. */
		async fetchLeftOut(agent: string): Promise<RowsResult> {
			const { stream } = entry(agent);
			let holes: readonly LeftOut[] = [...stream.peek().leftOut];
			const found: StreamEvent[] = [];
			let result: RowsResult = { ok: true, rows: found, more: false };
			let before = Number.POSITIVE_INFINITY;
			for (let hole = holes.at(-1); hole !== undefined; hole = holes.at(-1)) {
				before = Math.min(before, hole.to + 1);
				const lacking = holes.reduce((sum, { count }) => sum + count, 0);
				const bytes = Math.min(PAGE_BYTES.most, Math.max(PAGE_BYTES.least, lacking * DELTA_BYTES));
				const page = await query({ kind: "stream", agent, before, bytes });
				if (!page.ok) {
					result = page;
					break;
				}
				const rows = page.rows as StreamEvent[];
				const wanted = holes;
				found.push(...rows.filter(([seq]) => wanted.some(({ from, to }) => seq >= from && seq <= to)));
				const lowest = rows.reduce((least, [seq]) => Math.min(least, seq), before);
				if (lowest >= before) break;
				before = lowest;
				holes = holes.filter(({ from }) => from < lowest);
			}
			stream.insert(found);
			stream.tell();
			return result;
		},
	};
}
