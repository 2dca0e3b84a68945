import type { FeedStateName } from "../../shared/protocol/index.ts";

/**
 * What can happen to a feed. `want`: somebody follows. `drop`: nobody has for 10 s. `opened`, `failed`, `denied`: how the
 * upgrade went. `at_head`, `behind`: the source's head is ours, or is not, or a frame did not follow. `closed`: the socket
 * ended. `replaced`: a newer socket of this session took over. `silent`: not even a pong for 15 s. `due`: the wait is over.
 */
export const FEED_EVENTS = [
	"want",
	"drop",
	"opened",
	"failed",
	"denied",
	"at_head",
	"behind",
	"closed",
	"replaced",
	"silent",
	"due",
] as const;
export type FeedEvent = (typeof FEED_EVENTS)[number];

/** `hang_up` closes the socket that is there; `wait` plans `due` with back-off; `unwait` forgets that plan. */
export type FeedAction = "connect" | "subscribe" | "hang_up" | "wait" | "unwait";

export type FeedStep = { readonly to: FeedStateName; readonly do: readonly FeedAction[] };

const step = (to: FeedStateName, ...actions: FeedAction[]): FeedStep => ({ to, do: actions });

/** Every state × every event (SESSION-2): the type refuses a table with a hole. */
export const FEED_TABLE: Record<FeedStateName, Record<FeedEvent, FeedStep>> = {
	idle: {
		want: step("connecting", "connect"),
		drop: step("idle"),
		// The answer to an upgrade that nobody waits for any more.
		opened: step("idle", "hang_up"),
		failed: step("idle"),
		denied: step("idle"),
		at_head: step("idle"),
		behind: step("idle"),
		closed: step("idle"),
		replaced: step("idle"),
		silent: step("idle"),
		due: step("idle"),
	},
	connecting: {
		want: step("connecting"),
		drop: step("idle", "hang_up"),
		opened: step("replaying", "subscribe"),
		failed: step("waiting", "wait"),
		denied: step("idle"),
		at_head: step("connecting"),
		behind: step("connecting"),
		closed: step("waiting", "wait"),
		replaced: step("idle"),
		silent: step("waiting", "hang_up", "wait"),
		due: step("connecting"),
	},
	replaying: {
		want: step("replaying"),
		drop: step("idle", "hang_up"),
		opened: step("replaying"),
		failed: step("waiting", "hang_up", "wait"),
		denied: step("idle", "hang_up"),
		at_head: step("live"),
		behind: step("replaying", "subscribe"),
		closed: step("waiting", "wait"),
		replaced: step("idle"),
		silent: step("waiting", "hang_up", "wait"),
		due: step("replaying"),
	},
	live: {
		want: step("live"),
		drop: step("idle", "hang_up"),
		opened: step("live"),
		failed: step("waiting", "hang_up", "wait"),
		denied: step("idle", "hang_up"),
		at_head: step("live"),
		behind: step("replaying", "subscribe"),
		closed: step("waiting", "wait"),
		replaced: step("idle"),
		silent: step("waiting", "hang_up", "wait"),
		due: step("live"),
	},
	waiting: {
		// Its back-off stands: a new follower does not hammer what has just failed.
		want: step("waiting"),
		drop: step("idle", "unwait"),
		opened: step("waiting", "hang_up"),
		failed: step("waiting"),
		denied: step("idle", "unwait"),
		at_head: step("waiting"),
		behind: step("waiting"),
		closed: step("waiting"),
		replaced: step("idle", "unwait"),
		silent: step("waiting"),
		due: step("connecting", "connect"),
	},
};

/** The wait before try `attempt` (from 1), milliseconds: 250 ms doubling to 10 s, of which half is chance, so that many sessions do not come back at once. */
export const backOffMs = (attempt: number, random: number): number => {
	const full = Math.min(10_000, 250 * 2 ** Math.max(0, attempt - 1));
	return Math.round(full / 2 + (full / 2) * random);
};
