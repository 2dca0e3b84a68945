import { spawnSync } from "node:child_process";

const ps = (...args: string[]): string => spawnSync("ps", args, { encoding: "utf8" }).stdout;

/** A process that has ended may still be listed until somebody has asked for its exit code. */
export function isAlive(pid: number): boolean {
	const state = ps("-o", "stat=", "-p", String(pid)).trim();
	return state !== "" && !state.startsWith("Z");
}

/** Whether a process of the machine runs exactly this command. */
export const runs = (command: string): boolean =>
	ps("-eo", "args=")
		.split("\n")
		.some((line) => line.trim() === command);
