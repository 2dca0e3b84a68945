import {
	type ContainerDriver,
	type ContainerEnd,
	type DriverStart,
	type DriverState,
	goneUnseen,
} from "./driver.ts";

const PORT = 8080;
/** From the start of an instance until its control server answers (domain.md §2.6: start 60 s). */
const STARTS_MS = 60_000;
const LOOK_MS = 300;

/**
 * Cloudflare's containers by `ctx.container`. The base class of @cloudflare/containers is not used: it throws where containers are
 * not enabled, as they are not in development, and it claims the object's one alarm (ALARM-1).
 */
export class CloudflareDriver implements ContainerDriver {
	readonly #container: Container;
	readonly #ended: (end: ContainerEnd) => void;

	constructor(container: Container, ended: (end: ContainerEnd) => void) {
		this.#container = container;
		this.#ended = ended;
	}

	async state(): Promise<DriverState> {
		return { running: this.#container.running, instance_id: null, exit_code: null };
	}

	adopt(instance: string): void {
		if (this.#container.running) this.#watch(instance);
		else queueMicrotask(() => this.#ended(goneUnseen(instance)));
	}

	async start(instance: string, env: Record<string, string>): Promise<DriverStart> {
		this.#container.start({
			env: { ...env, CONTROL_PORT: String(PORT), WORK_DIR: "/workspace" },
			enableInternet: true,
		});
		this.#watch(instance);
		const deadline = Date.now() + STARTS_MS;
		for (;;) {
			const answer = await this.fetch("/health", {}).catch((error: unknown) => String(error));
			// Whatever it answers, it listens.
			if (typeof answer !== "string") return { ok: true, url: null };
			if (!this.#container.running)
				return { ok: false, message: `The container ended while it was started: ${answer}` };
			if (Date.now() > deadline)
				return { ok: false, message: `The control server did not answer within a minute: ${answer}` };
			await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
		}
	}

	async stop(how: "term" | "kill"): Promise<boolean> {
		if (!this.#container.running) return false;
		if (how === "kill") await this.#container.destroy();
		else this.#container.signal(15);
		return true;
	}

	/** Without it the platform's own time holds, which knows nothing of the town's. */
	async sleepAfter(ms: number): Promise<void> {
		if (this.#container.running) await this.#container.setInactivityTimeout(ms);
	}

	fetch(path: string, init: RequestInit): Promise<Response> {
		return this.#container.getTcpPort(PORT).fetch(new URL(path, "http://container"), init);
	}

	/** Each watch knows whose end it is: that of an older instance may be told while a newer one runs. */
	#watch(instance: string): void {
		this.#container.monitor().then(
			() => this.#ended(endOf(instance, undefined)),
			(error: unknown) => this.#ended(endOf(instance, error)),
		);
	}
}

/** What `monitor` rejects with says the exit code in its words; it resolves when the process ended with 0. */
export function endOf(instance_id: string, error: unknown): ContainerEnd {
	if (error === undefined) return { instance_id, exit_code: 0, signal: null, reason: "ended", oom: false };
	const reason = error instanceof Error ? error.message : String(error);
	const code = /(?:exit code|container to exit):? ?(\d+)/i.exec(reason)?.[1];
	const exit_code = code === undefined ? null : Number(code);
	const signal = exit_code === 137 ? "SIGKILL" : exit_code === 143 ? "SIGTERM" : null;
	return { instance_id, exit_code, signal, reason, oom: /out of memory|\boom\b/i.test(reason) };
}
