import { join } from "node:path";
import type { StartAgent } from "../../shared/control/index.ts";
import type { LaunchAgent, ProcessEnd } from "../agents/agent-session.ts";
import { Refusal } from "../control/answer.ts";
import { findGit } from "../git/find-git.ts";
import { gitEnv } from "../git/git-env.ts";
import { GitFailed, type Repo, type Workspace } from "../git/workspace.ts";
import { EventGatherer } from "../report/event-gatherer.ts";
import type { Reporter } from "../report/reporter.ts";
import type { Settings } from "../settings.ts";
import { keepGroups } from "./groups.ts";
import { RunningAgent } from "./running-agent.ts";

export type SupervisorOptions = {
	settings: Settings;
	reporter: Reporter;
	workspace: Workspace;
	launch: LaunchAgent;
	/** Folder of `gt` and the git shim; real git and this Node's program. */
	bin: string;
	controlUrl: () => string;
	/** Environment that `sync-config` set. */
	env: () => Record<string, string>;
};
/** An agent that has handed in its work needs no more turns. */
const HANDED_IN_MS = 1_000;
/** So long its last turn may still go on when its next work is there. */
const LAST_WORDS_MS = 10_000;
/** From its order until its session has its prompt: before the town gives up on the answer. */
const LAUNCH_MS = 115_000;

/** Starts agents, knows them while they run, and tells how they ended (CONTAINER-5). */
export class Supervisor {
	readonly #options: SupervisorOptions;
	readonly #agents = new Map<string, RunningAgent>();
	readonly #ends = new Map<string, Promise<void>>();
	readonly #idle = new Map<string, NodeJS.Timeout>();
	readonly #drains = new AbortController();
	/** Of attempts whose session is not up yet: a drain waits until whoever ordered them has an answer. */
	readonly #starts = new Set<Promise<RunningAgent>>();
	draining = false;
	mayorReadyAt: string | null = null;

	constructor(options: SupervisorOptions) {
		this.#options = options;
	}

