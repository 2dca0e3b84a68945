import { randomUUID } from "node:crypto";
import { wait } from "../../container/wait.ts";
import type { ContainerReport, GitReport, ReportInput } from "../../shared/ingest/index.ts";
import { type AgentProcess, EVICTED, type Play, STOPPED, startAgentProcess } from "./agent-process.ts";
import { type IngestClient, Refused } from "./ingest-client.ts";

/** A town's container as it is played: its processes, and what it tells of itself. */
export type TownPlayer = {
	town: string;
	client: IngestClient;
	/** Since when the container runs, epoch milliseconds: that of a new town was started before it was first heard of. */
	since: number;
	/** Ends when the container is asked to end. */
	signal: AbortSignal;
	processes: ReadonlyMap<string, AgentProcess>;
	/** Beads that an agent of this container is about to take or works on. */
	held: Set<string>;
	/**
	 * Hooks a bead (none for a mayor), starts its agent, and plays a recording; waits while the container is down. Rejects with
	 * `Refused`, and then the bead is on no hook. `at`: of a start that is told late (epoch milliseconds).
	 */
	dispatch(agent: string, bead: string | null, play: Play, at?: number): Promise<AgentProcess>;
	/** A start that the container could not carry out; the bead stays on the hook for the next. Rejects with `Refused`. */
	failDispatch(agent: string, bead: string, error: string): Promise<void>;
	/** False when the agent has no process, or one of another attempt (null: whatever runs), or the container is down. */
	stop(agent: string, attempt: string | null): Promise<boolean>;
	/** The container dies under its agents and comes back after `downMs`. */
	die(event: Partial<ContainerReport>, downMs: number): Promise<void>;
	/** Tells of git's work when the container runs; not any more when the process that does it has ended. */
	git(report: GitReport, life?: AbortSignal): Promise<void>;
	log(line: string): void;
	pause(ms: number): Promise<void>;
	/** Ends every process and tells that the container stops, in at most three seconds. */
	close(): Promise<void>;
};

const HEARTBEAT_MS = 5_000;
/** A process younger than this is still coming up: it has no heartbeat yet. */
const STARTING_MS = 3_000;
const MEMORY_LIMIT_MB = 4_096;
/** How often it is looked whether a container that died is back. */
const DOWN_LOOK_MS = 200;

type Options = {
	town: string;
	client: IngestClient;
	signal: AbortSignal;
	/** When it was started, epoch milliseconds; now where it is left out. */
	since?: number | undefined;
	say: (line: string) => void;
};

