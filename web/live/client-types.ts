import type { StoreApi } from "zustand/vanilla";
import type { Intention, Propose, Question, RemedyMessage } from "../../shared/protocol/index.ts";
import type { Result } from "./requests.ts";
import type { Schedule } from "./schedule.ts";
import type { Ticket } from "./socket.ts";
import type { StreamStore } from "./stream-store.ts";
import type { TownState } from "./town-state.ts";

export type TownClientOptions = {
	townId: string;
	/** A fresh ticket for each connection. */
	fetchTicket(): Promise<Ticket>;
	/** Case or a few words why this town is opened; recorded (LEDGER-11). */
	reason: string;
	/** Node's `ws`; the browser has its own. */
	WebSocket?: unknown;
	/** This machine's clock, epoch milliseconds. */
	clock?(): number;
	schedule?: Schedule;
	random?(): number;
	newId?(): string;
};

/** What a click proposes; the client adds the ids. */
type Proposal = Omit<Propose, "t" | "id" | "intervention" | "wait_ms" | "bulk" | "secret"> &
	Partial<Pick<Propose, "intervention" | "wait_ms" | "bulk" | "secret">>;

export type RowsResult = { ok: true; rows: unknown[]; more: boolean } | Extract<Result, { ok: false }>;

/** A town watched live (design §5). Runs in browsers and in Node: no React, no DOM. */
export type TownClient = {
	readonly townId: string;
	readonly store: StoreApi<TownState>;
	/** The town's clock, epoch milliseconds; stands still while the town is not seen live (SOCKET-5). */
	now(): number;
	/** Follows an agent's stream until the function that it gives is called; counted, so that several readers share one. */
	follow(agent: string): () => void;
	/** The stream of an agent that is or was followed. */
	stream(agent: string): StreamStore;
	/** Reads the page of a stream that is older than what is here. */
	loadOlder(agent: string, bytes?: number): Promise<RowsResult>;
	/** Reads all deltas that were left out of a stream (L8). */
	fetchLeftOut(agent: string): Promise<RowsResult>;
	/** Shows the hidden text of an agent's conversation, which is recorded (SEC-4). */
	reveal(agent: string): Promise<Result>;
	query(question: Question): Promise<RowsResult>;
	/** Refused at once, and not sent later, unless the town is live (SOCKET-3). */
	propose(proposal: Proposal): Promise<Result & { intervention: string }>;
	/** Several interventions in their order, approved at once (LEDGER-9); refused like a proposal. */
	remedy(remedy: Omit<RemedyMessage, "t" | "id">): Promise<Result>;
	/** Stops what is not done yet, by its id or that of its selection; also while the town is not seen (LEDGER-7). */
	cancel(of: string): Promise<Result>;
	/** The session's clock, epoch milliseconds: by it the seconds to cancel are counted. */
	sessionNow(): number;
	/** After the connection was lost with a proposal under way: whether the ledger has it, asked once welcomed again. */
	reached(intervention: string): Promise<boolean>;
	/** Tells the others what this page looks at and is about to do (SESSION-7). */
	focus(on: string | null, intention?: Intention | null): void;
	/** Tries to connect at once. */
	retry(): void;
	close(): void;
};
