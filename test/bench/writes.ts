import type { BenchWorker } from "./bench-worker.ts";
import { figure, markdown, medianOf, timed } from "./figures.ts";

const STORED = [1_000, 10_000, 100_000];
const REPEATS = 5;
/** What one second of a busy agent brings, in batches as the ingest answer sets them for a followed agent (50 ms). */
const BATCH = 50;

/** Events/s into an agent's stream by how much it holds, ours against Gastown's (per event, prune of all but 10,000). */
export async function benchAppends(worker: BenchWorker): Promise<string> {
	const rows: string[][] = [];
	for (const stored of STORED) {
		const name = `agent-${stored}`;
		await worker.call("/gastown/fill", { name, count: stored });
		// The first prune of a filled table removes what Gastown would never have let grow.
		await worker.call("/gastown/append", { name, count: 1 });
		const theirs = await medianOf(REPEATS, async () => {
			const count = 40;
			return count / ((await timed(() => worker.call("/gastown/append", { name, count }))) / 1_000);
		});
		let seq = 1;
		let from = 0;
		const append = async (count: number, batch: number) => {
			await worker.call("/stream/append", { name, count, batch, seq, from });
			seq += Math.ceil(count / batch);
			from += count;
		};
		await append(stored, 1_000);
		const ours = await medianOf(REPEATS, async () => {
			const count = 5_000;
			return count / ((await timed(() => append(count, BATCH))) / 1_000);
		});
		rows.push([figure(stored), figure(ours), figure(theirs), `${figure(ours / theirs)} ×`]);
	}
	return markdown(["events stored", `events/s, segments of ${BATCH}`, "events/s, a row each", "ratio"], rows);
}

/** Upserts/s into a town's table, captured against plain. */
export async function benchCapture(worker: BenchWorker): Promise<string> {
	const count = 20_000;
	const rate = (kind: string) =>
		medianOf(REPEATS, async (round) => {
			const ms = await timed(() => worker.call(`/${kind}/write`, { name: kind, count, round }));
			return count / (ms / 1_000);
		});
	const [captured, plain] = [await rate("captured"), await rate("plain")];
	return markdown(
		["upserts into beads", "rows/s"],
		[
			["captured (change log, batches, causes)", figure(captured)],
			["plain", figure(plain)],
			["cost of capture", `${figure(plain / captured)} ×`],
		],
	);
}