	agents(): RunningAgent[] {
		return [...this.#agents.values()];
	}

	find(id: string): RunningAgent | null {
		return this.#agents.get(id) ?? null;
	}

	byToken(token: string): RunningAgent | null {
		return this.agents().find((agent) => agent.token === token) ?? null;
	}

	/** Starts an agent and answers when its session has its prompt. Throws a `Refusal` with git's or the server's own words. */
	async start(order: StartAgent): Promise<RunningAgent> {
		if (this.draining) throw new Refusal(503, "draining", "The container drains: it starts nothing.");
		await this.#makeRoom(order.agent_id);
		const before = this.find(order.agent_id);
		if (before)
			throw new Refusal(
				409,
				"running",
				`${before.order.name} runs already, for attempt ${before.order.attempt_id}.`,
			);
		const { reporter } = this.#options;
		const events = new EventGatherer({
			...{ agent: order.agent_id, attempt: order.attempt_id, bead: order.bead_id },
			append: (stream, batch) => reporter.events(stream, batch),
			isFull: () => reporter.isFull,
		});
		const agent = new RunningAgent(order, events);
		this.#agents.set(order.agent_id, agent);
		const starting = this.#begin(agent);
		this.#starts.add(starting);
		return starting.finally(() => this.#starts.delete(starting));
	}

	async #begin(agent: RunningAgent): Promise<RunningAgent> {
		const { order } = agent;
		const { reporter } = this.#options;
		try {
			agent.workdir = await this.#workdirOf(order);
			await this.#launch(agent);
			return agent;
		} catch (error) {
			this.#agents.delete(order.agent_id);
			const [code, words] =
				error instanceof GitFailed
					? ["git_failed", error.message]
					: ["start_failed", String((error as Error).message ?? error)];
			reporter.log(`agent ${order.name} could not be started for attempt ${order.attempt_id}: ${words}`);
			throw new Refusal(502, code, words);
		}
	}

	/** False where nothing of this attempt runs. Resolves when its end is told. */
	async stop(id: string, attempt: string | null, how: "term" | "kill", reason: string): Promise<boolean> {
		const agent = this.find(id);
		if (!agent?.session || (attempt !== null && agent.order.attempt_id !== attempt)) return false;
		await this.#end(agent, { status: "stopped", reason }, how);
		return true;
	}

	/** Kills an agent's group for want of memory: told as a failure, as a kernel's kill would be. */
	outOfMemory(id: string, reason: string): void {
		const agent = this.find(id);
		if (agent?.session) void this.#end(agent, { status: "failed", reason }, "kill");
	}

	/** The agent said that its work is done: its process ends with its turn. */
	handedIn(agent: RunningAgent): void {
		agent.handedIn = true;
		if (agent.isIdle) this.#armIdle(agent);
	}

	/** SIGTERM: nothing is started any more, turns may end, work is saved, everybody leaves as evicted (domain.md §2.13). */
	async drain(): Promise<void> {
		this.draining = true;
		this.#drains.abort(new Error("the container drains"));
		const deadline = Date.now() + this.#options.settings.DRAIN_MS;
		await Promise.all(this.agents().map((agent) => this.#evict(agent, deadline)));
		await Promise.all(this.#ends.values());
		await Promise.allSettled(this.#starts);
	}

	async #evict(agent: RunningAgent, deadline: number): Promise<void> {
		const { workspace, reporter } = this.#options;
		await untilIdle(agent, deadline);
		await this.#end(agent, { status: "evicted", reason: "container eviction" }, "term");
		const { rig, branch, name } = agent.order;
		if (!rig || !branch || !agent.workdir || agent.handedIn) return;
		const saved = await workspace
			.saveWork(repoOf(rig), agent.order.agent_id, agent.workdir, branch)
			.catch((error: unknown) => {
				reporter.log(`the work of ${name} could not be saved: ${String(error)}`);
				return false;
			});
		if (saved) reporter.log(`the work of ${name} was saved on ${branch}`);
	}

	/** An agent that has handed in its work, or is being ended, is free for the town: what is left of it is waited for. */
	async #makeRoom(id: string): Promise<void> {
		const before = this.find(id);
		if (before?.handedIn) await untilIdle(before, Date.now() + LAST_WORDS_MS);
		if (before?.ending) await this.#ends.get(before.order.attempt_id);
		else if (before?.handedIn) await this.#end(before, { status: "completed", reason: "completed" }, "term");
	}

	async #workdirOf(order: StartAgent): Promise<string> {
		const { workspace } = this.#options;
		if (!order.rig) return workspace.townFolder(order.role);
		return workspace.worktree({
			...{ repo: repoOf(order.rig), agent: order.agent_id, branch: order.branch, base: order.base },
		});
	}

	async #launch(agent: RunningAgent): Promise<void> {
		const { settings, launch, reporter } = this.#options;
		const { order } = agent;
		const home = join(settings.WORK_DIR, "homes", order.role === "mayor" ? "mayor" : order.attempt_id);
		const session = await launch({
			...{ kind: settings.AGENT_KIND, order, home, modelUrl: settings.MODEL_URL },
			workdir: agent.workdir ?? settings.WORK_DIR,
			env: this.#envOf(agent, home),
			onEvent: (event) => this.#take(agent, event),
			onLine: (line) => reporter.log(`${order.name}: ${line}`),
			signal: AbortSignal.any([AbortSignal.timeout(LAUNCH_MS), this.#drains.signal]),
		});
		agent.session = session;
		agent.status = "running";
		if (order.role === "mayor") this.mayorReadyAt = new Date().toISOString();
		this.#ends.set(order.attempt_id, this.#watch(agent, session.ended));
		reporter.log(`agent ${order.name} started as ${session.pid} for attempt ${order.attempt_id}`);
		this.#keepGroups();
	}

	#envOf(agent: RunningAgent, home: string): Record<string, string> {
		const { bin, controlUrl, env } = this.#options;
		const { order } = agent;
		return {
			...env(),
			...order.env,
			...gitEnv({ bin, home, name: order.name, controlUrl: controlUrl(), token: agent.token }),
			PATH: `${bin}:${process.env.PATH ?? ""}`,
			GASTOWN_AGENT_ID: order.agent_id,
			GASTOWN_REAL_GIT: findGit(process.env.PATH),
			GASTOWN_NODE: process.execPath,
			GASTOWN_BRANCH: order.branch ?? readBranch(order.prompt),
			GASTOWN_TARGET: order.base,
			...(order.kilo_token === null ? {} : { KILOCODE_TOKEN: order.kilo_token }),
		};
	}

	#take(agent: RunningAgent, event: Parameters<RunningAgent["take"]>[0]): void {
		agent.take(event);
		const timer = this.#idle.get(agent.order.attempt_id);
		if (event.type === "session.idle") this.#armIdle(agent);
		else if (timer && !agent.isIdle) {
			clearTimeout(timer);
			this.#idle.delete(agent.order.attempt_id);
		}
	}

	/** A session that waits for nobody ends by itself; a mayor's waits for its owner (domain.md §2.6). */
	#armIdle(agent: RunningAgent): void {
		const { POLECAT_IDLE_MS, REFINERY_IDLE_MS } = this.#options.settings;
		const { role, attempt_id } = agent.order;
		if (role === "mayor" || agent.ending) return;
		clearTimeout(this.#idle.get(attempt_id));
		const wait = agent.handedIn ? HANDED_IN_MS : role === "refinery" ? REFINERY_IDLE_MS : POLECAT_IDLE_MS;
		const timer = setTimeout(() => {
			if (agent.isIdle && !agent.ending)
				void this.#end(agent, { status: "completed", reason: agent.handedIn ? "completed" : "idle" }, "term");
		}, wait);
		this.#idle.set(attempt_id, timer);
	}

	async #end(
		agent: RunningAgent,
		as: NonNullable<RunningAgent["ending"]>,
		how: "term" | "kill",
	): Promise<void> {
		agent.ending ??= as;
		agent.status = "stopping";
		this.#options.reporter.log(`agent ${agent.order.name} is ended (${how}): ${as.reason}`);
		await agent.session?.stop(how, as.reason);
		await this.#ends.get(agent.order.attempt_id);
	}

