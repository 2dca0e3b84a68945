import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { killBearers } from "../../container/process/left-behind.ts";
import { FaultCounts } from "../fault-counts.ts";
import { Gate } from "./gate.ts";
import { Sleepers } from "./sleepers.ts";
import { townToken } from "./town-token.ts";

const MAIN = resolve(import.meta.dirname, "../../container/main.ts");
/** Longer than a drain takes. */
const TERM_MS = 20_000;
const STARTS_MS = 20_000;
const LAST_LINES = 20;

export type Started = { ok: true; pid: number; url: string } | { ok: false; code: string; message: string };
export type State = {
	status: "stopped" | "starting" | "running" | "stopping";
	instance_id: string | null;
	pid: number | null;
	url: string | null;
	since: number | null;
	exit_code: number | null;
	signal: string | null;
};

type Options = {
	/** Folder of the towns' working folders. */
	root: string;
	worker: string;
	/** Signs the towns' tokens. */
	secret: string;
	/** What every container is told besides what its town says. */
	env: NodeJS.ProcessEnv;
	onLine: (town: string, line: string) => void;
};
/** `own`: where its control server itself listens. */
type Running = {
	child: ChildProcess;
	state: State;
	ended: Promise<void>;
	own: string | null;
	/** It was put to sleep unasked. */
	slept: boolean;
};

const NOTHING: State = {
	...{
		status: "stopped",
		instance_id: null,
		pid: null,
		url: null,
		since: null,
		exit_code: null,
		signal: null,
	},
};

/** Plays Cloudflare's container platform on this machine: a container is a process of `container/main.ts` (LOCAL-2). */
export class Platform {
	readonly #options: Options;
	readonly #running = new Map<string, Running>();
	readonly #last = new Map<string, State>();
	/** More environment for one town's containers, from its next start on. */
	readonly #own = new Map<string, Record<string, string>>();
	readonly #gates = new Map<string, Gate>();
	/** Starts that are refused, with these words. */
	readonly #refusing = new FaultCounts<string>();
	readonly #sleepers = new Sleepers();
	#closing = false;

	constructor(options: Options) {
		this.#options = options;
	}

	/** Of a town's container, without starting it. */
	state(town: string): State {
		return this.#running.get(town)?.state ?? this.#last.get(town) ?? NOTHING;
	}

	/** Where the container of a town works. */
	folder(town: string): string {
		return join(this.#options.root, town);
	}

	/** The next `times` starts fail, as when the platform has no room. */
	refuse(times: number, town: string | null = null): void {
		this.#refusing.set(
			times,
			"There is no container instance that can be provided to this Durable Object.",
			town,
		);
	}

	furnish(town: string, env: Record<string, string>): void {
		this.#own.set(town, env);
	}

	/** From the next start on, what gets no requests is put to sleep, amid work or not. */
	sleeps(town: string): void {
		this.gate(town);
		this.#sleepers.add(town);
	}

	/** How long the container of a town may be without a request. */
	sleepAfter(town: string, ms: number): void {
		this.#sleepers.after(town, ms);
	}

	/** What is asked of a town's containers goes through it, from the next start on: so it can be cut. */
	gate(town: string): Gate {
		const gate = this.#gates.get(town) ?? new Gate();
		this.#gates.set(town, gate);
		return gate;
	}

