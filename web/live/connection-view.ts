import type { FeedState } from "../../shared/protocol/index.ts";
import type { SocketState } from "./socket-state.ts";

/** Nothing heard for so long is stale; for so long it is blind (design-ui §4). */
const STALE_MS = 10_000;
const BLIND_MS = 15_000;
/** A short loss changes only the chip. */
const QUIET_MS = 2_000;
const QUIET_REPLAY_MS = 300;
/** So little is held back at any busy moment and comes with the next frames; only where it stays is this tab behind. */
const LITTLE = { bytes: 16_384, ms: 3_000 };

/** What the page may say of its sight of the town. Times are this machine's; `asOf` is when the values shown were true. */
export type ConnectionView =
	| { is: "live" }
	| { is: "stale"; since: number; asOf: number }
	| {
			is: "reconnecting";
			quiet: boolean;
			since: number;
			asOf: number | null;
			attempt: number;
			nextAt: number | null;
	  }
	| { is: "catching-up"; quiet: boolean; since: number; done: number; total: number }
	| { is: "behind"; bytes: number }
	| { is: "blind"; since: number; asOf: number | null; reason: string; nextAt: number | null }
	| { is: "refused"; since: number; code: string; reason: string }
	| { is: "loading"; since: number; rows: number; total: number };

export type ConnectionFacts = {
	now: number;
	socket: SocketState;
	/** When this page last heard anything from its session; null before the first. */
	heardAt: number | null;
	/** A whole state is shown. */
	hasState: boolean;
	/** Rows of a first state so far. */
	loading: { rows: number; total: number } | null;
	/** The session's feed of the town; undefined before it was told. */
	town: FeedState | undefined;
	/** The session's clock minus this machine's. */
	sessionOffset: number;
	/** What was committed before the welcome has not all come: what is shown is the past. */
	awaitsHead: boolean;
	/** Since the welcome this page is being brought up to date: bytes that have come, and that were to come. */
	catchingUp: { since: number; done: number; total: number } | null;
	behindBytes: number;
	/** Since when something is held back; null while nothing is. */
	behindSince: number | null;
};

/** What design-ui §4 calls the state of the feed, as one pure function of socket, feeds and clock (PAGE-1). */
export function connectionView(facts: ConnectionFacts): ConnectionView {
	const { now, socket, heardAt, town } = facts;
	if (socket.is === "refused")
		return { is: "refused", since: socket.since, code: socket.code ?? "", reason: socket.reason ?? "" };
	const down = socket.down;
	const silentSince = heardAt ?? down ?? socket.since;
	const asOf = facts.hasState ? silentSince : null;
	if (down !== null) {
		const blind = now - silentSince >= BLIND_MS;
		const first = !facts.hasState && socket.attempt <= 1 && socket.is !== "waiting";
		if (blind) {
			const reason = socket.reason ?? "the console cannot be reached";
			return { is: "blind", since: silentSince, asOf, reason, nextAt: socket.nextAt };
		}
		if (first) return { is: "loading", since: down, rows: 0, total: 0 };
		const quiet = now - down < QUIET_MS;
		return { is: "reconnecting", quiet, since: down, asOf, attempt: socket.attempt, nextAt: socket.nextAt };
	}
	if (now - silentSince >= BLIND_MS)
		return {
			is: "blind",
			since: silentSince,
			asOf,
			reason: "nothing is heard from the session",
			nextAt: null,
		};
	return townView(facts, silentSince, town);
}

/** The page is welcomed and hears its session: how well does the session see the town? */
function townView(facts: ConnectionFacts, heardAt: number, town: FeedState | undefined): ConnectionView {
	const { now, socket, hasState } = facts;
	const local = (session: number) => session - facts.sessionOffset;
	if (town && (town.state === "waiting" || town.state === "idle" || town.state === "connecting")) {
		const since = local(town.since);
		const nextAt = town.next_at === null ? null : local(town.next_at);
		const seenAt = hasState ? local(town.heard_at ?? town.since) : null;
		if (now - since >= QUIET_MS || town.attempt > 2) {
			const reason = town.reason ?? "the session cannot reach the town";
			return { is: "blind", since: seenAt ?? since, asOf: seenAt, reason, nextAt };
		}
		if (!hasState) return { is: "loading", since: socket.since, rows: 0, total: 0 };
		return { is: "reconnecting", quiet: true, since, asOf: seenAt, attempt: town.attempt, nextAt };
	}
	if (!hasState || !town) {
		const { rows = 0, total = 0 } = facts.loading ?? {};
		return { is: "loading", since: socket.since, rows, total };
	}
	if (town.state === "replaying" || facts.catchingUp || facts.awaitsHead) {
		const { since, done, total } = facts.catchingUp ?? { since: local(town.since), done: 0, total: 0 };
		return { is: "catching-up", quiet: now - since < QUIET_REPLAY_MS, since, done, total };
	}
	const stays = facts.behindSince !== null && now - facts.behindSince >= LITTLE.ms;
	if (facts.behindBytes >= LITTLE.bytes || (facts.behindBytes > 0 && stays))
		return { is: "behind", bytes: facts.behindBytes };
	if (now - heardAt >= STALE_MS) return { is: "stale", since: heardAt, asOf: heardAt };
	return { is: "live" };
}

/** Why nothing can be done now, for buttons and for the refusal of a click made blind (SOCKET-3); null while live. */
export function whyNoActions(view: ConnectionView, now: number): string | null {
	switch (view.is) {
		case "live":
			return null;
		case "stale":
			return `Nothing heard for ${Math.floor((now - view.since) / 1_000)} s`;
		case "reconnecting":
			return "Not connected";
		case "catching-up":
		case "behind":
			return "Catching up";
		case "blind":
			return "The town cannot be reached";
		case "refused":
			return view.reason || "Refused";
		case "loading":
			return "Still loading";
	}
}
