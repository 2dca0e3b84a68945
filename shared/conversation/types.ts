/**
 * What a stream of SDK events folds into. Shapes follow the agent server's own answer (`GET /session/:id/message`), and
 * stay open: kilo and opencode add fields and types with every version, so unknown ones are kept as they came.
 */

/** One event in one shape, however it was spelled or nested on the wire. `at` is epoch milliseconds, 0 where unknown. */
export type AgentEvent = {
	/** Position in the agent's stream, or null outside of one. */
	seq: number | null;
	at: number;
	/** Envelope id; kilo 7.0.33 has none. */
	id: string | null;
	type: string;
	/** The session it belongs to; null for events of the whole server. */
	session: string | null;
	/** False when the id only stood nested: such an event reaches every agent of a shared server (domain.md §3.3). */
	addressed: boolean;
	properties: Record<string, unknown>;
};

/**
 * A long string that was cut out of the stream (STREAM-2): `size` characters in all, the whole by a `body` query. The
 * tail says how a command ended. With `json` the text is that of a list or object. With `hidden` there is no whole to be
 * asked for before it was revealed, and `head` says how much there is (SEC-4).
 */
export type Body = { $body: string; size: number; head: string; tail?: string; json?: true; hidden?: true };
export type Text = string | Body;

type Tokens = {
	total?: number;
	input: number;
	output: number;
	reasoning: number;
	cache: { read: number; write: number };
};

/** `{name, data}` as providers and agents report failures. */
type AgentError = {
	name: string;
	data?: { message?: string; statusCode?: number; isRetryable?: boolean } & Record<string, unknown>;
};

/** Where the beginning of a message was lost only `id` and `sessionID` are known. */
export type MessageInfo = {
	id: string;
	sessionID: string;
	role?: "user" | "assistant" | (string & {});
	parentID?: string;
	time?: { created: number; completed?: number };
	agent?: string;
	mode?: string;
	/** Of assistant messages; a user message has `model` instead. */
	modelID?: string;
	providerID?: string;
	model?: { providerID: string; modelID: string };
	cost?: number;
	tokens?: Tokens;
	finish?: string;
	error?: AgentError;
	/** `true` on the summary that a compaction wrote; an object with the turn's diffs on a user message. */
	summary?: unknown;
} & Record<string, unknown>;

type PartBase = { id: string; sessionID: string; messageID: string };
export type TextPart = PartBase & {
	type: "text" | "reasoning";
	text: Text;
	time?: { start: number; end?: number };
	synthetic?: boolean;
	ignored?: boolean;
	metadata?: Record<string, unknown>;
};
type ToolState = {
	status: "pending" | "running" | "completed" | "error" | (string & {});
	input?: Record<string, unknown> | Body;
	raw?: string;
	title?: string;
	/** Only when `completed`; while running the output so far is in `metadata.output`. */
	output?: Text;
	/** Only when `error`. */
	error?: Text;
	metadata?: Record<string, unknown>;
	time?: { start: number; end?: number };
};
export type ToolPart = PartBase & { type: "tool"; callID?: string; tool: string; state: ToolState };
export type StepFinishPart = PartBase & {
	type: "step-finish";
	reason?: string;
	cost?: number;
	tokens?: Tokens;
	snapshot?: string;
};
type PatchPart = PartBase & { type: "patch"; hash: string; files: string[] };
type CompactionPart = PartBase & { type: "compaction"; auto?: boolean; overflow?: boolean };
/** step-start, file, agent, subtask, retry, snapshot, and whatever comes next. */
type OtherPart = PartBase & { type: string & {} } & Record<string, unknown>;
export type Part = TextPart | ToolPart | StepFinishPart | PatchPart | CompactionPart | OtherPart;

export const isTextPart = (part: Part): part is TextPart => part.type === "text" || part.type === "reasoning";
export const isToolPart = (part: Part): part is ToolPart => part.type === "tool";
export const isStepFinish = (part: Part): part is StepFinishPart => part.type === "step-finish";

