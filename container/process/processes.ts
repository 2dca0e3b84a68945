import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { promisify } from "node:util";

/** One process as the machine shows it: `cpuMs` used since its start, `memoryMb` in memory, `startedAt` epoch milliseconds. */
export type ProcessNow = {
	pid: number;
	/** Who started it; 1 where that one has ended. */
	ppid: number;
	pgid: number;
	cpuMs: number;
	memoryMb: number;
	startedAt: number;
};

const CLOCK_TICKS = 100;
const PAGE_KB = 4;

/** All processes of the machine that can be seen. Reads `/proc`, and asks `ps` where there is none. */
export async function listProcesses(): Promise<ProcessNow[]> {
	const names = await readdir("/proc").catch(() => null);
	if (names === null) return psProcesses();
	const uptime = Number((await readFile("/proc/uptime", "utf8")).split(" ")[0]);
	const boot = Date.now() - uptime * 1_000;
	const pids = names.filter((name) => /^\d+$/.test(name));
	const all = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/stat`, "utf8").catch(() => null)));
	return all.flatMap((text) => (text === null ? [] : [fromStat(text, boot)]));
}

/** proc(5): the name stands in brackets and may hold spaces. */
function fromStat(text: string, boot: number): ProcessNow {
	const end = text.lastIndexOf(")");
	const fields = text
		.slice(end + 2)
		.split(" ")
		.map(Number);
	const at = (n: number): number => fields[n - 3] ?? 0;
	return {
		pid: Number.parseInt(text, 10),
		ppid: at(4),
		pgid: at(5),
		cpuMs: ((at(14) + at(15)) * 1_000) / CLOCK_TICKS,
		startedAt: boot + (at(22) * 1_000) / CLOCK_TICKS,
		memoryMb: (at(24) * PAGE_KB) / 1_024,
	};
}

async function psProcesses(): Promise<ProcessNow[]> {
	const { stdout } = await promisify(execFile)("ps", ["-axo", "pid=,ppid=,pgid=,time=,rss=,etime="]);
	return stdout.split("\n").flatMap((line) => {
		const [pid, ppid, pgid, time = "", rss, etime = ""] = line.trim().split(/\s+/);
		if (!pid) return [];
		return [
			{
				...{ pid: Number(pid), ppid: Number(ppid), pgid: Number(pgid) },
				...{ cpuMs: clockMs(time), memoryMb: Number(rss) / 1_024, startedAt: Date.now() - clockMs(etime) },
			},
		];
	});
}

/** `[[dd-]hh:]mm:ss[.cc]` in milliseconds. */
function clockMs(text: string): number {
	const [days, clock] = text.includes("-") ? text.split("-") : ["0", text];
	const seconds = (clock ?? "").split(":").reduce((sum, part) => sum * 60 + Number(part), 0);
	return (Number(days) * 86_400 + seconds) * 1_000;
}
