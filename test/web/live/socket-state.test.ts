// @vitest-environment node
import { expect, test } from "vitest";
import {
	firstSocketState,
	type SocketEvent,
	type SocketState,
	socketAfter,
} from "../../../web/live/socket-state.ts";

const STATES: SocketState["is"][] = ["waiting", "connecting", "open", "welcomed", "refused", "closed"];
const EVENTS: SocketEvent[] = [
	{ type: "try" },
	{ type: "opened" },
	{ type: "welcomed" },
	{ type: "asked", reason: "r" },
	{ type: "lost", reason: "r", nextAt: 9 },
	{ type: "refused", code: "4403", reason: "r" },
	{ type: "left" },
];

/** Rows are states, columns events in the order of EVENTS; `.` stays as it is. */
const TABLE: Record<SocketState["is"], string[]> = {
	waiting: ["connecting", ".", ".", ".", "waiting", "refused", "closed"],
	connecting: ["connecting", "open", ".", ".", "waiting", "refused", "closed"],
	open: ["connecting", ".", "welcomed", ".", "waiting", "refused", "closed"],
	welcomed: ["connecting", ".", ".", "open", "waiting", "refused", "closed"],
	refused: ["connecting", ".", ".", ".", ".", ".", "."],
	closed: ["connecting", ".", ".", ".", ".", ".", "."],
};

test("SOCKET-4: every state of the socket meets every event", () => {
	for (const is of STATES)
		EVENTS.forEach((event, column) => {
			const state: SocketState = { ...firstSocketState(0), is, down: is === "welcomed" ? null : 0 };
			const next = socketAfter(state, event, 5);
			const expected = TABLE[is][column];
			if (expected === ".") expect(next, `${is} × ${event.type}`).toBe(state);
			else expect(next.is, `${is} × ${event.type}`).toBe(expected);
		});
});

test("SESSION-6: `down` runs from the loss, through every try, to the next welcome", () => {
	let state = firstSocketState(0);
	const play = (event: SocketEvent, now: number) => {
		state = socketAfter(state, event, now);
		return state;
	};
	play({ type: "try" }, 1);
	play({ type: "opened" }, 2);
	expect(play({ type: "welcomed" }, 3)).toMatchObject({ down: null, attempt: 0 });
	expect(play({ type: "lost", reason: "gone", nextAt: 12 }, 10)).toMatchObject({ down: 10, nextAt: 12 });
	expect(play({ type: "try" }, 12)).toMatchObject({ down: 10, attempt: 1, reason: "gone" });
	play({ type: "lost", reason: "gone", nextAt: 20 }, 13);
	expect(play({ type: "try" }, 20)).toMatchObject({ down: 10, attempt: 2 });
});
