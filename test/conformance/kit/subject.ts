import type { Table } from "../../../shared/gastown/index.ts";

/** One end of an open feed socket. */
export type Line = {
	send(text: string): void;
	close(): void;
	/** Called with every text that comes, and with null when the other side has closed. */
	listen(heard: (text: string | null) => void): void;
};

export type Statement = [sql: string, ...bindings: (string | number | null)[]];

/** A feed to be checked, and what the kit may do to it. What is not given is not tried, and the table says so. */
export type Subject = {
	/** Opens a feed socket; a newer one of the same subscriber closes the older. */
	open(subscriber: string): Promise<Line>;
	/** What can be seen, with its keys, kinds and masks. */
	tables?: Readonly<Record<string, Table>>;
	/** Runs all of these in one turn of the object, as its own write sites do; gives the rows of each. */
	exec?(...statements: Statement[]): Promise<Record<string, unknown>[][]>;
	/** False where `exec` goes past every call that could name a cause. */
	causes?: boolean;
	/** Lets the object write something in its own way; without it the kit waits for what happens. */
	stir?(): Promise<unknown>;
	stream?: StreamSubject;
};

export type StreamSubject = {
	open(subscriber: string): Promise<Line>;
	/** One event, by the object's own way in. */
	emit?(type: string, properties: unknown): Promise<unknown>;
	/** A batch of a producer, where the object takes batches. */
	append?(producer: string, producerSeq: number, texts: string[]): Promise<unknown>;
	/** A piece of a body that was cut out of an event. */
	body?(ref: string, piece: number): Promise<unknown>;
	/** Drops the oldest segments, all but the newest. */
	prune?(): Promise<void>;
};

export type Outcome = "passed" | "failed" | "not tried";
export type Finding = { rule: string; tried: string; outcome: Outcome; difference: string };

/** Resolves when the rule holds; rejects with `Broken`, or with `NotTried`. */
export type Check = { rule: string; tried: string; run(subject: Subject): Promise<void> };

/** What was wanted, and what came instead. */
export class Broken extends Error {}
/** What the kit would need. */
export class NotTried extends Error {}

export const notTried = (needs: string): never => {
	throw new NotTried(needs);
};

/** Throws where `found` is not what was wanted. */
export function same(what: string, found: unknown, wanted: unknown): void {
	const [a, b] = [JSON.stringify(found), JSON.stringify(wanted)];
	if (a !== b) throw new Broken(`${what}: wanted ${shortly(b)}, found ${shortly(a)}`);
}

const shortly = (text: string | undefined) =>
	text === undefined ? "nothing" : text.length > 200 ? `${text.slice(0, 200)}…` : text;
