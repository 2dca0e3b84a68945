import { createStore } from "zustand/vanilla";
import type { Down, Intention, Question, Stream } from "../../shared/protocol/index.ts";
import { LIMITS, PROTOCOL_VERSION, pong, rowsAnswer, sizeOf } from "../../shared/protocol/index.ts";
import type { RowsResult, TownClient, TownClientOptions } from "./client-types.ts";
import { whyNoActions } from "./connection-view.ts";
import { credit } from "./credit.ts";
import { reachedTown } from "./reached.ts";
import { failed, type Result, requests } from "./requests.ts";
import { timerSchedule } from "./schedule.ts";
import { openSocket } from "./socket.ts";
import type { SocketEvent } from "./socket-state.ts";
import { followedStreams } from "./streams.ts";
import { townClock } from "./town-clock.ts";
import { townFold } from "./town-fold.ts";
import type { TownState } from "./town-state.ts";

export type { TownClient, TownClientOptions } from "./client-types.ts";

/** How long an open socket may be silent before it is given up. */
const DEAD_MS = 20_000;
/** What the session holds back comes within round trips of the credit for what came; credit that got lost never comes. */
const HELD_MS = 10_000;
/** How often time is let pass in the view of the connection: as fine as its shortest term, 300 ms. */
const WATCH_MS = 250;
/** A look at the clock that comes so late was held up by the browser or the machine. */
const LATE_MS = 5_000;
/** The others are told what is looked at once it was looked at so long. */
const FOCUS_MS = 500;
/** A ticket is renewed so long before its socket would close. */
const RENEW_MS = 60_000;

/** What this page looks at, and is about to do. */
type Focus = { on: string | null; intention: Intention | null };
const same = (one: Focus, other: Focus): boolean => JSON.stringify(one) === JSON.stringify(other);