/** A message as the server gives it. Parts are replaced, never changed, so their identity tells whether to render anew. */
export type Message = { info: MessageInfo; parts: readonly Part[] };

/**
 * A message of a live conversation: the object stays the same while it grows and `version` counts its changes;
 * `info`, `parts` and each part get a new identity when they change.
 */
export type LiveMessage = {
	readonly id: string;
	session: string;
	info: MessageInfo;
	parts: readonly Part[];
	version: number;
	/** The `message.updated` that opens it was never seen: the beginning of the stream is lost. */
	headless: boolean;
};

/** `since` and `next` in epoch milliseconds. `unknown` until the stream says. */
export type Status =
	| { type: "unknown"; since: number }
	| { type: "busy"; since: number }
	| { type: "idle"; since: number }
	| { type: "retry"; since: number; attempt: number; message: string; next: number | null }
	| { type: "offline"; since: number; message: string; requestID: string | null }
	/** A status this version does not know. */
	| { type: "other"; since: number; name: string };

/** A permission or a question that nobody has answered. */
export type Pending = {
	id: string;
	kind: "permission" | "question";
	session: string;
	/** Name of the permission (`bash`, `edit`, `doom_loop`…), or the header of the first question. */
	permission: string;
	patterns: string[];
	callID: string | null;
	messageID: string | null;
	since: number;
	seq: number | null;
	properties: Record<string, unknown>;
};

/** Equal errors in a row are one entry with a count. Times in epoch milliseconds. */
export type ErrorEntry = {
	name: string;
	message: string;
	/** HTTP status of the provider, where it gave one. */
	status: number | null;
	session: string | null;
	count: number;
	firstAt: number;
	lastAt: number;
	/** Stream position of the last one. */
	seq: number | null;
	/** Someone stopped it: not a failure (sdk-events.md §5). */
	aborted: boolean;
	/** When a later step completed all the same; null while it stands. */
	recoveredAt: number | null;
};

export type Totals = {
	input: number;
	output: number;
	reasoning: number;
	cacheRead: number;
	cacheWrite: number;
	/** US dollars, an estimate by the agent. */
	cost: number;
};

export type Todo = { content: string; status: string; priority?: string; id?: string };

/**
 * A user message and all assistant messages that answer it. `reason` is how it closed (completed, error, interrupted,
 * superseded…), null while open or where the agent does not say (opencode closes by going idle: `idle`).
 */
export type Turn = {
	/** Id of the user message. */
	id: string;
	session: string;
	messages: string[];
	startedAt: number;
	endedAt: number | null;
	reason: string | null;
};

/** The agent does the same again and again. */
export type Loop =
	/** The same call `count` times with no other between. */
	| { kind: "equal"; tool: string; input: string; count: number; since: number }
	/** The same sequence of `period` calls, `count` times over. */
	| { kind: "cycle"; tool: string; input: string; period: number; count: number; since: number }
	/** Edits of a file that undo each other, `count` times; `input` is the file. */
	| { kind: "edits"; tool: string; input: string; count: number; since: number };

/** `deleted` ones (of a fork, say) are told apart, since the server no longer answers for them. */
export type SessionKind = "own" | "child" | "foreign" | "deleted";
/** A session seen in the stream. `info` is the newest that the server told of it. */
export type Session = {
	id: string;
	parent: string | null;
	kind: SessionKind;
	/** An event was addressed to it, not only nested (domain.md §3.3). */
	addressed: boolean;
	deleted: boolean;
	status: Status;
	queued: number;
	info: Record<string, unknown> | null;
	messages: LiveMessage[];
};

/** `agent.exited`: the stream of this run is over until the next event of a session. */
export type StreamEnd = {
	at: number;
	seq: number | null;
	reason: string;
	properties: Record<string, unknown>;
};
