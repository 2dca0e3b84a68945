import ReconnectingWebSocket from "partysocket/ws";
import { CLOSE, FINAL_CODES } from "../../shared/protocol/index.ts";
import type { Schedule } from "./schedule.ts";
import type { SocketEvent } from "./socket-state.ts";

/** `url` is absolute, `ws:` or `wss:`. A refusal that is `final` cannot be mended by trying again. */
export type Ticket =
	| { ok: true; ticket: string; url: string }
	| { ok: false; final: boolean; code: string; message: string };

export type SocketOptions = {
	fetchTicket(): Promise<Ticket>;
	/** Node's `ws`; the browser has its own. */
	WebSocket?: unknown;
	schedule: Schedule;
	clock(): number;
	/** Of 0 to 1, so that the pages of a restarted session do not all come back at once. */
	random(): number;
	on(event: SocketEvent): void;
	onText(text: string): void;
};

export type Socket = {
	send(text: string): boolean;
	/** Does not wait for the next try. */
	now(): void;
	/** Gives up a connection that is silent or out of step, and tries anew. */
	restart(reason: string): void;
	/** Words of a `goodbye`, told as the reason of the close that follows. */
	sayWhy(reason: string): void;
	/** A welcome came: the next loss starts counting anew. */
	settled(): void;
	close(): void;
};

const BACK_OFF_MS = [0, 500, 1_000, 2_000, 4_000, 8_000, 10_000];

/** Why a socket was closed, where neither a goodbye nor the close said it. */
const WORDS: Record<number, string> = {
	[CLOSE.badMessage]: "This page sent something that the session does not understand. Reload it.",
	[CLOSE.identityExpired]: "Your sign-in has expired.",
	[CLOSE.forbidden]: "You are not an admin any more.",
	[CLOSE.noSuchTown]: "There is no such town.",
	[CLOSE.oldPage]: "This page is older than the console. Reload it.",
	[CLOSE.badOrigin]: "This page's address may not open towns.",
};

/**
 * One connection after another to a session, by partysocket: a fresh ticket for each try, nothing queued while it is
 * down (SOCKET-3). The waiting is done here, inside its URL provider, so that it is seen, cut short and moved by tests.
 */
export function openSocket(options: SocketOptions): Socket {
	const { clock, schedule, on } = options;
	let failures = 0;
	/** True from the moment a socket is made until its loss was told. */
	let standing = false;
	let ended = false;
	let goodbye: string | null = null;
	let wait: { until: Promise<void>; now(): void } | null = null;

	const lost = (reason: string) => {
		const step = BACK_OFF_MS[Math.min(failures, BACK_OFF_MS.length - 1)] ?? 0;
		const delay = step * (0.75 + options.random() / 2);
		failures++;
		let go = () => {};
		const until = new Promise<void>((resolve) => {
			go = resolve;
		});
		const cancel = schedule.after(delay, go);
		wait = {
			until,
			now: () => {
				cancel();
				go();
			},
		};
		on({ type: "lost", reason, nextAt: clock() + delay });
	};

	const refuse = (code: string, reason: string) => {
		ended = true;
		on({ type: "refused", code, reason });
	};

	const nextUrl = async (): Promise<string> => {
		await wait?.until;
		wait = null;
		if (ended) throw new Error("closed");
		on({ type: "try" });
		const ticket = await options.fetchTicket().catch((error: unknown) => ({
			ok: false as const,
			final: false,
			code: "unreachable",
			message: error instanceof Error ? error.message : String(error),
		}));
		if (ticket.ok) {
			standing = true;
			goodbye = null;
			return ticket.url;
		}
		if (ticket.final) {
			refuse(ticket.code, ticket.message);
			socket.close();
		} else lost(ticket.message);
		throw new Error(ticket.message);
	};

	const socket = new ReconnectingWebSocket(nextUrl, null, {
		WebSocket: options.WebSocket,
		maxEnqueuedMessages: 0,
		minReconnectionDelay: 0,
		connectionTimeout: 8_000,
		shouldReconnectOnClose: (event) => !ended && !FINAL_CODES.has(event.code),
	});
	socket.onopen = () => on({ type: "opened" });
	socket.onmessage = (event) => {
		if (typeof event.data === "string") options.onText(event.data);
	};
	socket.onclose = (event) => {
		// partysocket also tells of the close of a socket that was never made.
		if (!standing || ended) return;
		standing = false;
		const reason = goodbye || event.reason || WORDS[event.code] || "The connection was lost";
		if (FINAL_CODES.has(event.code)) refuse(String(event.code), reason);
		else lost(reason);
	};

	return {
		send: (text) => socket.send(text),
		now: () => wait?.now(),
		restart(reason) {
			goodbye = reason;
			socket.reconnect();
		},
		sayWhy(reason) {
			goodbye = reason;
		},
		settled() {
			failures = 0;
		},
		close() {
			if (ended) return;
			ended = true;
			wait?.now();
			on({ type: "left" });
			socket.close(1000);
		},
	};
}
