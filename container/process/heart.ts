import type { Control } from "../control/routes.ts";
import { type Sample, Sampler } from "./sampler.ts";

/** Beats at a steady pace: who runs, how they are, what waits (CONTAINER-3). And watches that memory stays within its limit. */
export class Heart {
	readonly #control: Control;
	readonly #sampler = new Sampler();
	#timer: NodeJS.Timeout | null = null;
	#stopped = false;

	constructor(control: Control) {
		this.#control = control;
	}

	start(): void {
		void this.#beat();
	}

	stop(): void {
		this.#stopped = true;
		if (this.#timer) clearTimeout(this.#timer);
	}

	async #beat(): Promise<void> {
		const { settings, reporter } = this.#control;
		try {
			const samples = await this.#sample();
			this.#guardMemory(samples);
			await reporter.heartbeat(this.#report(samples));
		} catch (error) {
			reporter.log(`a heartbeat failed: ${String(error)}`);
		}
		if (!this.#stopped) this.#timer = setTimeout(() => void this.#beat(), settings.SAMPLE_MS);
	}

	#sample(): Promise<Sample[]> {
		const groups = this.#control.supervisor
			.agents()
			.flatMap(({ session, order }) =>
				session ? [{ pgid: session.pid, role: order.role, name: order.name, agent: order.agent_id }] : [],
			);
		return this.#sampler.sample([
			{ pgid: process.pid, role: "control-server", name: "control server", agent: null },
			...groups,
		]);
	}

	#report(samples: readonly Sample[]) {
		const { settings, supervisor, reporter, tokens, worker, config } = this.#control;
		const byAgent = new Map(samples.map((sample) => [sample.agent_id, sample]));
		const total = (key: "cpu" | "memory_mb") => samples.reduce((sum, one) => sum + (one[key] ?? 0), 0);
		return {
			instance_id: settings.INSTANCE_ID,
			// Those that are being started too (domain.md §3.5): that takes a while with a real server, and is no silence.
			agents: supervisor.agents().map((agent) => ({
				...{ agent_id: agent.order.agent_id, attempt_id: agent.order.attempt_id },
				uptime_s: Math.round((Date.now() - agent.startedAt) / 1_000),
				...{ last_event_type: agent.lastEventType, last_event_at: agent.lastEventAt },
				...{ active_tools: agent.tools(), in_turn: !agent.isIdle, pid: agent.session?.pid ?? null },
				...{ status: agent.status, session_id: agent.session?.sessionId ?? null },
				...{ model: agent.model, prompt_hash: agent.promptHash },
				cpu: byAgent.get(agent.order.agent_id)?.cpu ?? null,
				memory_mb: byAgent.get(agent.order.agent_id)?.memory_mb ?? null,
			})),
			container: {
				...{ cpu: Math.round(total("cpu") * 10) / 10, memory_mb: total("memory_mb") },
				memory_limit_mb: settings.MEMORY_LIMIT_MB || null,
			},
			processes: [...samples],
			spool: reporter.waiting(),
			fingerprints: tokens.fingerprints(worker.token),
			config_version: config.version,
		};
	}

	/** Over its limit the largest agent is killed, as the kernel does in a container. */
	#guardMemory(samples: readonly Sample[]): void {
		const { settings, supervisor, reporter } = this.#control;
		const used = samples.reduce((sum, one) => sum + one.memory_mb, 0);
		if (settings.MEMORY_LIMIT_MB === 0 || used <= settings.MEMORY_LIMIT_MB) return;
		const largest = samples
			.filter(({ agent_id }) => agent_id !== null)
			.reduce<Sample | null>((most, one) => (most && most.memory_mb >= one.memory_mb ? most : one), null);
		if (!largest?.agent_id) return;
		reporter.report("container-events", {
			type: "error",
			reason: `Out of memory: ${used} of ${settings.MEMORY_LIMIT_MB} MB; killed ${largest.name} (${largest.memory_mb} MB)`,
			...{
				oom: true,
				instance_id: settings.INSTANCE_ID,
				memory_mb: used,
				memory_limit_mb: settings.MEMORY_LIMIT_MB,
			},
		});
		supervisor.outOfMemory(largest.agent_id, `out of memory: it used ${largest.memory_mb} MB`);
	}
}
