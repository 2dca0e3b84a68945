import type { Cause } from "../../shared/protocol/index.ts";
import type { Sql } from "../live-ops/sql.ts";

/**
 * What every part of a town works with. All parts are synchronous functions of it and run inside `liveOps.run`, so that
 * each call is one batch with a cause (FEED-5). A call that answers a failure has its writes rolled back.
 */
export type Town = {
	readonly id: string;
	/** Captured: every write through it is in the feed. */
	readonly sql: Sql;
	/** Epoch milliseconds; the same through one run. */
	now(): number;
	uuid(): string;
	/** Of the run under way. */
	cause(): Cause | null;
	/** An intervention's effect outside the database is unfinished: not to be dispatched (LEDGER-2). */
	isHeld(kind: "agent" | "bead", id: string): boolean;
};

/** A refused call: nothing of it was done. `details` names what stood in the way, e.g. `from` and `event`. */
export type Failure = { ok: false; code: string; message: string; details?: Record<string, unknown> };
export type Result<T> = { ok: true; value: T } | Failure;

export const ok = <T>(value: T): Result<T> => ({ ok: true, value });
export const fail = (code: string, message: string, details?: Record<string, unknown>): Failure => ({
	ok: false,
	code,
	message,
	details,
});

/** The refused move of a transition table as a refused call. */
export const failMove = (
	move: { code: string; from: string; event: string; message: string },
	id: string,
): Failure => fail(move.code, move.message, { id, from: move.from, event: move.event });

/** The town's time as rows hold it. */
export const isoNow = (town: Town): string => new Date(town.now()).toISOString();