	/** Starts a container and answers when its control server listens; one that runs already is left as it is. */
	async start(town: string, instance: string, env: Record<string, string>): Promise<Started> {
		const before = this.#running.get(town);
		if (before?.state.url) return { ok: true, pid: before.state.pid ?? -1, url: before.state.url };
		if (before) return { ok: false, code: "starting", message: "It is being started or ended." };
		const refused = this.#refusing.take(town);
		if (refused !== null) return { ok: false, code: "refused", message: refused };
		const dir = this.folder(town);
		mkdirSync(dir, { recursive: true });
		const child = spawn(process.execPath, [MAIN], {
			env: {
				...this.#options.env,
				...env,
				...this.#own.get(town),
				TOWN_ID: town,
				INSTANCE_ID: instance,
				WORK_DIR: dir,
				CONTROL_PORT: "0",
				// Its stdin stays open as long as we live: it ends when that closes, so none is left behind.
				END_WITH_STDIN: "1",
			},
			...{ detached: true, stdio: ["pipe", "pipe", "pipe"] },
		});
		const state: State = {
			...NOTHING,
			status: "starting",
			instance_id: instance,
			pid: child.pid ?? null,
			since: Date.now(),
		};
		const lines: string[] = [];
		const ended = new Promise<void>((done) =>
			child.once("close", (code, signal) => {
				this.#ended(town, instance, { code, signal, last: lines }).then(done);
			}),
		);
		const running: Running = { child, state, ended, own: null, slept: false };
		this.#running.set(town, running);
		void this.#sleepers.watch(town, this.#gates.get(town), ended, () => {
			running.slept = true;
			void this.stop(town, "term");
		});
		const own = await this.#listens(town, child, lines);
		if (own === null) {
			child.kill("SIGKILL");
			await ended;
			return {
				ok: false,
				code: "start-failed",
				message: lines.slice(-3).join(" | ") || "The container ended without a word.",
			};
		}
		running.own = own;
		const url = (await this.#gates.get(town)?.before(own)) ?? own;
		Object.assign(state, { status: "running", url });
		return { ok: true, pid: child.pid ?? -1, url };
	}

	/** `term`: SIGTERM and its drain. `kill`: the process at once, and all of its agents. */
	async stop(town: string, how: "term" | "kill"): Promise<boolean> {
		const running = this.#running.get(town);
		if (!running) return false;
		running.state.status = "stopping";
		running.child.kill(how === "kill" ? "SIGKILL" : "SIGTERM");
		if (how === "kill") await running.ended;
		else
			setTimeout(() => {
				if (this.#running.get(town) === running) running.child.kill("SIGKILL");
			}, TERM_MS).unref();
		return true;
	}

	/** Ends every container, and tells nobody. */
	async close(): Promise<void> {
		this.#closing = true;
		const all = [...this.#running.values()];
		for (const { child } of all) child.kill("SIGTERM");
		await Promise.race([Promise.all(all.map(({ ended }) => ended)), pause(4_000)]);
		for (const { child, ended } of this.#running.values()) {
			child.kill("SIGKILL");
			await ended;
		}
	}

	async #listens(town: string, child: ChildProcess, lines: string[]): Promise<string | null> {
		return new Promise((done) => {
			let rest = "";
			const take = (text: string) => {
				const parts = (rest + text).split("\n");
				rest = parts.pop() ?? "";
				for (const line of parts) {
					lines.push(line);
					if (lines.length > LAST_LINES) lines.shift();
					this.#options.onLine(town, line);
					const found = /control server listens on (http\S+?),/.exec(line)?.[1];
					if (found) done(found);
				}
			};
			child.stdout?.setEncoding("utf8").on("data", take);
			child.stderr?.setEncoding("utf8").on("data", take);
			child.once("close", () => done(null));
			child.once("error", (error) => {
				lines.push(String(error));
				done(null);
			});
			setTimeout(() => done(null), STARTS_MS).unref();
		});
	}

	/** Resolves when nothing of it runs any more. */
	async #ended(
		town: string,
		instance: string,
		end: { code: number | null; signal: string | null; last: string[] },
	): Promise<void> {
		const { own = null, slept = false, state: { since } = NOTHING } = this.#running.get(town) ?? {};
		this.#running.delete(town);
		const { code, signal } = end;
		this.#last.set(town, { ...NOTHING, instance_id: instance, since, exit_code: code, signal });
		this.#killGroups(town);
		// Their shells lead groups of their own; all of them were told where their control server is.
		if (own !== null) await killBearers(`GASTOWN_CONTROL_URL=${own}`);
		if (this.#closing) return;
		const reason = signal
			? `killed by ${signal}`
			: code === 0
				? "ended"
				: end.last.slice(-1).join("") || `exit code ${code}`;
		void this.#tell(town, {
			instance_id: instance,
			exit_code: code,
			signal,
			reason: slept ? "no request for a while" : reason.slice(0, 500),
			oom: false,
			slept,
		});
	}

	/** Agents have process groups of their own, which outlive the container's process unless they are ended. */
	#killGroups(town: string): void {
		const path = join(this.#options.root, town, "processes.json");
		if (!existsSync(path)) return;
		for (const { pgid } of readGroups(path))
			try {
				process.kill(-pgid, "SIGKILL");
			} catch {
				// It has ended with the container.
			}
	}

	/** The platform's own word to the town, again until it is heard. */
	async #tell(town: string, end: object): Promise<void> {
		const { worker, secret } = this.#options;
		for (let failures = 0; !this.#closing; failures++) {
			const response = await fetch(`${worker}/api/towns/${encodeURIComponent(town)}/container/ended`, {
				method: "POST",
				headers: {
					authorization: `Bearer ${await townToken(secret, town)}`,
					"content-type": "application/json",
				},
				body: JSON.stringify(end),
				signal: AbortSignal.timeout(5_000),
			}).catch(() => null);
			if (response && response.status < 500) return;
			await pause(Math.min(100 * 2 ** failures, 3_000));
		}
	}
}

function readGroups(path: string): { pgid: number }[] {
	try {
		return JSON.parse(readFileSync(path, "utf8")) as { pgid: number }[];
	} catch {
		// It was killed while it wrote.
		return [];
	}
}
