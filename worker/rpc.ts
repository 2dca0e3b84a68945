import type { RigSummary, TownSummary } from "../shared/directory/index.ts";
import type { AgentSignals, Usage } from "../shared/gastown/index.ts";
import type { Method, MethodArgs, ReportKind, Reports } from "../shared/ingest/index.ts";
import type { Danger, Verdict } from "../shared/interventions/catalogue-entry.ts";
import type { LedgerRow } from "../shared/interventions/chain.ts";
import type { Order, Receipt } from "../shared/interventions/receipt.ts";
import type { Cause, Position, Question, ResetReason } from "../shared/protocol/index.ts";
import type { Action } from "./town/scheduler/actions.ts";

/**
 * What one Durable Object may ask of another. The classes implement these; callers see only them.
 * Every method may reject when the object restarts: callers retry or say "could not be reached".
 */

/** Frames that follow a cursor, as text ready for viewers, up to about `bytes`; or why there can be none. */
export type Page =
	| { frames: { from: number; to: number; text: string }[]; position: Position; more: boolean }
	| { reset: ResetReason };

/** Rows newest first. */
export type QueryAnswer = { rows: unknown[]; more: boolean };

export type TownDescription = { id: string; name: string; owner_type: string; owner_id: string };

/** A failed read or a refused call, with a code for programs and words for people. */
export type Refusal = { ok: false; code: string; message: string };

export interface TownRpc {
	/** Null when this town was never created. */
	describe(): Promise<TownDescription | null>;
	/** Changes after a cursor, for viewers that cannot be served from the session's tail. */
	page(cursor: Position, bytes: number): Promise<Page>;
	/** What the scheduler would do at its next look, as data; nothing is changed (domain.md §2.1, `debugDryRun`). */
	dryRun(): Promise<Action[]>;
	/** `journal`, `changes`, `moment`, `plan` and `cell` questions. */
	query(question: Question): Promise<QueryAnswer | Refusal>;
	/** Current rows of these keys, null where there is none (effects are first looked up, then watched). */
	rows(keys: { entity: string; key: string }[]): Promise<(Record<string, unknown> | null)[]>;
	/** What the catalogue says of an order now; nothing is changed. */
	checkIntervention(order: Pick<Order, "name" | "target" | "params">): Promise<Checked>;
	/** Applies an order once, or refuses it (LEDGER-2). Idempotent by `order.id`. `secret`: where its entry takes one (LEDGER-14). */
	applyIntervention(order: Order, secret?: string | null): Promise<Receipt>;
	/** The receipt of an order; where there is none a `never` is written, which fences a late arrival. */
	settleIntervention(id: string): Promise<Receipt>;
	/** Receipts as they are stored, by id, after `id`; for the check of the ledger (LEDGER-4). */
	receipts(id: string, limit: number): Promise<{ id: string; body: string }[]>;
	/** True when this agent is or was one of this town's. */
	ownsAgent(agentId: string): Promise<boolean>;
	/** What AgentDO folded; applied where it is newer than what is there (by `stream_seq`), so a repeat changes nothing. */
	reportAgent(report: AgentReport): Promise<void>;
	/** A call of an agent or a user, its arguments checked already. `at`: when it happened, of one that is told late; null for now. */
	gastown<M extends Method>(
		method: M,
		args: MethodArgs<M>,
		cause: Cause,
		at?: number | null,
	): Promise<Called>;
	/** A report of the town's container, checked already; `at` as above. */
	ingest<K extends ReportKind>(
		kind: K,
		report: Reports[K],
		cause: Cause,
		at?: number | null,
	): Promise<Called>;
}

/** AdminSessionDO as the HTTP face reads it: what is done goes over the socket alone (LEDGER-1). */
export interface SessionRpc {
	/** Where the ledger ends, and how far the session knows it to be mirrored. */
	ledgerHead(): Promise<{ n: number; hash: string; mirrored: number }>;
	/** Rows after `n` as they were hashed, oldest first. */
	ledgerRows(n: number, limit: number): Promise<LedgerRow[]>;
	/** Rows of whole interventions whose first row comes after `n`; `last` is where to go on, null at the end. */
	ledgerStories(n: number, limit: number): Promise<{ rows: LedgerRow[]; last: number | null }>;
}
/** An order before it is given: the name of its target, the values that it depends on, and whether it may be done. */
export type Checked = {
	target_name: string;
	danger: Danger;
	saw: Record<string, unknown>;
	verdict: Verdict;
};

/** What a town tells its owner: itself, its rigs, how it is. The newest word replaces the one before. */
export type TownNews = {
	id: string;
	name: string;
	rigs: RigSummary[];
	summary: NonNullable<TownSummary["summary"]>;
};

