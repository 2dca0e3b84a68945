/** Messages and parts as `GET /session/:id/message` of opencode gives them (sdk-events.md §4): what the scripted agent makes of them. */
export type Tokens = {
	total?: number;
	input: number;
	output: number;
	reasoning: number;
	cache: { read: number; write: number };
};

export type SessionError = { name: string; data: Record<string, unknown> };

export type UserInfo = {
	id: string;
	role: "user";
	sessionID: string;
	time: { created: number };
	agent: string;
	model: { providerID: string; modelID: string };
};

export type AssistantInfo = {
	id: string;
	parentID: string;
	role: "assistant";
	mode: string;
	agent: string;
	path: { cwd: string; root: string };
	cost: number;
	tokens: Tokens;
	modelID: string;
	providerID: string;
	time: { created: number; completed?: number };
	sessionID: string;
	finish?: string;
	error?: SessionError;
};

export type ToolState =
	| { status: "pending"; input: Record<string, unknown>; raw: string }
	| {
			status: "running";
			input: Record<string, unknown>;
			time: { start: number };
			metadata?: Record<string, unknown>;
			title?: string;
	  }
	| {
			status: "completed";
			input: Record<string, unknown>;
			output: string;
			title: string;
			metadata: Record<string, unknown>;
			time: { start: number; end: number };
	  }
	| {
			status: "error";
			input: Record<string, unknown>;
			error: string;
			metadata?: Record<string, unknown>;
			time: { start: number; end: number };
	  };

type InMessage = { id: string; messageID: string; sessionID: string };
export type TextPart = InMessage & {
	type: "text" | "reasoning";
	text: string;
	time?: { start: number; end?: number };
};
export type ToolPart = InMessage & { type: "tool"; tool: string; callID: string; state: ToolState };
export type Part =
	| TextPart
	| ToolPart
	| (InMessage & { type: "step-start" })
	| (InMessage & { type: "step-finish"; reason: string; tokens: Tokens; cost: number });

export type Message = { info: UserInfo | AssistantInfo; parts: Part[] };

/** What a tool may use while it runs. */
export type ToolContext = {
	cwd: string;
	signal: AbortSignal;
	/** Shows the output so far. */
	progress(metadata: Record<string, unknown>): void;
	/** Rejects with `Rejected` where the answer is no. */
	ask(permission: string, patterns: string[], metadata: Record<string, unknown>): Promise<void>;
};
export type ToolResult = { title: string; output: string; metadata: Record<string, unknown> };
export type Tool = {
	description: string;
	/** JSON schema of its arguments. */
	parameters: Record<string, unknown>;
	run(input: Record<string, unknown>, context: ToolContext): Promise<ToolResult>;
};

/** Somebody answered a permission with no. */
export class Rejected extends Error {}
