import { wait as pause } from "../wait.ts";
import type { Bus } from "./bus.ts";
import type { Conversation, ModelName } from "./conversation.ts";
import { ModelError, streamChat, type ToolCall } from "./model-client.ts";
import type { Permissions } from "./permissions.ts";
import { runTool } from "./run-tool.ts";
import { TOOLS } from "./tools/index.ts";
import type { AssistantInfo, Message, SessionError, TextPart, Tokens, ToolPart, UserInfo } from "./types.ts";

export type TurnOptions = {
	bus: Bus;
	conversation: Conversation;
	permissions: Permissions;
	modelUrl: string;
	/** Waits before the n-th retry of one step where the provider names none; real agents take 2, 4, 8 s. */
	retryMs: number;
};

/** Dollars for a million tokens, as sdk-events.md §7 configures the real agents. */
const PRICE = { input: 3, output: 15, cacheRead: 0.3 };
const MAX_RETRY_MS = 60_000;

/** The agent's loop: asks the model, runs the tools it calls, and again, until it calls none and nobody has said more. */
export class Turns {
	readonly #options: TurnOptions;
	#running: Promise<void> | null = null;
	#abort = new AbortController();
	#system = "";

	constructor(options: TurnOptions) {
		this.#options = options;
	}

	/** Takes a message: starts a turn, or is read by the one under way at its next step. */
	prompt(text: string, system: string | undefined, model: ModelName): void {
		if (system !== undefined) this.#system = system;
		this.#options.conversation.addUser(text, model);
		this.#running ??= this.#run().finally(() => {
			this.#running = null;
		});
	}

	/** Ends the turn under way; false where there is none. */
	async abort(): Promise<boolean> {
		if (!this.#running) return false;
		this.#abort.abort(new Error("Aborted"));
		await this.#running;
		return true;
	}

	async #run(): Promise<void> {
		const { bus, conversation } = this.#options;
		const sessionID = conversation.info.id;
		const status = (type: string, more = {}) =>
			bus.emit("session.status", { sessionID, status: { type, ...more } });
		const idle = () => {
			status("idle");
			bus.emit("session.idle", { sessionID });
		};
		this.#abort = new AbortController();
		let message: (Message & { info: AssistantInfo }) | null = null;
		try {
			for (;;) {
				const asked = lastUser(conversation);
				status("busy");
				message = conversation.addAssistant(asked);
				const finish = await this.#step(message, status);
				message.info.time.completed = Date.now();
				conversation.told(message);
				if (finish !== "tool-calls" && lastUser(conversation).id === asked.id) break;
			}
			idle();
		} catch (error) {
			this.#broke(message, error, idle);
		}
	}

	/** One answer of the model with the tools it calls. Answers why it ended. */
	async #step(
		message: Message & { info: AssistantInfo },
		status: (type: string, more?: object) => void,
	): Promise<string> {
		const { conversation, retryMs } = this.#options;
		const { signal } = this.#abort;
		for (let attempt = 1; ; attempt++) {
			try {
				return await this.#answer(message);
			} catch (error) {
				if (!(error instanceof ModelError) || error.lasting || signal.aborted) throw error;
				const after = Number(error.headers["retry-after"]) * 1_000;
				const wait = Math.min(after > 0 ? after : retryMs * 2 ** (attempt - 1), MAX_RETRY_MS);
				status("retry", { attempt, message: error.message, next: Date.now() + wait });
				await pause(wait, signal);
				closeText(conversation, message);
				status("busy");
			}
		}
	}

	async #answer(message: Message & { info: AssistantInfo }): Promise<string> {
		const { conversation, modelUrl } = this.#options;
		const { signal } = this.#abort;
		const calls: ToolCall[] = [];
		let part: TextPart | null = null;
		const close = () => {
			if (part)
				conversation.put(message, { ...part, time: { start: part.time?.start ?? 0, end: Date.now() } });
			part = null;
		};
		const chat = conversation.chat(this.#system);
		const tools = Object.entries(TOOLS).map(([name, { description, parameters }]) => ({
			type: "function" as const,
			function: { name, description, parameters },
		}));
		const request = { model: message.info.modelID, messages: chat, tools };
		let begun = false;
		for await (const chunk of streamChat(modelUrl, request, conversation.info.id, signal)) {
			if (!begun) {
				begun = true;
				conversation.put(message, { ...conversation.newPart(message), type: "step-start" });
			}
			if (chunk.kind === "call") {
				calls.push(chunk.call);
				continue;
			}
			if (chunk.kind === "end") {
				close();
				await this.#runTools(message, calls);
				return this.#finish(message, chunk, calls.length > 0 ? "tool-calls" : chunk.finish);
			}
			if (part !== null && (part as TextPart).type !== chunk.kind) close();
			if (part === null) {
				part = { ...conversation.newPart(message), type: chunk.kind, text: "", time: { start: Date.now() } };
				conversation.put(message, part);
			}
			conversation.grow(part as TextPart, chunk.delta);
		}
		throw new ModelError("Connection reset by server", null, modelUrl);
	}

	async #runTools(message: Message, calls: ToolCall[]): Promise<void> {
		const { conversation, permissions } = this.#options;
		for (const call of calls)
			await runTool({ conversation, permissions, message, call, signal: this.#abort.signal });
		this.#abort.signal.throwIfAborted();
	}

	#finish(
		message: Message & { info: AssistantInfo },
		used: { input: number; output: number; reasoning: number; cached: number },
		reason: string,
	): string {
		const { conversation } = this.#options;
		const { input, output, reasoning, cached } = used;
		const tokens: Tokens = {
			total: input + output + reasoning + cached,
			...{ input, output, reasoning, cache: { read: cached, write: 0 } },
		};
		const cost =
			(input * PRICE.input + (output + reasoning) * PRICE.output + cached * PRICE.cacheRead) / 1_000_000;
		conversation.put(message, {
			...conversation.newPart(message),
			type: "step-finish",
			reason,
			tokens,
			cost,
		});
		Object.assign(message.info, { cost: message.info.cost + cost, tokens, finish: reason });
		conversation.told(message);
		conversation.spent(cost, tokens);
		return reason;
	}

	/** The turn ended badly: told as opencode does (sdk-events.md §5). */
	#broke(message: (Message & { info: AssistantInfo }) | null, thrown: unknown, idle: () => void): void {
		const { bus, conversation } = this.#options;
		const error = this.#abort.signal.aborted ? ABORTED : errorOf(thrown);
		const sessionID = conversation.info.id;
		bus.emit("session.error", { sessionID, error });
		idle();
		if (message) {
			closeText(conversation, message);
			closeTools(conversation, message);
			message.info.error = error;
			message.info.time.completed = Date.now();
			conversation.told(message);
		}
		idle();
	}
}

