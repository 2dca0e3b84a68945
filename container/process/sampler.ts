import { listProcesses, type ProcessNow } from "./processes.ts";

/** What runs in the container under one name: a process group. */
export type Group = { pgid: number; role: string; name: string; agent: string | null };
/** cpu in per cent of one core since the last sample, memory in MiB, both of the whole group. */
export type Sample = {
	pid: number;
	role: string;
	name: string;
	agent_id: string | null;
	cpu: number | null;
	memory_mb: number;
	uptime_s: number;
};

/** Measures the container's process groups, one figure each. */
export class Sampler {
	#before = new Map<number, { cpuMs: number; at: number }>();

	async sample(groups: readonly Group[]): Promise<Sample[]> {
		const now = Date.now();
		const byGroup = groupsOf(await listProcesses(), new Set(groups.map(({ pgid }) => pgid)));
		const next = new Map<number, { cpuMs: number; at: number }>();
		const samples = groups.flatMap((group) => {
			const processes = byGroup.get(group.pgid) ?? [];
			const leader = processes.find(({ pid }) => pid === group.pgid) ?? processes[0];
			if (!leader) return [];
			const cpuMs = sum(processes, "cpuMs");
			next.set(group.pgid, { cpuMs, at: now });
			return [this.#of(group, leader, { cpuMs, memoryMb: sum(processes, "memoryMb"), now })];
		});
		this.#before = next;
		return samples;
	}

	#of(
		group: Group,
		leader: ProcessNow,
		{ cpuMs, memoryMb, now }: { cpuMs: number; memoryMb: number; now: number },
	): Sample {
		const before = this.#before.get(group.pgid);
		const passed = before ? now - before.at : 0;
		return {
			...{ pid: group.pgid, role: group.role, name: group.name, agent_id: group.agent },
			// A group that lost a process used less than before.
			cpu:
				before && passed > 0 ? Math.max(0, Math.round(((cpuMs - before.cpuMs) / passed) * 1_000) / 10) : null,
			memory_mb: Math.round(memoryMb),
			uptime_s: Math.max(0, Math.round((now - leader.startedAt) / 1_000)),
		};
	}
}

/** Each process counts for its own group, else for that of whoever started it: agents' shells lead groups of their own. */
function groupsOf(processes: readonly ProcessNow[], wanted: ReadonlySet<number>) {
	const byPid = new Map(processes.map((one) => [one.pid, one]));
	return Map.groupBy(processes, (process) => {
		let one: ProcessNow | undefined = process;
		while (one && !wanted.has(one.pgid)) one = byPid.get(one.ppid);
		return one?.pgid;
	});
}

const sum = (processes: readonly ProcessNow[], key: "cpuMs" | "memoryMb"): number =>
	processes.reduce((total, one) => total + one[key], 0);
