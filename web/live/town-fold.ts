import type {
	Batch, Changes, Down, FeedState, LedgerEntry, Pong, Position, Pulse, SessionMessage, State,
} from "../../shared/protocol/index.ts"; // biome-ignore format: a list
import { applyChanges, stateBuilder } from "../../shared/town-view/index.ts";
import { type ConnectionView, connectionView } from "./connection-view.ts";
import { latencies } from "./latency.ts";
import type { Schedule } from "./schedule.ts";
import { firstSocketState, type SocketEvent, type SocketState, socketAfter } from "./socket-state.ts";
import type { TownClock } from "./town-clock.ts";
import { firstTownState, KEPT_BATCHES, type TownState } from "./town-state.ts";

/** After a welcome, whatever is held back belongs to catching up; later it is this tab that is behind. */
const CATCH_UP_MS = 2_000;

/** So long the page waits for where the session stood at its welcome, while nothing is held back. */
const HEAD_MS = 10_000;

type Welcome = Extract<Down, { t: "welcome" }>;

/**
 * Folds what a session says into a TownState. It is changed as messages come; `flush` hands out a new object for the
 * readers, `look` lets time pass in its view of the connection.
 */

export function townFold(parts: { clock(): number; time: TownClock; schedule: Schedule }) {
	const { clock, time } = parts;
	let state = firstTownState(clock());
	let socket: SocketState = firstSocketState(clock());
	let builder = stateBuilder();
	let loading: { rows: number; total: number } | null = null;
	let catchingUp: { since: number; done: number; total: number } | null = null;
	let welcomedAt = 0;
	/** Where the session stood at the welcome, until this page has come so far. */
	let head: Position | null = null;
	/** This page was at the head once: what it shows was then the town as it is. */
	let arrivedOnce = false;
	/** The session's clock when it welcomed this page: what was committed before came late by no fault of anybody's. */
	let joinedAt = 0;
	let heardAt: number | null = null;
	let sessionOffset = 0;
	let behindSince: number | null = null;
	/** When the last frame came. */
	let framedAt = 0;
	let gaps = 0;
	let batches: Batch[] = [];
	const latency = latencies();
	/** Frames folded, handed to readers and painted so far; town's clock of the newest batch handed out. */
	const frames = { folded: 0, flushed: 0, painted: 0 };
	let newestAt: number | null = null;
	let flushedAt: number | null = null;

	/** True when the view of the connection has changed. The town's clock runs only while it is live (SOCKET-5). */
	const look = (): boolean => {
		const now = clock();
		if (catchingUp && state.figures.behindBytes === 0 && now - welcomedAt >= CATCH_UP_MS) catchingUp = null;
		const { position } = state.view;
		const reached = head && position?.epoch === head.epoch && position.seq >= head.seq;
		// One that never comes was of a past that was taken back: what is held back is told by the session.
		if (reached || (position && now - welcomedAt >= HEAD_MS && state.figures.behindBytes === 0)) head = null;
		arrivedOnce ||= socket.is === "welcomed" && position !== null && head === null;
		behindSince = state.figures.behindBytes === 0 ? null : (behindSince ?? now);
		const connection = connectionView({
			now,
			socket,
			heardAt,
			hasState: arrivedOnce,
			awaitsHead: head !== null,
			loading,
			town: state.feeds.get("town"),
			sessionOffset,
			catchingUp,
			behindBytes: state.figures.behindBytes,
			behindSince,
		});
		if (connection.is === "live") time.go();
		else if (connection.is !== "loading") time.stop(asOf(connection) ?? now);
		if (JSON.stringify(connection) === JSON.stringify(state.connection)) return false;
		state = { ...state, connection };
		return true;
	};

	const feedGaps = () => [...state.feeds.values()].reduce((sum, feed) => sum + feed.gaps, 0);
	const setFeeds = (feeds: readonly FeedState[]) => new Map(feeds.map((feed) => [feed.feed, feed] as const));

	return {
		look,
		state: () => state,
		socket: () => socket,
		heardAt: () => heardAt,
		sessionNow: () => clock() + sessionOffset,

		socketEvent(event: SocketEvent) {
			socket = socketAfter(socket, event, clock());
			if (event.type === "lost" || event.type === "refused") {
				builder = stateBuilder(state.view);
				loading = null;
				catchingUp = null;
				head = null;
				state = { ...state, figures: { ...state.figures, behindBytes: 0 } };
			}
			look();
		},

		heard() {
			heardAt = clock();
		},

		/** A frame of so many bytes came: so much less is held back. The session itself tells it once a second. */
		arrived(size: number) {
			framedAt = clock();
			if (catchingUp) {
				const done = catchingUp.done + size;
				catchingUp = done >= catchingUp.total ? null : { ...catchingUp, done };
			}
			const { behindBytes } = state.figures;
			if (behindBytes === 0) return;
			state = { ...state, figures: { ...state.figures, behindBytes: Math.max(0, behindBytes - size) } };
		},

		/** Since when the session holds something back and nothing of it has come. */
		heldSince: (): number | null => (behindSince === null ? null : Math.max(behindSince, framedAt)),

		welcome(message: Welcome) {
			const { viewer, admin, town } = message;
			sessionOffset = message.now - clock();
			welcomedAt = clock();
			joinedAt = message.now;
			head = message.head;
			builder = stateBuilder(state.view);
			socket = socketAfter(socket, { type: "welcomed" }, clock());
			const feeds = setFeeds(message.feeds);
			state = { ...state, identity: { viewer, admin, town }, feeds, viewers: message.viewers };
			look();
		},

		/** `broken`: a piece is missing, the state cannot become whole. It is shown only with its last piece (FEED-3). */
		chunk(message: State): "more" | "whole" | "broken" {
			const built = builder.add(message);
			if (!built.done) {
				if ("broken" in built) return "broken";
				loading = { rows: built.rows, total: built.total };
				return "more";
			}
			loading = null;
			builder = stateBuilder(built.view);
			state = { ...state, view: built.view };
			// The town was restored or made anew since: the head was another past's.
			if (built.view.position?.epoch !== head?.epoch) head = null;
			return "whole";
		},

		/** `gap`: the frame does not follow what is here; nothing after the hole was taken. */
		changes(message: Changes): "folded" | "gap" {
			const before = state.view.position?.seq ?? 0;
			const applied = applyChanges(state.view, message);
			frames.folded++;
			for (const batch of message.batches) {
				if (batch.from <= before || batch.to > (state.view.position?.seq ?? 0)) continue;
				batches.push(batch);
				if (batch.at >= joinedAt) newestAt = batch.at;
			}
			if (applied.ok || applied.why === "old") return "folded";
			gaps++;
			return "gap";
		},

		session(message: SessionMessage) {
			sessionOffset = message.now - clock();
			if (message.behind_bytes === 0) catchingUp = null;
			else if (clock() - welcomedAt < CATCH_UP_MS)
				catchingUp = { since: welcomedAt, done: 0, total: message.behind_bytes };
			state = {
				...state,
				feeds: setFeeds(message.feeds),
				viewers: message.viewers,
				figures: {
					...state.figures,
					behindBytes: message.behind_bytes,
					joinedMs: message.joined_ms,
				},
			};
			look();
		},

		pulse(message: Pulse) {
			const beats = new Map(state.beats);
			for (const beat of message.agents) beats.set(beat.agent_id, beat);
			const container = message.container ?? state.container;
			const looks = message.scheduler ?? state.looks;
			state = { ...state, beats, container, looks, pulseAt: message.at };
		},

		/** Ledger rows, in any order and perhaps known already. */
		entries(rows: readonly unknown[]) {
			const known = new Map(state.ledger.map((entry) => [entry.n, entry]));
			for (const row of rows as readonly LedgerEntry[]) if (typeof row?.n === "number") known.set(row.n, row);
			state = { ...state, ledger: [...known.values()].sort((a, b) => a.n - b.n) };
		},

		pong(sent: number, came: number, answer: Pong) {
			sessionOffset = answer.now - (sent + came) / 2;
			time.measured(sent, came, answer.town_now ?? answer.now);
			look();
		},

		/** A new object for the readers. */
		flush(): TownState {
			look();
			const { view } = state;
			if (batches.length > 0) {
				state = { ...state, batches: [...state.batches, ...batches].slice(-KEPT_BATCHES) };
				batches = [];
			}
			const framesBehind = frames.flushed - frames.painted;
			frames.flushed = frames.folded;
			flushedAt = newestAt;
			newestAt = null;
			const changed = Object.entries(view.versions).some(
				([entity, version]) => state.versions[entity as keyof typeof state.versions] !== version,
			);
			state = {
				...state,
				socket,
				versions: changed ? { ...view.versions } : state.versions,
				figures: {
					...state.figures,
					seq: view.position?.seq ?? 0,
					gaps: gaps + feedGaps(),
					latency: latency.figures(),
					framesBehind,
					heardAt,
					changedAt: view.changedAt,
					skewMs: time.offset(),
				},
			};
			return state;
		},

		/** What was flushed last is on the screen. */
		painted() {
			frames.painted = frames.flushed;
			if (flushedAt !== null && state.connection.is === "live") latency.add(time.at(clock()) - flushedAt);
			flushedAt = null;
		},
	};
}

const asOf = (connection: ConnectionView): number | null => ("asOf" in connection ? connection.asOf : null);
