import { appendFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Bus } from "./bus.ts";
import { newId } from "./ids.ts";
import type { ChatMessage } from "./model-client.ts";
import type { AssistantInfo, Message, Part, TextPart, Tokens, ToolPart, UserInfo } from "./types.ts";

export type ModelName = { providerID: string; modelID: string };
const MODE = "build";
const NO_TOKENS = (): Tokens => ({ input: 0, output: 0, reasoning: 0, cache: { read: 0, write: 0 } });

export type SessionInfo = {
	id: string;
	slug: string;
	version: string;
	projectID: string;
	directory: string;
	path: string;
	title: string;
	agent?: string;
	model?: { id: string; providerID: string; variant: string };
	cost: number;
	tokens: Omit<Tokens, "total">;
	time: { created: number; updated: number };
};
type Stored = { info: SessionInfo; messages: Message[] };
/** A line of the session's file: what is new of it, so that no write grows with what was said before. */
type Line = { session: SessionInfo } | { message: Message["info"] } | { part: Part };

/** A session's messages: every change of them is told on the bus and kept in a file, for the process that resumes it. */
export class Conversation {
	readonly info: SessionInfo;
	readonly messages: Message[];
	readonly #bus: Bus;
	readonly #path: string;

	private constructor(bus: Bus, path: string, stored: Stored) {
		this.#bus = bus;
		this.#path = path;
		this.info = stored.info;
		this.messages = stored.messages;
	}

	/** The session that this file holds; null where there is none. */
	static open(bus: Bus, path: string): Conversation | null {
		if (!existsSync(path)) return null;
		const stored = readLines(readFileSync(path, "utf8"));
		return stored && new Conversation(bus, path, stored);
	}

	static create(bus: Bus, path: string, directory: string, title: string | undefined): Conversation {
		const now = Date.now();
		const info: SessionInfo = {
			...{ id: newId("ses"), slug: "scripted", version: "1.18.33", projectID: "global", directory, path: "" },
			...{ title: title ?? `New session - ${new Date(now).toISOString()}`, cost: 0, tokens: NO_TOKENS() },
			time: { created: now, updated: now },
		};
		const made = new Conversation(bus, path, { info, messages: [] });
		mkdirSync(dirname(path), { recursive: true });
		bus.emit("session.created", { sessionID: info.id, info });
		made.#keep({ session: info });
		return made;
	}

	addUser(text: string, model: ModelName): UserInfo {
		const sessionID = this.info.id;
		const info: UserInfo = {
			...{ id: newId("msg"), role: "user", sessionID, agent: MODE, model },
			time: { created: Date.now() },
		};
		const message: Message = { info, parts: [] };
		this.messages.push(message);
		this.told(message);
		this.put(message, { id: newId("prt"), messageID: info.id, sessionID, type: "text", text });
		if (this.messages.length === 1) this.info.title = text.split("\n")[0]?.slice(0, 80) ?? this.info.title;
		Object.assign(this.info, {
			agent: MODE,
			model: { id: model.modelID, providerID: model.providerID, variant: "default" },
		});
		this.touched();
		return info;
	}

	addAssistant(parent: UserInfo): Message & { info: AssistantInfo } {
		const { id: sessionID, directory } = this.info;
		const info: AssistantInfo = {
			...{ id: newId("msg"), parentID: parent.id, role: "assistant", mode: MODE, agent: MODE, sessionID },
			...{ path: { cwd: directory, root: directory }, cost: 0, tokens: NO_TOKENS(), ...parent.model },
			time: { created: Date.now() },
		};
		const message = { info, parts: [] };
		this.messages.push(message);
		this.told(message);
		return message;
	}

	/** Tells a message's info as it is now. */
	told(message: Message): void {
		this.#keep({ message: message.info });
		this.#bus.emit("message.updated", { sessionID: this.info.id, info: message.info });
	}

	/** Puts a part in place of the one with its id, and tells it whole. */
	put(message: Message, part: Part): void {
		const at = message.parts.findIndex((one) => one.id === part.id);
		if (at < 0) message.parts.push(part);
		else message.parts[at] = part;
		this.#keep({ part });
		this.#bus.emit("message.part.updated", { sessionID: this.info.id, part, time: Date.now() });
	}

	newPart(message: Message): { id: string; messageID: string; sessionID: string } {
		return { id: newId("prt"), messageID: message.info.id, sessionID: this.info.id };
	}

	grow(part: TextPart, delta: string): void {
		part.text += delta;
		const { sessionID, messageID, id: partID } = part;
		this.#bus.emit("message.part.delta", { sessionID, messageID, partID, field: "text", delta });
	}

	/** Adds a step's figures to the session's, and tells it. */
	spent(cost: number, tokens: Tokens): void {
		const sum = this.info.tokens;
		this.info.cost += cost;
		sum.input += tokens.input;
		sum.output += tokens.output;
		sum.reasoning += tokens.reasoning;
		sum.cache.read += tokens.cache.read;
		this.touched();
	}

	touched(): void {
		this.info.time.updated = Date.now();
		this.#bus.emit("session.updated", { sessionID: this.info.id, info: this.info });
		this.#keep({ session: this.info });
	}

	#keep(line: Line): void {
		appendFileSync(this.#path, `${JSON.stringify(line)}\n`);
	}

	/** As the model is told it. A call that was cut off is told as such, since every call needs an answer. */
	chat(system: string): ChatMessage[] {
		const chat: ChatMessage[] = system === "" ? [] : [{ role: "system", content: system }];
		for (const { info, parts } of this.messages) {
			const text = parts.flatMap((part) => (part.type === "text" ? [part.text] : [])).join("");
			if (info.role === "user") {
				chat.push({ role: "user", content: text });
				continue;
			}
			const tools = parts.filter((part) => part.type === "tool");
			if (text === "" && tools.length === 0) continue;
			chat.push({
				role: "assistant",
				content: text || null,
				...(tools.length > 0 ? { tool_calls: tools.map(callOf) } : {}),
			});
			for (const part of tools)
				chat.push({ role: "tool", tool_call_id: part.callID, content: answerOf(part) });
		}
		return chat;
	}
}

/** Null where the file was begun and holds nothing. A last line that was cut off is left out. */
function readLines(text: string): Stored | null {
	let info: SessionInfo | null = null;
	const messages = new Map<string, Message>();
	for (const one of text.split("\n").slice(0, -1)) {
		const line = JSON.parse(one) as Line;
		if ("session" in line) info = line.session;
		else if ("message" in line) {
			const { id } = line.message;
			messages.set(id, { info: line.message, parts: messages.get(id)?.parts ?? [] });
		} else {
			const parts = messages.get(line.part.messageID)?.parts ?? [];
			const at = parts.findIndex(({ id }) => id === line.part.id);
			if (at < 0) parts.push(line.part);
			else parts[at] = line.part;
		}
	}
	return info && { info, messages: [...messages.values()] };
}

const callOf = (part: ToolPart) => ({
	id: part.callID,
	type: "function" as const,
	function: { name: part.tool, arguments: JSON.stringify(part.state.input) },
});

function answerOf({ state }: ToolPart): string {
	if (state.status === "completed") return state.output;
	return state.status === "error" ? `Error: ${state.error}` : "Error: it was cut off";
}
