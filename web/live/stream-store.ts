import { createStore, type StoreApi } from "zustand/vanilla";
import { apply, type Conversation, createConversation, forget } from "../../shared/conversation/index.ts";
import type { Failure, Position, Stream, StreamEvent } from "../../shared/protocol/index.ts";
import { pace } from "./pace.ts";

/** Deltas of closed parts that a catch-up page left out (L8). */
export type LeftOut = { from: number; to: number; count: number };

/** Events kept in a tab; the oldest are let go, in pieces, and read back by `query`. */
const KEPT_EVENTS = 50_000;
const LET_GO = 5_000;

/**
 * What this page has of one agent's stream. `conversation`, `events` and `leftOut` change in place; `version` counts
 * their changes, at most once a frame for readers.
 */
export type StreamState = {
	agent: string;
	version: number;
	conversation: Conversation;
	/** In order of seq, without holes but those of `leftOut`. */
	events: StreamEvent[];
	leftOut: LeftOut[];
	/** Attempt of the events from this seq on, in order. */
	attempts: { from: number; attempt: string | null }[];
	position: Position | null;
	/** Oldest seq still stored by the agent; what is before it was pruned. */
	horizon: number;
	/** Oldest seq that this page has read; older ones down to the horizon come by `loadOlder`. */
	oldest: number | null;
	gaps: number;
	/** Texts in it are hidden until they are revealed (SEC-4). */
	hidden: boolean;
	/** When the newest event came in, this machine's milliseconds. */
	heardAt: number | null;
	/** Why the session does not follow it; null while it does. */
	refused: Failure | null;
};

export type StreamStore = StoreApi<StreamState>;

const fresh = (agent: string): StreamState => ({
	agent,
	version: 0,
	conversation: createConversation(),
	events: [],
	leftOut: [],
	attempts: [],
	position: null,
	horizon: 0,
	oldest: null,
	gaps: 0,
	hidden: false,
	heardAt: null,
	refused: null,
});

/** What still lacks in a hole after these events were read, which come from its end downwards. */
function holeAfter(hole: LeftOut, read: ReadonlySet<number>): LeftOut[] {
	let { to } = hole;
	while (to >= hole.from && read.has(to)) to--;
	return to < hole.from ? [] : [{ from: hole.from, to, count: hole.count - (hole.to - to) }];
}

/** One agent's stream: folds what comes and tells its readers when asked to, which the client does once a frame. */
export type AgentStream = {
	store: StreamStore;
	/** What is folded so far, told or not. */
	peek(): Readonly<StreamState>;
	/** Folds a frame. `gap`: it does not follow what is here, nothing was taken: follow again with the cursor. */
	fold(message: Stream, now: number): "folded" | "gap";
	/**
	 * Older events, newest first as `query` gives them, or the events of holes; the conversation is folded anew. What a
	 * reader has read back is not let go until `left` or many more have come.
	 */
	insert(older: readonly StreamEvent[]): void;
	/** The last reader has gone. */
	left(): void;
	refused(error: Failure | null): void;
	/** Tells readers of what was folded since; a busy stream's not before `now` says so: gives the milliseconds until then. */
	tell(now?: number): number;
};

export function agentStream(agent: string): AgentStream {
	let state = fresh(agent);
	let told = 0;
	let most = KEPT_EVENTS;
	const paints = pace();
	const store = createStore<StreamState>(() => state);

	const refold = () => {
		state.conversation = createConversation();
		for (const event of state.events) apply(state.conversation, event);
	};

	/** Events and all that was made of them, so that they tell the same. */
	const letGo = () => {
		if (state.events.length < most + LET_GO) return;
		state.events = state.events.slice(-most);
		const oldest = state.events[0]?.[0] ?? 0;
		state.oldest = oldest;
		state.leftOut = state.leftOut.filter((hole) => hole.to >= oldest);
		state.attempts = state.attempts.filter((_, at, all) => (all[at + 1]?.from ?? oldest + 1) > oldest);
		forget(state.conversation, state.events);
	};

	return {
		store,
		peek: () => state,
		fold(message, now) {
			if (message.reset) state = { ...fresh(agent), version: state.version, gaps: state.gaps };
			const [first] = message.segments;
			const epoch = state.position?.epoch;
			const follows = state.position === null || !first || first.from <= state.position.seq + 1;
			if ((epoch !== undefined && epoch !== message.epoch) || !follows) {
				state.gaps++;
				state.version++;
				return "gap";
			}
			state.horizon = message.horizon;
			if (message.hidden) state.hidden = true;
			const before = state.events.length;
			for (const segment of message.segments) {
				const seen = state.position?.seq ?? 0;
				if (segment.to <= seen && state.position) continue;
				state.oldest ??= segment.from;
				if (state.attempts.at(-1)?.attempt !== segment.attempt)
					state.attempts.push({ from: segment.from, attempt: segment.attempt });
				for (const event of segment.events) {
					if (event[0] <= seen) continue;
					state.events.push(event);
					apply(state.conversation, event);
				}
				for (const hole of segment.left_out ?? []) state.leftOut.push(hole);
				state.position = { epoch: message.epoch, seq: segment.to, mark: segment.mark };
			}
			if (!state.position) state.position = { epoch: message.epoch, seq: message.to, mark: message.mark };
			paints.came(state.events.length - before, now);
			letGo();
			state.heardAt = now;
			state.version++;
			return "folded";
		},
		insert(older) {
			const known = new Set(state.events.map((event) => event[0]));
			const news = older.filter((event) => !known.has(event[0]));
			if (news.length === 0) return;
			state.events = [...state.events, ...news].sort((a, b) => a[0] - b[0]);
			most = Math.max(most, state.events.length + KEPT_EVENTS);
			const seqs = new Set(news.map(([seq]) => seq));
			state.leftOut = state.leftOut.flatMap((hole) => holeAfter(hole, seqs));
			state.oldest = Math.min(state.oldest ?? Number.POSITIVE_INFINITY, state.events[0]?.[0] ?? 0);
			refold();
			state.version++;
		},
		left() {
			most = KEPT_EVENTS;
		},
		refused(error) {
			if (error === state.refused) return;
			state.refused = error;
			state.version++;
		},
		tell(now) {
			if (told === state.version) return 0;
			const wait = now === undefined ? 0 : paints.wait(now);
			if (wait > 0) return wait;
			if (now !== undefined) paints.told(now);
			told = state.version;
			state = { ...state };
			store.setState(state, true);
			return 0;
		},
	};
}
