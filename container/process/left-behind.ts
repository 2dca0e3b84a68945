import { readdir, readFile } from "node:fs/promises";

/** A process that is killed may just have started another: the list is read again, so often at most. */
const ROUNDS = 5;

/**
 * Kills whatever still runs with this in its environment, e.g. `NAME=value`: tools run commands in groups of their own, which
 * outlive the group of whoever started them. Only where there is a `/proc`, as in the image.
 */
export async function killBearers(marker: string): Promise<void> {
	for (let round = 0; round < ROUNDS; round++) {
		const pids = await bearersOf(marker);
		if (pids.length === 0) return;
		for (const pid of pids) kill(pid);
	}
}

/** Those that have ended, and wait to be reaped, have no environment any more. */
async function bearersOf(marker: string): Promise<number[]> {
	const names = await readdir("/proc").catch(() => []);
	const found = await Promise.all(
		names
			.filter((name) => /^\d+$/.test(name))
			.map(async (name) => {
				// Another user's, or gone meanwhile.
				const environment = await readFile(`/proc/${name}/environ`, "utf8").catch(() => "");
				return environment.split("\0").includes(marker) ? [Number(name)] : [];
			}),
	);
	return found.flat();
}

function kill(pid: number): void {
	try {
		process.kill(pid, "SIGKILL");
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
	}
}