/** Starts the container of a town: tells that it runs, and from then on its heartbeats, samples and log. */
export async function startTownPlayer({ town, client, signal, since, say }: Options): Promise<TownPlayer> {
	const processes = new Map<string, AgentProcess>();
	let instance = randomUUID();
	let down = false;
	let lines: string[] = [];

	const log = (line: string) => {
		lines.push(`${new Date().toISOString()} ${line}`);
		if (lines.length > 100) lines.shift();
	};
	const memory = () => 620 + processes.size * 210 + 40 * Math.sin(Date.now() / 20_000);
	const report = (event: Partial<ContainerReport> & Pick<ContainerReport, "type">, at?: number) =>
		client.post(
			"container-events",
			{
				instance_id: instance,
				memory_mb: Math.round(memory()),
				memory_limit_mb: MEMORY_LIMIT_MB,
				...event,
			},
			undefined,
			at,
		);
	const beat = async () => {
		const up = [...processes.values()].filter((process) => Date.now() - process.startedAt > STARTING_MS);
		const agents = up.map((process) => ({
			agent_id: process.agent,
			attempt_id: process.attempt,
			uptime_s: Math.round((Date.now() - process.startedAt) / 1000),
			last_event_type: process.lastEventType,
			last_event_at: process.lastEventAt,
			active_tools: [...process.activeTools],
			pid: process.pid,
			cpu: Math.round((process.activeTools.size > 0 ? 60 : 8) + 10 * Math.random()),
			memory_mb: Math.round(190 + 30 * Math.random()),
		}));
		const container = {
			cpu: Math.round(6 + agents.length * 14 * Math.random()),
			memory_mb: Math.round(memory()),
			memory_limit_mb: MEMORY_LIMIT_MB,
		};
		await client.post(
			"heartbeat",
			{ instance_id: instance, agents, container } satisfies ReportInput<"heartbeat">,
			signal,
		);
		if (lines.length === 0) return;
		const told = lines;
		lines = [];
		await client.post("log", { lines: told }, signal);
	};
	const heart = async () => {
		while (!signal.aborted) {
			if (!down) await beat().catch(complain);
			await wait(HEARTBEAT_MS, signal).catch(() => undefined);
		}
	};
	const complain = (error: unknown) => {
		if (!signal.aborted) say(`${town}: ${error instanceof Error ? error.message : String(error)}`);
	};

	/** Resolves when the container runs; rejects when `life` ends first. */
	const running = async (life: AbortSignal) => {
		while (down) await wait(DOWN_LOOK_MS, life);
	};
	/** Starts what is on the agent's hook; a refused start leaves nothing there. Answers the attempt. */
	const begin = async (agent: string, at?: number): Promise<string> => {
		const order = { agent_id: agent, skip_back_off: true };
		const { attempt_id } = await client
			.gastown<"startDispatch", { attempt_id: string }>("startDispatch", order, undefined, at)
			.catch(async (error: unknown) => {
				if (error instanceof Refused)
					await client.gastown("unhookBead", { agent_id: agent }).catch(unlessRefused);
				throw error;
			});
		return attempt_id;
	};

	await report({ type: "start", reason: "container started" }, since);
	log(`control server listens, instance ${instance.slice(0, 8)}`);
	void heart();

	return {
		...{ town, client, signal, processes, log, since: since ?? Date.now() },
		held: new Set(),
		async dispatch(agent, bead, play, at) {
			await running(signal);
			if (bead !== null) await client.gastown("hookBead", { agent_id: agent, bead_id: bead }, undefined, at);
			const attempt = await begin(agent, at);
			// It may have died meanwhile: then the start takes as long as the container does.
			await running(signal);
			const process = startAgentProcess({
				...{ client, agent, attempt, bead, play, startedAt: at },
				onRefused: complain,
			});
			processes.set(agent, process);
			process.ended
				.catch(complain)
				.finally(() => processes.get(agent) === process && processes.delete(agent));
			await client
				.gastown(
					"dispatchOutcome",
					{
						...{ attempt_id: attempt, outcome: "started", process_id: String(process.pid) },
						container_response: '200 {"status":"starting"}',
					},
					undefined,
					at,
				)
				.catch(async (error: unknown) => {
					// The attempt was ended before its process came up: nobody waits for it.
					await process.end(STOPPED);
					throw error;
				});
			log(`agent ${agent} started as ${process.pid}`);
			return process;
		},
		async failDispatch(agent, bead, error) {
			await running(signal);
			await client.gastown("hookBead", { agent_id: agent, bead_id: bead }).catch(unlessRefused);
			const attempt_id = await begin(agent);
			log(`start of ${agent} failed: ${error}`);
			await client.gastown("dispatchOutcome", {
				...{ attempt_id, outcome: "failed", error },
				container_response: `500 ${JSON.stringify({ error })}`,
			});
		},
		async stop(agent, attempt) {
			const process = processes.get(agent);
			if (down || !process || (attempt !== null && process.attempt !== attempt)) return false;
			log(`agent ${agent} is asked to stop`);
			await process.end(STOPPED);
			return true;
		},
		async die(event, downMs) {
			down = true;
			log("Killed");
			// Nobody is left to say goodbye: the container that comes up next tells that its agents are gone.
			const lost = [...processes.values()];
			for (const process of lost) process.freeze();
			await report({ type: "stop", exit_code: 137, reason: "killed, cause unknown", log: lines, ...event });
			await wait(downMs, signal).catch(() => undefined);
			instance = randomUUID();
			await report({ type: "start", reason: "restarted by the watchdog" });
			await Promise.all(lost.map((process) => process.end(EVICTED)));
			down = false;
		},
		async git(report, life = signal) {
			await running(life);
			await client.post("git-operations", report, life);
			log(`${report.command}: ${report.outcome}`);
		},
		pause: (ms) => wait(ms, signal),
		async close() {
			const goodbye = Promise.all([...processes.values()].map((process) => process.end(EVICTED))).then(() =>
				report({ type: "stop", exit_code: 0, reason: "SIGTERM" }),
			);
			await Promise.race([goodbye.catch(complain), wait(3_000, new AbortController().signal)]);
		},
	};
}

/** For calls that may have been done before: what the worker refuses is left as it is. */
export function unlessRefused(error: unknown): void {
	if (!(error instanceof Refused)) throw error;
}
