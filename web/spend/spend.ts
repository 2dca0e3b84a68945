import type { Bead, DispatchAttempt, Usage, UsageHour } from "../../shared/gastown/index.ts";
import type { TownView } from "../../shared/town-view/index.ts";

type Counted = Pick<
	Usage,
	"input_tokens" | "output_tokens" | "reasoning_tokens" | "cache_read_tokens" | "cache_write_tokens" | "cost"
>;

/** What some rows add up to. A row with tokens and no cost is of a model whose price nobody told: it is unknown, not free. */
export type Amount = {
	input: number;
	output: number;
	cached: number;
	/** Dollars of the rows that have a price; null where none has. */
	cost: number | null;
	/** Tokens without a price. */
	unpriced: number;
};
export type AmountRow = Amount & { key: string };

const NOTHING: Amount = { input: 0, output: 0, cached: 0, cost: null, unpriced: 0 };

export const tokensOf = ({ input, output, cached }: Amount): number => input + output + cached;

function plus(sum: Amount, row: Counted): Amount {
	const added = {
		input: row.input_tokens,
		output: row.output_tokens + row.reasoning_tokens,
		cached: row.cache_read_tokens + row.cache_write_tokens,
	};
	const priced = row.cost > 0;
	return {
		input: sum.input + added.input,
		output: sum.output + added.output,
		cached: sum.cached + added.cached,
		// Billionths are whole: sums of them are exact.
		cost: priced ? Math.round(((sum.cost ?? 0) + row.cost) * 1e9) / 1e9 : sum.cost,
		unpriced: sum.unpriced + (priced ? 0 : added.input + added.output + added.cached),
	};
}

/** What these rows add up to. */
export function amountOf(rows: Iterable<Counted>): Amount {
	let sum = NOTHING;
	for (const row of rows) sum = plus(sum, row);
	return sum;
}

/** Sums by what `keyOf` says, dearest first, then by tokens. */
export function amountsBy<R extends Counted>(rows: Iterable<R>, keyOf: (row: R) => string): AmountRow[] {
	const sums = new Map<string, Amount>();
	for (const row of rows) {
		const key = keyOf(row);
		sums.set(key, plus(sums.get(key) ?? NOTHING, row));
	}
	return [...sums]
		.map(([key, amount]) => ({ key, ...amount }))
		.sort((a, b) => (b.cost ?? -1) - (a.cost ?? -1) || tokensOf(b) - tokensOf(a) || (a.key < b.key ? -1 : 1));
}

/** An hour: what was spent, how many agents spent it, and how many beads of work were closed in it. */
export type HourRow = AmountRow & { agents: number; closed: number };

/** Every hour from the first with usage to the last, oldest first: an hour without work is an hour of nothing. */
export function hourly(used: Iterable<UsageHour>, beads: Iterable<Done>): HourRow[] {
	const rows = [...used];
	const known = new Map(amountsBy(rows, ({ hour }) => hour).map((row) => [Date.parse(row.key), row]));
	const agents = Map.groupBy(rows, ({ hour }) => Date.parse(hour));
	const closed = Map.groupBy(
		[...beads].filter(isWorkDone),
		({ closed_at }) => Math.floor(Date.parse(closed_at ?? "") / HOUR) * HOUR,
	);
	const times = [...known.keys()].filter(Number.isFinite).sort((a, b) => a - b);
	const [first, last] = [times[0], times.at(-1)];
	if (first === undefined || last === undefined) return [];
	return Array.from({ length: (last - first) / HOUR + 1 }, (_, n) => first + n * HOUR).map((at) => ({
		...(known.get(at) ?? { key: new Date(at).toISOString(), ...NOTHING }),
		agents: new Set((agents.get(at) ?? []).map(({ agent_id }) => agent_id)).size,
		closed: closed.get(at)?.length ?? 0,
	}));
}
const HOUR = 3_600_000;

type Done = Pick<Bead, "type" | "status" | "closed_at">;
const isWorkDone = ({ type, status }: Done): boolean => type === "issue" && status === "closed";

export type Work = {
	/** Beads of work that are closed, and merge requests that were merged. */
	closed: number;
	merged: number;
};
export function workDone({ tables }: TownView): Work {
	let [closed, merged] = [0, 0];
	for (const bead of tables.beads.values()) if (isWorkDone(bead)) closed += 1;
	for (const { merge_commit } of tables.review_metadata.values()) if (merge_commit !== null) merged += 1;
	return { closed, merged };
}

/** Null where nothing was done, or its price is not whole. */
export const costPer = ({ cost, unpriced }: Amount, n: number): number | null =>
	n === 0 || cost === null || unpriced > 0 ? null : cost / n;

export type ReviewCost = Amount & { request: string; reviews: number };

/** What each merge request was reviewed for: each attempt with usage is one review; most reviewed first. */
export function reviewCosts({ tables, indexes }: TownView): ReviewCost[] {
	const found: ReviewCost[] = [];
	for (const request of tables.review_metadata.keys()) {
		const rows = [...(indexes.usageByBead.get(request) ?? [])].flatMap((key) => tables.usage.get(key) ?? []);
		if (rows.length === 0) continue;
		const reviews = new Set(rows.map(({ attempt_id }) => attempt_id)).size;
		found.push({ request, reviews, ...amountOf(rows) });
	}
	return found.sort((a, b) => b.reviews - a.reviews || (b.cost ?? -1) - (a.cost ?? -1));
}

/** A process whose work is through is ended by its container: the signal of that is no failure. */
const THROUGH = ["completed", "idle"];

/** It never ran, or its process ended with an error or by a signal before it was through. */
const hasFailed = ({ outcome, exit_code, signal, end_reason }: DispatchAttempt): boolean =>
	outcome === "failed" ||
	outcome === "refused" ||
	(!THROUGH.includes(end_reason ?? "") && ((exit_code !== null && exit_code !== 0) || signal !== null));

/** What the attempts that failed have used; only those that are given count. */
export function wasteOf(
	attempts: readonly DispatchAttempt[],
	usage: Iterable<Usage>,
): Amount & { n: number } {
	const failed = new Set(attempts.filter(hasFailed).map(({ attempt_id }) => attempt_id));
	const rows = [...usage].filter(({ attempt_id }) => failed.has(attempt_id));
	return { n: failed.size, ...amountOf(rows) };
}
