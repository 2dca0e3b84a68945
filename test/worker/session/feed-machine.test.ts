import { expect, test } from "vitest";
import { FEED_STATES } from "../../../shared/protocol/index.ts";
import { backOffMs, FEED_EVENTS, FEED_TABLE } from "../../../worker/admin-session/feed-machine.ts";

/** Written apart from the table, cell by cell: `state event → state actions`. */
const CELLS = `
idle       want     connecting connect
idle       drop     idle
idle       opened   idle       hang_up
idle       failed   idle
idle       denied   idle
idle       at_head  idle
idle       behind   idle
idle       closed   idle
idle       replaced idle
idle       silent   idle
idle       due      idle
connecting want     connecting
connecting drop     idle       hang_up
connecting opened   replaying  subscribe
connecting failed   waiting    wait
connecting denied   idle
connecting at_head  connecting
connecting behind   connecting
connecting closed   waiting    wait
connecting replaced idle
connecting silent   waiting    hang_up wait
connecting due      connecting
replaying  want     replaying
replaying  drop     idle       hang_up
replaying  opened   replaying
replaying  failed   waiting    hang_up wait
replaying  denied   idle       hang_up
replaying  at_head  live
replaying  behind   replaying  subscribe
replaying  closed   waiting    wait
replaying  replaced idle
replaying  silent   waiting    hang_up wait
replaying  due      replaying
live       want     live
live       drop     idle       hang_up
live       opened   live
live       failed   waiting    hang_up wait
live       denied   idle       hang_up
live       at_head  live
live       behind   replaying  subscribe
live       closed   waiting    wait
live       replaced idle
live       silent   waiting    hang_up wait
live       due      live
waiting    want     waiting
waiting    drop     idle       unwait
waiting    opened   waiting    hang_up
waiting    failed   waiting
waiting    denied   idle       unwait
waiting    at_head  waiting
waiting    behind   waiting
waiting    closed   waiting
waiting    replaced idle       unwait
waiting    silent   waiting
waiting    due      connecting connect
`;

const cells = CELLS.trim()
	.split("\n")
	.map((line) => line.split(/\s+/)) as [string, string, string, ...string[]][];

test.each(cells)("SESSION-2: %s, %s → %s", (state, event, to, ...actions) => {
	const step = FEED_TABLE[state as never][event as never] as { to: string; do: string[] };
	expect([step.to, ...step.do]).toEqual([to, ...actions.filter(Boolean)]);
});

test("SESSION-2: the table has every state and every event", () => {
	expect(cells.length).toBe(FEED_STATES.length * FEED_EVENTS.length);
	expect(new Set(cells.map(([state, event]) => `${state} ${event}`)).size).toBe(cells.length);
});

test("SESSION-2: waits double up to ten seconds, and never all at the same moment", () => {
	expect([1, 2, 3, 4, 5, 6, 7, 8, 50].map((attempt) => backOffMs(attempt, 1))).toEqual([
		250, 500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000, 10_000,
	]);
	expect(backOffMs(3, 0)).toBe(500);
});