export function createTownClient(options: TownClientOptions): TownClient {
	const { townId, clock = Date.now, schedule = timerSchedule, random = Math.random } = options;
	const newId = options.newId ?? (() => crypto.randomUUID());
	const time = townClock(clock);
	const fold = townFold({ clock, time, schedule });
	const store = createStore<TownState>(() => fold.state());
	let focus: Focus = { on: null, intention: null };
	let toldFocus = focus;
	let closed = false;
	let cancelFrame: (() => void) | null = null;
	let cancelPainted: (() => void) | null = null;
	let cancelRenew: (() => void) | null = null;
	let cancelFocus: (() => void) | null = null;
	let pingedAt = Number.NEGATIVE_INFINITY;
	let watchedAt = clock();
	/** When timers last came late: silence before it was this page's own. */
	let awakeAt = 0;
	/** What waits for the next welcome. */
	const waiting: (() => void)[] = [];

	const ask = requests((text) => !closed && socket.send(text), newId);
	const due = credit((bytes) => socket.send(JSON.stringify({ t: "credit", bytes })), schedule);
	const streams = followedStreams({
		send: (message) => ask.ask(message),
		query: (question) => query(question),
		after: schedule.after,
		ready: () => fold.socket().is === "welcomed",
		later: () => closed || tell(),
	});

	/** Readers are told at most once a frame, after whole batches. */
	const tell = () => {
		cancelFrame ??= schedule.frame(() => {
			cancelFrame = null;
			store.setState(fold.flush(), true);
			streams.tell(clock());
			cancelPainted = schedule.painted(() => fold.painted());
		});
	};

	const on = (event: SocketEvent) => {
		fold.socketEvent(event);
		if (event.type === "opened") sayHello();
		if (event.type === "lost" || event.type === "refused" || event.type === "left") {
			due.forget();
			cancelRenew?.();
			ask.failAll();
		}
		tell();
	};

	const sayHello = () => {
		pingedAt = clock();
		toldFocus = focus;
		// A hello starts with a whole window.
		due.forget();
		void ask
			.ask({
				t: "hello",
				version: PROTOCOL_VERSION,
				cursor: fold.state().view.position,
				streams: streams.cursors(),
				reason: options.reason,
				focus: focus.on,
				intention: focus.intention,
			})
			.then((result) => {
				if (!result.ok && result.error.code !== "connection-lost") socket.restart(result.error.message);
			});
	};

	const onText = (text: string) => {
		let message: Down;
		try {
			message = JSON.parse(text) as Down;
		} catch {
			return socket.restart("The session sent something that is not JSON");
		}
		fold.heard();
		receive(message);
		const isFrame = message.t === "state" || message.t === "changes" || message.t === "stream";
		if (isFrame) fold.arrived(sizeOf(text));
		if (isFrame || message.t === "pulse") due.folded(sizeOf(text));
		tell();
	};

	const receive = (message: Down) => {
		switch (message.t) {
			case "welcome":
				socket.settled();
				ask.answer({ t: "answer", id: message.id, ok: true, value: null });
				fold.welcome(message);
				streams.settle();
				renewBefore(message.expires_at - message.now);
				void query({ kind: "ledger", before: null, limit: 100 }).then((result) => {
					if (result.ok) fold.entries(result.rows);
					tell();
				});
				for (const welcomed of waiting.splice(0)) welcomed();
				tellFocus();
				return ping();
			case "state":
				if (fold.chunk(message) === "broken") socket.restart("A piece of the town's state was missing");
				return;
			case "changes":
				// Said again after a gap: what comes before its welcome cannot be used (FEED-5).
				if (fold.socket().is !== "welcomed" || fold.changes(message) === "folded") return;
				on({ type: "asked", reason: "Some changes were missing and are read again" });
				return sayHello();
			case "stream":
				return streams.fold(message as Stream, clock());
			case "session":
				fold.session(message);
				if (message.say_hello && fold.socket().is === "welcomed")
					sayHelloAgain("The session has started anew");
				return;
			case "pulse":
				return fold.pulse(message);
			case "intervention":
				return fold.entries(message.entries);
			case "answer":
				return ask.answer(message);
			case "goodbye":
				return socket.sayWhy(message.reason);
		}
	};

	/** What the session was asked before is lost: it woke without memory, or stands still. */
	const sayHelloAgain = (reason: string) => {
		on({ type: "asked", reason });
		ask.failAll();
		sayHello();
	};

	const tellFocus = () => {
		if (fold.socket().is !== "welcomed" || same(focus, toldFocus)) return;
		toldFocus = focus;
		void ask.ask({ t: "focus", ...focus });
	};

	const ping = () => {
		const sent = clock();
		pingedAt = sent;
		void ask.ask({ t: "ping" }).then((result) => {
			const answer = pong.safeParse(result.ok ? result.value : null).data;
			if (answer) fold.pong(sent, clock(), answer);
		});
	};

	const renewBefore = (ms: number) => {
		cancelRenew?.();
		cancelRenew = schedule.after(Math.max(1_000, Math.min(ms - RENEW_MS, 2_000_000_000)), async () => {
			const ticket = await options.fetchTicket();
			if (!ticket.ok || closed) return;
			const result = await ask.ask({ t: "renew", ticket: ticket.ticket });
			const value = result.ok ? (result.value as { expires_at?: unknown } | null) : null;
			if (typeof value?.expires_at === "number") renewBefore(value.expires_at - fold.sessionNow());
		});
	};

	const query = async (question: Question): Promise<RowsResult> => {
		const result = await ask.ask({ t: "query", question });
		if (!result.ok) return result;
		const answer = rowsAnswer.safeParse(result.value);
		if (answer.success) return { ok: true, ...answer.data };
		return failed("bad-answer", "The session's answer was not understood.") as Extract<Result, { ok: false }>;
	};

	/** Why nothing may be proposed now: a click made blind is not sent (SOCKET-3). */
	const notLive = (): Result | null => {
		fold.look();
		const why = whyNoActions(fold.state().connection, clock());
		return why === null ? null : failed("not-live", `${why}. Nothing was sent and nothing was changed.`);
	};

	/** Pings, gives up a silent socket and lets time pass in the view of the connection. */
	const watch = () => {
		if (closed) return;
		const now = clock();
		const { is, since } = fold.socket();
		const heardAt = fold.heardAt() ?? 0;
		// A hidden tab's timers run once a minute, those of a machine asleep not at all: only a ping that waits tells then.
		if (now - watchedAt >= LATE_MS && heardAt >= pingedAt) awakeAt = now;
		watchedAt = now;
		const silent = now - Math.max(heardAt, since, awakeAt);
		if (is === "open" && now - Math.max(since, awakeAt) >= DEAD_MS)
			socket.restart("The session did not answer");
		if (is === "welcomed") {
			// Twice as often where nothing else is heard, so that one late answer does not read as stale.
			const every = silent > LIMITS.pingMs / 2 - 100 ? LIMITS.pingMs / 2 : LIMITS.pingMs;
			if (silent >= DEAD_MS) socket.restart(`Nothing was heard for ${Math.floor(silent / 1_000)} s`);
			else if (now - Math.max(fold.heldSince() ?? now, awakeAt) >= HELD_MS)
				sayHelloAgain("What the session holds back did not come");
			else if (now - pingedAt >= every) ping();
		}
		if (fold.look()) tell();
		schedule.after(WATCH_MS, watch);
	};

	const socket = openSocket({
		fetchTicket: options.fetchTicket,
		WebSocket: options.WebSocket,
		schedule,
		clock,
		random,
		on,
		onText,
	});
	schedule.after(WATCH_MS, watch);

	return {
		townId,
		store,
		now: time.now,
		follow: streams.follow,
		stream: streams.store,
		loadOlder: streams.loadOlder,
		fetchLeftOut: streams.fetchLeftOut,
		reveal: streams.reveal,
		query,
		async propose(proposal) {
			const intervention = proposal.intervention ?? newId();
			const result = notLive() ?? (await ask.ask({ t: "propose", ...proposal, intervention }));
			return { ...result, intervention };
		},
		remedy: async (remedy) => notLive() ?? ask.ask({ t: "remedy", ...remedy }),
		cancel: (of) => ask.ask({ t: "cancel", of }),
		sessionNow: fold.sessionNow,
		reached: (intervention) =>
			reachedTown({
				intervention,
				newest: fold.state().ledger.at(-1)?.n ?? 0,
				query,
				welcomed: () => new Promise((resolve) => void waiting.push(resolve)),
				found(rows) {
					fold.entries(rows);
					tell();
				},
			}),
		focus(on, intention = null) {
			if (same(focus, { on, intention })) return;
			focus = { on, intention };
			// Who goes from row to row looks at none of them.
			cancelFocus?.();
			cancelFocus = schedule.after(FOCUS_MS, tellFocus);
		},
		retry: () => socket.now(),
		close() {
			closed = true;
			cancelFrame?.();
			cancelPainted?.();
			cancelFocus?.();
			socket.close();
			store.setState(fold.flush(), true);
		},
	};
}
