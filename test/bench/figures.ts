export const median = (values: number[]): number => percentile(values, 50);

/** The value below which `p` per cent of the values lie. */
export function percentile(values: number[], p: number): number {
	const sorted = [...values].sort((a, b) => a - b);
	return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * p) / 100))] ?? Number.NaN;
}

export const figure = (value: number): string =>
	value >= 100 ? Math.round(value).toLocaleString("en-GB") : value.toFixed(value >= 10 ? 0 : 1);

/** Runs `once` so many times and answers the median of what it measured. */
export async function medianOf(repeats: number, once: (n: number) => Promise<number>): Promise<number> {
	const values: number[] = [];
	for (let n = 0; n < repeats; n++) values.push(await once(n));
	return median(values);
}

/** Milliseconds that it takes. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
	const begin = performance.now();
	await work();
	return performance.now() - begin;
}

/** Resolves at this time, epoch milliseconds; at once where it has passed. */
export async function sleepUntil(at: number): Promise<void> {
	const ms = at - Date.now();
	if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms));
}

/** A table for a terminal and for a README alike. */
export function markdown(head: string[], rows: string[][]): string {
	const widths = head.map((name, n) => Math.max(name.length, ...rows.map((row) => row[n]?.length ?? 0)));
	const line = (cells: string[]) =>
		`| ${cells.map((cell, n) => (n === 0 ? cell.padEnd(widths[n] ?? 0) : cell.padStart(widths[n] ?? 0))).join(" | ")} |`;
	const rule = `| ${widths.map((width, n) => (n === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`)).join(" | ")} |`;
	return [line(head), rule, ...rows.map(line)].join("\n");
}
