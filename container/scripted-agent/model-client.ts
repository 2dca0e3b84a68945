/** One message of an OpenAI-compatible conversation. */
export type ChatMessage =
	| { role: "system" | "user"; content: string }
	| { role: "assistant"; content: string | null; tool_calls?: ToolCall[] }
	| { role: "tool"; tool_call_id: string; content: string };
export type ToolCall = { id: string; type: "function"; function: { name: string; arguments: string } };

export type ChatRequest = {
	model: string;
	messages: ChatMessage[];
	tools: { type: "function"; function: { name: string; description: string; parameters: object } }[];
};

/** What comes of an answer as it streams. */
export type Chunk =
	| { kind: "reasoning" | "text"; delta: string }
	| { kind: "call"; call: ToolCall }
	| { kind: "end"; finish: string; input: number; output: number; reasoning: number; cached: number };

/** The model refused or broke off. `status` null: no answer, or it ended in the middle. */
export class ModelError extends Error {
	readonly status: number | null;
	readonly headers: Record<string, string>;
	readonly body: string;
	readonly url: string;
	constructor(
		message: string,
		status: number | null,
		url: string,
		headers: Record<string, string> = {},
		body = "",
	) {
		super(message);
		this.status = status;
		this.headers = headers;
		this.body = body;
		this.url = url;
	}

	/** Will not change by itself: 4xx but 408, 409 and 429. */
	get lasting(): boolean {
		return this.status !== null && this.status < 500 && ![408, 409, 429].includes(this.status);
	}
}

type Delta = {
	choices?: {
		delta?: {
			content?: string | null;
			reasoning_content?: string | null;
			tool_calls?: { index: number; id?: string; function?: { name?: string; arguments?: string } }[];
		};
		finish_reason?: string | null;
	}[];
	usage?: {
		prompt_tokens?: number;
		completion_tokens?: number;
		prompt_tokens_details?: { cached_tokens?: number };
		completion_tokens_details?: { reasoning_tokens?: number };
	} | null;
};

/** Streams one answer of `POST {base}/chat/completions`. Throws `ModelError`. */
export async function* streamChat(
	base: string,
	request: ChatRequest,
	session: string,
	signal: AbortSignal,
): AsyncGenerator<Chunk> {
	const url = `${base}/chat/completions`;
	const response = await fetch(url, {
		method: "POST",
		headers: {
			"content-type": "application/json",
			authorization: "Bearer scripted",
			"x-session-id": session,
		},
		body: JSON.stringify({ ...request, stream: true, stream_options: { include_usage: true } }),
		signal,
	}).catch((error: unknown) => {
		signal.throwIfAborted();
		throw new ModelError(`Cannot connect to API: ${String((error as Error).cause ?? error)}`, null, url);
	});
	if (!response.ok || !response.body) {
		const body = await response.text();
		throw new ModelError(messageIn(body), response.status, url, Object.fromEntries(response.headers), body);
	}
	const calls: ToolCall[] = [];
	let finish: string | null = null;
	let usage: NonNullable<Delta["usage"]> = {};
	for await (const data of sseData(response.body, signal, url)) {
		if (data === "[DONE]") break;
		const { choices, usage: told } = JSON.parse(data) as Delta;
		if (told) usage = told;
		const [choice] = choices ?? [];
		if (!choice) continue;
		const { content, reasoning_content, tool_calls = [] } = choice.delta ?? {};
		if (reasoning_content) yield { kind: "reasoning", delta: reasoning_content };
		if (content) yield { kind: "text", delta: content };
		for (const piece of tool_calls) {
			calls[piece.index] ??= { id: "", type: "function", function: { name: "", arguments: "" } };
			const call = calls[piece.index] as ToolCall;
			call.id ||= piece.id ?? "";
			call.function.name += piece.function?.name ?? "";
			call.function.arguments += piece.function?.arguments ?? "";
		}
		finish = choice.finish_reason ?? finish;
	}
	if (finish === null) throw new ModelError("Connection reset by server", null, url);
	for (const call of calls) yield { kind: "call", call };
	const cached = usage.prompt_tokens_details?.cached_tokens ?? 0;
	const reasoning = usage.completion_tokens_details?.reasoning_tokens ?? 0;
	yield {
		...{ kind: "end", finish, cached, reasoning },
		input: (usage.prompt_tokens ?? 0) - cached,
		output: (usage.completion_tokens ?? 0) - reasoning,
	};
}

async function* sseData(
	body: ReadableStream<Uint8Array>,
	signal: AbortSignal,
	url: string,
): AsyncGenerator<string> {
	const decoder = new TextDecoder();
	let rest = "";
	try {
		for await (const chunk of body) {
			const blocks = (rest + decoder.decode(chunk, { stream: true })).split("\n\n");
			rest = blocks.pop() ?? "";
			for (const block of blocks) if (block.startsWith("data: ")) yield block.slice(6);
		}
	} catch (error) {
		signal.throwIfAborted();
		if (error instanceof ModelError) throw error;
		throw new ModelError("Connection reset by server", null, url);
	}
}

function messageIn(body: string): string {
	try {
		const parsed = JSON.parse(body) as { error?: { message?: string } };
		return parsed.error?.message ?? body;
	} catch {
		return body;
	}
}
