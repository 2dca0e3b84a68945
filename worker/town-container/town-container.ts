import type { ReportInput } from "../../shared/ingest/index.ts";
import { redact } from "../../shared/redaction/index.ts";
import type { ContainerNow, ControlAnswer, ControlRequest } from "../rpc.ts";
import { type ContainerDriver, type ContainerEnd, goneUnseen } from "./driver.ts";

/** A request without a time of its own (domain.md §2.6: status 10 s). */
const CONTROL_MS = 10_000;
/** A start waits so long for the end of the instance before it: longer than a drain takes. */
const ENDS_MS = 25_000;

export type Order = { reason: string; key: string; correlation: string | null };
export type Event = ReportInput<"container-events">;

/** What is known of the newest instance, kept in the object's storage. */
type Instance = {
	id: string;
	secret: string;
	url: string | null;
	since: number;
	status: ContainerNow["status"];
	exit_code: number | null;
	/** Why it was asked to end. */
	stop: { reason: string; correlation: string | null; sleep: boolean } | null;
};

export type TownContainerHost = {
	driver: ContainerDriver | null;
	/** One value, kept. */
	load(): Instance | null;
	save(instance: Instance): void;
	now(): number;
	uuid(): string;
	/** Environment of a container that is started now, with its secret and what had it started. */
	env(secret: string, correlation: string | null): Promise<Record<string, string>>;
	/** Told to the town, again until it has taken it. */
	tell(event: Event): void;
};

/** The container of a town, obeying: it starts, ends and asks it, and tells what happened to it (CONTAINER-7). */
export class TownContainer {
	readonly #host: TownContainerHost;
	#starting: Promise<ControlAnswer> | null = null;
	/** The instance whose end the platform was asked for, as far as this object's life knows: else it is asked again. */
	#signalled: string | null = null;
	/** Told when an instance has ended. */
	#waiting: (() => void)[] = [];

	constructor(host: TownContainerHost) {
		this.#host = host;
		const instance = host.load();
		if (instance && instance.status !== "stopped") host.driver?.adopt(instance.id);
	}

	/** From what is kept: nobody is asked, nothing is woken (FEED-9). */
	state(): ContainerNow {
		const instance = this.#host.load();
		if (!instance) return { status: "stopped", instance_id: null, since: null, exit_code: null };
		const { status, id, since, exit_code } = instance;
		return { status, instance_id: id, since, exit_code };
	}

