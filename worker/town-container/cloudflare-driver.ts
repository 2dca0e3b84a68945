import type { ContainerDriver, DriverStart, DriverState } from "./driver.ts";

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
	readonly #ended: (error: unknown) => void;

	/** `ended`: called when the instance that runs has ended; `undefined` where it ended by itself with code 0. */
	constructor(container: Container, ended: (error: unknown) => void) {
		this.#container = container;
		this.#ended = ended;
		if (container.running) this.#watch();
	}

	async state(): Promise<DriverState> {
		return { running: this.#container.running, exit_code: null };
	}

	async start(_: string, env: Record<string, string>): Promise<DriverStart> {
		this.#container.start({
			env: { ...env, CONTROL_PORT: String(PORT), WORK_DIR: "/workspace" },
			enableInternet: true,
		});
		this.#watch();
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

	async stop(how: "term" | "kill"): Promise<void> {
		if (!this.#container.running) return;
		if (how === "kill") await this.#container.destroy();
		else this.#container.signal(15);
	}

	fetch(path: string, init: RequestInit): Promise<Response> {
		return this.#container.getTcpPort(PORT).fetch(new URL(path, "http://container"), init);
	}

	#watch(): void {
		this.#container.monitor().then(() => this.#ended(undefined), this.#ended);
	}
}
