import { request } from "node:http";
import type { SdkEvent } from "./agent-session.ts";

/** An HTTP answer of an agent's server that was no success. */
export class SdkError extends Error {
	readonly status: number;
	constructor(what: string, status: number, body: string) {
		super(`${what}: ${status} ${body.slice(0, 300)}`);
		this.status = status;
	}
}

/** What is asked of `opencode serve`, `kilo serve` and the scripted agent alike (sdk-events.md §7). */
export class SdkClient {
	readonly #url: string;
	readonly #directory: string;
	readonly #authorized: Record<string, string>;

	constructor(url: string, directory: string, authorization?: string) {
		this.#url = url;
		this.#directory = directory;
		this.#authorized = authorization ? { authorization } : {};
	}

	get port(): number {
		return Number(new URL(this.#url).port);
	}

	/** Answers undefined for an empty body. Rejects with `SdkError`. */
	async ask<T>(method: "GET" | "POST", path: string, body?: object): Promise<T> {
		const url = new URL(path, this.#url);
		url.searchParams.set("directory", this.#directory);
		const response = await fetch(url, {
			method,
			...(body === undefined ? {} : { body: JSON.stringify(body) }),
			headers: { "content-type": "application/json", ...this.#authorized },
			signal: AbortSignal.timeout(30_000),
		});
		const text = await response.text();
		if (!response.ok) throw new SdkError(`${method} ${path}`, response.status, text);
		return (text === "" ? undefined : JSON.parse(text)) as T;
	}

	/**
	 * Hands over every event as it comes. Resolves `connected` with the server's first word; `ended` resolves when the connection is over,
	 * whoever ended it.
	 */
	listen(onEvent: (event: SdkEvent) => void): {
		connected: Promise<void>;
		ended: Promise<void>;
		close(): void;
	} {
		const connected = Promise.withResolvers<void>();
		const ended = Promise.withResolvers<void>();
		const url = new URL("/event", this.#url);
		url.searchParams.set("directory", this.#directory);
		let rest = "";
		// node:http, since fetch gives up on a stream that is silent for five minutes.
		const headers = { accept: "text/event-stream", ...this.#authorized };
		const asked = request(url, { headers }, (response) => {
			response.setEncoding("utf8");
			response.on("data", (text: string) => {
				connected.resolve();
				const blocks = (rest + text).split("\n\n");
				rest = blocks.pop() ?? "";
				for (const block of blocks) {
					const event = eventIn(block);
					if (event) onEvent(event);
				}
			});
			response.once("close", () => ended.resolve());
		});
		asked.once("error", (error) => {
			connected.reject(error);
			ended.resolve();
		});
		// Nobody may be waiting for it any more.
		connected.promise.catch(() => undefined);
		asked.end();
		return { connected: connected.promise, ended: ended.promise, close: () => asked.destroy() };
	}
}

/** Null for what is no event: comments, or a text that was cut off with the connection. */
function eventIn(block: string): SdkEvent | null {
	const data = block
		.split("\n")
		.filter((line) => line.startsWith("data:"))
		.map((line) => line.slice(5).trimStart())
		.join("\n");
	try {
		const {
			id = null,
			type,
			...rest
		} = JSON.parse(data) as { id?: string; type?: string; properties?: unknown };
		if (typeof type !== "string") return null;
		// `sync` has no properties of its own (sdk-events.md §1).
		return { at: Date.now(), id, type, properties: rest.properties ?? rest };
	} catch {
		return null;
	}
}

type Record_ = Record<string, unknown>;
const record = (value: unknown): Record_ =>
	typeof value === "object" && value !== null ? (value as Record_) : {};

/** The session of an event; null for those of the whole server (sdk-events.md §1). */
export function sessionOf({ type, properties }: Pick<SdkEvent, "type" | "properties">): string | null {
	const p = record(properties);
	const info = record(p.info);
	const id =
		p.sessionID ??
		info.sessionID ??
		record(p.part).sessionID ??
		(type.startsWith("session.") ? info.id : undefined) ??
		record(p.syncEvent).aggregateID;
	return typeof id === "string" ? id : null;
}