	/** Resolves when the control server answers, or with why it does not. One that runs is left as it is. */
	start(order: Order): Promise<ControlAnswer> {
		this.#starting ??= this.#start(order).finally(() => {
			this.#starting = null;
		});
		return this.#starting;
	}

	/** `instance`: only that one is meant, so that an order which comes late ends no newer one. */
	async stop(order: Order & { sleep: boolean; instance?: string | null }): Promise<ControlAnswer> {
		const { reason, correlation, sleep, instance = null } = order;
		const now = this.#host.load();
		if (instance !== null && now && now.id !== instance)
			return { ok: false, code: "not-running", message: "That instance has been replaced." };
		if (now?.status === "stopping" && now.id === this.#signalled) {
			// It is on its way. Its end is told with an intervention's order rather than with the town's own.
			if (correlation !== null && !now.stop?.correlation)
				this.#host.save({ ...now, stop: { reason, correlation, sleep } });
			return { ok: true, status: 200, body: { instance_id: now.id } };
		}
		return this.#end("term", order, { sleep });
	}

	async kill(order: Order): Promise<ControlAnswer> {
		return this.#end("kill", order, { sleep: false });
	}

	/** Tells the platform when it may put what runs to sleep. */
	async sleepAfter(ms: number): Promise<ControlAnswer> {
		const { driver } = this.#host;
		if (!driver) return NOT_CONFIGURED;
		if (this.#host.load()?.status !== "running")
			return { ok: false, code: "not-running", message: "The container does not run." };
		try {
			await driver.sleepAfter(ms);
			return { ok: true, status: 200, body: {} };
		} catch (error) {
			return unreachable(error);
		}
	}

	/** The platform says that an instance has ended. */
	ended(end: ContainerEnd): void {
		const instance = this.#host.load();
		const { stop = null } = instance?.id === end.instance_id ? instance : {};
		if (instance?.id === end.instance_id) {
			if (instance.status === "stopped") return;
			this.#host.save({ ...instance, status: "stopped", exit_code: end.exit_code, url: null, stop: null });
		}
		// A process that a signal ended has no code: 128 and the signal's number is what a shell would say.
		const exit_code = end.exit_code ?? (end.signal === "SIGKILL" ? 137 : null);
		const asked = stop !== null && (exit_code === 0 || exit_code === 137);
		const reason = redact(asked ? stop.reason : end.reason);
		this.#host.tell({
			type: exit_code === 0 && (end.slept || (asked && stop.sleep)) ? "sleep" : "stop",
			...{ instance_id: end.instance_id, exit_code, reason, oom: end.oom, key: `end:${end.instance_id}` },
			detail: { signal: end.signal, correlation: stop?.correlation ?? null, ordered: stop !== null },
		});
		for (const told of this.#waiting.splice(0)) told();
	}

	/** Asks the control server, where the container runs. Never rejects. */
	async control(request: ControlRequest): Promise<ControlAnswer> {
		const { driver } = this.#host;
		if (!driver) return NOT_CONFIGURED;
		const instance = this.#host.load();
		if (!instance || (instance.status !== "running" && instance.status !== "stopping"))
			return { ok: false, code: "not-running", message: "The container does not run." };
		const { method, path, body, key, correlation, timeout_ms = CONTROL_MS } = request;
		try {
			const response = await driver.fetch(
				path,
				{
					method,
					headers: {
						authorization: `Bearer ${instance.secret}`,
						"content-type": "application/json",
						...(key ? { "idempotency-key": key } : {}),
						...(correlation ? { "x-correlation-id": correlation } : {}),
					},
					...(body === undefined ? {} : { body: JSON.stringify(body) }),
					signal: AbortSignal.timeout(timeout_ms),
				},
				instance.url,
			);
			const text = await response.text();
			return { ok: true, status: response.status, body: parsed(text) };
		} catch (error) {
			const late = error instanceof DOMException && error.name === "TimeoutError";
			return {
				ok: false,
				code: late ? "timeout" : "unreachable",
				message: late
					? `The container did not answer ${path} within ${timeout_ms / 1_000} s.`
					: `The container did not answer ${path}: ${redact(String(error))}`,
			};
		}
	}

	async #start(order: Order): Promise<ControlAnswer> {
		const { driver } = this.#host;
		if (!driver) return NOT_CONFIGURED;
		let running: string | null;
		try {
			running = await this.#makeRoom(driver);
		} catch (error) {
			return unreachable(error);
		}
		if (running !== null) return { ok: true, status: 200, body: { instance_id: running } };
		if (this.#host.load()?.status === "stopping")
			return { ok: false, code: "refused", message: "The container before it has not ended yet." };
		const instance: Instance = {
			...{ id: this.#host.uuid(), secret: this.#host.uuid(), url: null, since: this.#host.now() },
			...{ status: "starting", exit_code: null, stop: null },
		};
		this.#host.save(instance);
		const started = await this.#host
			.env(instance.secret, order.correlation)
			.then((env) => driver.start(instance.id, env))
			.catch((error: unknown) => ({
				ok: false as const,
				message: `The platform cannot be reached: ${String(error)}`,
			}));
		const correlation = order.correlation;
		if (!started.ok) {
			const message = redact(started.message);
			// It may have been told already how it ended.
			if (this.#host.load()?.status !== "stopped") this.#host.save({ ...instance, status: "stopped" });
			this.#host.tell({
				...{
					type: "error",
					reason: `The container could not be started: ${message}`,
					key: `error:${instance.id}`,
				},
				...{ instance_id: instance.id, detail: { correlation, phase: "start", error: message } },
			});
			return { ok: false, code: "refused", message };
		}
		// It may have ended already: then that is its state.
		if (this.#host.load()?.status === "starting")
			this.#host.save({ ...instance, status: "running", url: started.url });
		this.#host.tell({
			...{ type: "start", reason: order.reason, instance_id: instance.id, key: `start:${instance.id}` },
			detail: { correlation },
		});
		return { ok: true, status: 200, body: { instance_id: instance.id } };
	}

	/** The instance that runs already, else null: then the one before it has ended, or is about to for too long. */
	async #makeRoom(driver: ContainerDriver): Promise<string | null> {
		const before = this.#host.load();
		if (!before || before.status === "stopped") return null;
		if (before.status === "stopping") await this.#anEnd(ENDS_MS);
		// This object ended within its start: nobody knows where it listens.
		if (before.status === "starting") await driver.stop("kill");
		const { running, instance_id, exit_code } = await driver.state();
		const same = running && (instance_id === null || instance_id === before.id);
		if (same && before.status === "running") return before.id;
		// Of another past of this object: nobody has its secret.
		if (running && !same) await driver.stop("kill");
		// Its end was told, or nobody is left who could tell it.
		if (!same) this.ended({ ...goneUnseen(before.id), exit_code });
		return null;
	}

	#anEnd(ms: number): Promise<void> {
		return new Promise((resolve) => {
			const timer = setTimeout(resolve, ms);
			this.#waiting.push(() => {
				clearTimeout(timer);
				resolve();
			});
		});
	}

	async #end(how: "term" | "kill", order: Order, { sleep }: { sleep: boolean }): Promise<ControlAnswer> {
		const { driver } = this.#host;
		if (!driver) return NOT_CONFIGURED;
		const instance = this.#host.load();
		if (!instance || instance.status === "stopped")
			return { ok: false, code: "not-running", message: "The container does not run." };
		const { reason, correlation } = order;
		this.#host.save({ ...instance, status: "stopping", stop: { reason, correlation, sleep } });
		this.#signalled = instance.id;
		try {
			if (!(await driver.stop(how))) this.ended(goneUnseen(instance.id));
			return { ok: true, status: 200, body: { instance_id: instance.id } };
		} catch (error) {
			// Nobody may have told it: it runs on, until it is asked again.
			if (this.#host.load()?.status === "stopping") this.#host.save(instance);
			this.#signalled = null;
			return unreachable(error);
		}
	}
}

const NOT_CONFIGURED: ControlAnswer = {
	...{ ok: false, code: "not-configured" },
	message: "This town has no container: neither containers nor CONTAINER_PLATFORM_URL are set up.",
};

const unreachable = (error: unknown): ControlAnswer => ({
	...{ ok: false, code: "unreachable" },
	message: `The platform cannot be reached: ${redact(String(error))}`,
});

function parsed(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return { error: { code: "no_json", message: redact(text).slice(0, 500) } };
	}
}