/** GastownUserDO and GastownOrgDO. */
export interface OwnerRpc {
	tellTown(news: TownNews): Promise<void>;
	/** All towns with rigs and health, in one read: the user page asks one object, not one per town. */
	overview(): Promise<TownSummary[]>;
}

/** What a town answers to a call. Refused: nothing of it was done; `details` names what stood in the way. */
export type Called =
	| { ok: true; value: unknown }
	| { ok: false; code: string; message: string; details?: Record<string, unknown> };

/**
 * What an agent's stream says now (STREAM-4, STREAM-6): the whole row of signals, and absolute totals of the attempts and
 * models that changed since the last report that arrived.
 */
export type AgentReport = { agent: string; signals: AgentSignals; usage: Usage[] };

/** What is known of a town's container without waking it (FEED-9). */
export type ContainerNow = {
	status: "stopped" | "starting" | "running" | "stopping";
	instance_id: string | null;
	/** Epoch milliseconds. */
	since: number | null;
	exit_code: number | null;
};

/** A request to the control server: `path` as in shared/control/requests.ts, e.g. `/agents/start`. */
export type ControlRequest = {
	method: "GET" | "POST" | "PUT" | "PATCH";
	path: string;
	body?: unknown;
	/** Idempotency key. */
	key?: string;
	/** Goes with it to the container's log, e.g. the intervention's id. */
	correlation?: string | null;
	/** Default 10 s (domain.md §2.6). */
	timeout_ms?: number;
};

/** Never rejects: what cannot be reached is a value. `answered` has whatever status the control server gave. */
export type ControlAnswer =
	| { ok: true; status: number; body: unknown }
	| {
			ok: false;
			code: "not-running" | "unreachable" | "timeout" | "refused" | "not-configured";
			message: string;
	  };

/**
 * The container of a town, obeying: it decides nothing. Starts and stops are told to TownDO by the lifecycle hooks as
 * `container-events` with the correlation id in `detail.correlation`.
 */
export interface TownContainerRpc {
	getState(): Promise<ContainerNow>;
	/** Resolves when it answers its health check, or with why not; a running one is left as it is. */
	start(order: { reason: string; key: string; correlation: string | null }): Promise<ControlAnswer>;
	/**
	 * SIGTERM and its drain, then the end; resolves when it was told. `sleep`: an idle stop. `instance`: only that one; `not-running`
	 * where another runs by now.
	 */
	stop(order: {
		reason: string;
		key: string;
		correlation: string | null;
		sleep: boolean;
		instance?: string | null;
	}): Promise<ControlAnswer>;
	/** Ends it at once; the next start is a new instance. */
	kill(order: { reason: string; key: string; correlation: string | null }): Promise<ControlAnswer>;
	/** Tells the platform when it may put what runs to sleep. */
	sleepAfter(ms: number): Promise<ControlAnswer>;
	/** Asks the control server, where the container runs: nothing here starts it. */
	control(request: ControlRequest): Promise<ControlAnswer>;
	/** The platform says that the instance has ended (local driver only; on Cloudflare the monitor does). */
	ended(end: {
		instance_id: string;
		exit_code: number | null;
		signal: string | null;
		reason: string;
		oom: boolean;
	}): Promise<void>;
}

/** One SDK event as a container reports it. `at` is epoch milliseconds of emission. */
export type IngestEvent = { at: number; id: string | null; type: string; properties: unknown };

export type AppendResult =
	/** `interval` is how long the producer should gather before the next batch, milliseconds (STREAM-1). */
	| { ok: true; seq: number; interval: number; duplicate: boolean }
	/** A gap or a foreign town: nothing was stored. `expected` is the producer seq that is wanted. */
	| { ok: false; code: "gap" | "foreign-town"; expected: number; message: string };

export interface AgentRpc {
	/** Appends one batch, idempotent by (producer, producerSeq), counted from 1. */
	append(batch: {
		town: string;
		agent: string;
		producer: string;
		producerSeq: number;
		attempt: string | null;
		bead: string | null;
		events: IngestEvent[];
	}): Promise<AppendResult>;
	/** `revealed`: for somebody whose reveal is in the ledger (SEC-4); else hidden text stays hidden. */
	page(town: string, cursor: Position, bytes: number, revealed?: boolean): Promise<Page>;
	/** `stream`, `passage` and `body` questions; `revealed` as above. */
	query(town: string, question: Question, revealed?: boolean): Promise<QueryAnswer | Refusal>;
	/** Binds the agent to the town before its first event (STREAM-7). False when it already belongs to another. */
	claim(town: string, agent: string): Promise<boolean>;
	/** The agent was deleted: its stream stays for 30 days more (STREAM-3). Nothing happens for a foreign town. */
	retire(town: string): Promise<void>;
}
