import type { ServerResponse } from "node:http";
import { newId } from "./ids.ts";

const HEARTBEAT_MS = 10_000;

/** Tells everything that happens to whoever listens at `/event`: one `data:` line an event, no replay (sdk-events.md §1). */
export class Bus {
	readonly #listeners = new Set<ServerResponse>();

	constructor() {
		setInterval(() => this.emit("server.heartbeat", {}), HEARTBEAT_MS).unref();
	}

	emit(type: string, properties: object): void {
		const text = `data: ${JSON.stringify({ id: newId("evt"), type, properties })}\n\n`;
		for (const listener of this.#listeners) listener.write(text);
	}

	listen(response: ServerResponse): void {
		response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
		response.write(
			`data: ${JSON.stringify({ id: newId("evt"), type: "server.connected", properties: {} })}\n\n`,
		);
		this.#listeners.add(response);
		response.once("close", () => this.#listeners.delete(response));
	}

	/** Resolves when everything emitted so far was handed to the listeners' connections. */
	async drained(): Promise<void> {
		await Promise.all(
			[...this.#listeners].map((listener) => new Promise<void>((resolve) => listener.end(() => resolve()))),
		);
	}
}