const ABORTED: SessionError = { name: "MessageAbortedError", data: { message: "Aborted" } };

function errorOf(thrown: unknown): SessionError {
	if (!(thrown instanceof ModelError)) return { name: "UnknownError", data: { message: String(thrown) } };
	const { message, status, headers, body, url } = thrown;
	return {
		name: "APIError",
		data: {
			...{ message, isRetryable: !thrown.lasting, metadata: { url } },
			...(status === null ? {} : { statusCode: status, responseHeaders: headers, responseBody: body }),
		},
	};
}

/** The newest message of the user's; a turn is only begun by one. */
function lastUser(conversation: Conversation): UserInfo {
	const last = conversation.messages.findLast(({ info }) => info.role === "user");
	return last?.info as UserInfo;
}

/** A text that was broken off ends as it is. */
function closeText(conversation: Conversation, message: Message): void {
	for (const part of message.parts)
		if ((part.type === "text" || part.type === "reasoning") && part.time && part.time.end === undefined)
			conversation.put(message, { ...part, time: { ...part.time, end: Date.now() } });
}

function closeTools(conversation: Conversation, message: Message): void {
	for (const part of message.parts) {
		if (part.type !== "tool" || (part.state.status !== "running" && part.state.status !== "pending"))
			continue;
		const start = part.state.status === "running" ? part.state.time.start : Date.now();
		const state: ToolPart["state"] = {
			...{ status: "error", input: part.state.input, error: "Tool execution aborted" },
			...{ metadata: { interrupted: true }, time: { start, end: Date.now() } },
		};
		conversation.put(message, { ...part, state });
	}
}
