import { z } from "zod";
import { mintContainerToken } from "../auth/container-token.ts";
import type { ContainerDriver, DriverStart, DriverState } from "./driver.ts";

const STARTS_MS = 30_000;
const ASKS_MS = 10_000;

const state = z.object({
	status: z.string(),
	instance_id: z.string().nullable(),
	exit_code: z.number().nullable(),
});
const stopped = z.object({ stopped: z.boolean() });

type Options = {
	/** `CONTAINER_PLATFORM_URL`. */
	base: string;
	town: string;
	/** Signs the town's token, with which the platform is asked. */
	secret: string;
	send?: typeof fetch;
};

/** Containers as processes of this machine, which `local/platform` starts and ends. */
export class LocalDriver implements ContainerDriver {
	readonly #options: Options;

	constructor(options: Options) {
		this.#options = options;
	}

	async state(): Promise<DriverState> {
		const answer = await this.#told("GET", "", undefined, ASKS_MS);
		const { status, instance_id, exit_code } = state.parse(answer);
		return { running: status !== "stopped", instance_id, exit_code };
	}

	/** The platform tells of its end by itself, until it is heard. */
	adopt(): void {}

	async start(instance: string, env: Record<string, string>): Promise<DriverStart> {
		const answer = await this.#ask("POST", "/start", { instance_id: instance, env }, STARTS_MS);
		const body = (await answer.json()) as { url?: string; error?: { message: string } };
		if (answer.ok && body.url) return { ok: true, url: body.url };
		return { ok: false, message: body.error?.message ?? `The platform answered ${answer.status}.` };
	}

	async stop(how: "term" | "kill"): Promise<boolean> {
		return stopped.parse(await this.#told("POST", "/stop", { how }, STARTS_MS)).stopped;
	}

	async sleepAfter(ms: number): Promise<void> {
		await this.#told("POST", "/sleep", { after_ms: ms }, ASKS_MS);
	}

	fetch(path: string, init: RequestInit, url: string | null): Promise<Response> {
		if (url === null) return Promise.reject(new Error("Nothing is known of where it listens."));
		return (this.#options.send ?? fetch)(new URL(path, url), init);
	}

	/** The body of a good answer; rejects with the words of any other. */
	async #told(method: string, path: string, body: unknown, ms: number): Promise<unknown> {
		const answer = await this.#ask(method, path, body, ms);
		const text = await answer.text();
		if (!answer.ok) throw new Error(`it answered ${answer.status}: ${text.slice(0, 200)}`);
		return JSON.parse(text);
	}

	async #ask(method: string, path: string, body: unknown, ms: number): Promise<Response> {
		const { base, town, secret, send = fetch } = this.#options;
		const token = await mintContainerToken(secret, town, Date.now());
		return send(`${base}/towns/${encodeURIComponent(town)}${path}`, {
			method,
			headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
			...(body === undefined ? {} : { body: JSON.stringify(body) }),
			signal: AbortSignal.timeout(ms),
		});
	}
}