	/** Tells the end of a process, after everything that it had said. */
	async #watch(agent: RunningAgent, ended: Promise<ProcessEnd>): Promise<void> {
		const { reporter } = this.#options;
		const { order } = agent;
		const end = await ended;
		const { status, reason } = agent.ending ?? {
			status: end.code === 0 ? ("completed" as const) : ("failed" as const),
			reason: end.reason,
		};
		agent.status = status === "failed" ? "failed" : "exited";
		agent.exitReason = reason;
		agent.take({
			...{ at: Date.now(), id: null, type: "agent.exited" },
			properties: { status, reason, exit_code: end.code, signal: end.signal, pid: agent.session?.pid },
		});
		agent.events.flush();
		reporter.report("completions", {
			...{ agent_id: order.agent_id, attempt_id: order.attempt_id, status, reason },
			...{ exit_code: end.code, signal: end.signal },
		});
		reporter.log(`agent ${order.name} ended: ${status}, ${end.signal ?? `exit code ${end.code}`}, ${reason}`);
		clearTimeout(this.#idle.get(order.attempt_id));
		this.#idle.delete(order.attempt_id);
		if (this.#agents.get(order.agent_id) === agent) this.#agents.delete(order.agent_id);
		this.#ends.delete(order.attempt_id);
		this.#keepGroups();
	}

	#keepGroups(): void {
		const groups = this.agents().flatMap(({ session, order, startedAt }) =>
			session ? [{ pgid: session.pid, agent_id: order.agent_id, started_at: startedAt }] : [],
		);
		keepGroups(this.#options.settings.WORK_DIR, groups);
	}
}

/** Its turn may end until then, epoch milliseconds. */
async function untilIdle(agent: RunningAgent, deadline: number): Promise<void> {
	while (agent.busy && agent.status === "running" && Date.now() < deadline)
		await new Promise((resolve) => setTimeout(resolve, 50));
}

export const repoOf = (rig: NonNullable<StartAgent["rig"]>): Repo => rig;

/** A refinery works on no branch of its own: its task names the one that it merges. */
const readBranch = (prompt: string): string => /^Branch: (\S+)$/m.exec(prompt)?.[1] ?? "";
