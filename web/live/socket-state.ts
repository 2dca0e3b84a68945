/**
 * The connection of this page to its session. `down` is since when it is not welcomed: from the start, or from the last
 * loss. Times are this machine's epoch milliseconds. `attempt` counts the tries since it was last welcomed.
 */
export type SocketState = {
	is: "waiting" | "connecting" | "open" | "welcomed" | "refused" | "closed";
	since: number;
	attempt: number;
	down: number | null;
	/** When the next try starts, while waiting. */
	nextAt: number | null;
	/** Why it is down, in words. */
	reason: string | null;
	/** A close code, or the code of a refused ticket. */
	code: string | null;
};

export type SocketEvent =
	/** A ticket is being fetched and a socket opened. */
	| { type: "try" }
	| { type: "opened" }
	| { type: "welcomed" }
	/** `hello` was said again on this connection: until its welcome comes nothing is seen live. */
	| { type: "asked"; reason: string }
	| { type: "lost"; reason: string; nextAt: number }
	| { type: "refused"; code: string; reason: string }
	| { type: "left" };

export const firstSocketState = (now: number): SocketState => ({
	is: "connecting",
	since: now,
	attempt: 0,
	down: now,
	nextAt: null,
	reason: null,
	code: null,
});

const ENDED = new Set<SocketState["is"]>(["refused", "closed"]);

/** The state after an event at `now`. What has ended stays ended but for a new try; what says nothing new changes nothing. */
export function socketAfter(state: SocketState, event: SocketEvent, now: number): SocketState {
	if (ENDED.has(state.is) && event.type !== "try") return state;
	const down = state.down ?? now;
	switch (event.type) {
		case "try":
			return {
				...state,
				is: "connecting",
				since: now,
				attempt: state.attempt + 1,
				down,
				nextAt: null,
				code: null,
			};
		case "opened":
			return state.is === "connecting" ? { ...state, is: "open", since: now, down } : state;
		case "welcomed":
			return state.is === "open"
				? { ...state, is: "welcomed", since: now, attempt: 0, down: null, reason: null }
				: state;
		case "asked":
			return state.is === "welcomed"
				? { ...state, is: "open", since: now, down, reason: event.reason }
				: state;
		case "lost":
			return { ...state, is: "waiting", since: now, down, nextAt: event.nextAt, reason: event.reason };
		case "refused":
			return {
				...state,
				is: "refused",
				since: now,
				down,
				nextAt: null,
				reason: event.reason,
				code: event.code,
			};
		case "left":
			return { ...state, is: "closed", since: now, down, nextAt: null };
	}
}
