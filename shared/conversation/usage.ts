import { numberOr, record } from "./event.ts";
import type { MessageInfo, Totals } from "./types.ts";

export const noTotals = (): Totals => ({
	input: 0,
	output: 0,
	reasoning: 0,
	cacheRead: 0,
	cacheWrite: 0,
	cost: 0,
});

/** Tokens and cost that a message's newest snapshot tells: totals of the message, repeated by each of its updates. */
export function usageOf(info: MessageInfo): Totals | null {
	if (info.role !== undefined && info.role !== "assistant") return null;
	if (info.tokens === undefined && info.cost === undefined) return null;
	const tokens = record(info.tokens);
	const cache = record(tokens.cache);
	return {
		input: numberOr(tokens.input, 0),
		output: numberOr(tokens.output, 0),
		reasoning: numberOr(tokens.reasoning, 0),
		cacheRead: numberOr(cache.read, 0),
		cacheWrite: numberOr(cache.write, 0),
		cost: numberOr(info.cost, 0),
	};
}

/** Costs are added as whole billionths of a dollar, so that a sum of differences stays exact. */
const exact = (dollars: number): number => Math.round(dollars * 1e9);

/** `totals - before + now`, in each field. */
export function replaceUsage(totals: Totals, before: Totals | null, now: Totals): Totals {
	const field = (name: Exclude<keyof Totals, "cost">) => totals[name] - (before?.[name] ?? 0) + now[name];
	return {
		input: field("input"),
		output: field("output"),
		reasoning: field("reasoning"),
		cacheRead: field("cacheRead"),
		cacheWrite: field("cacheWrite"),
		cost: (exact(totals.cost) - exact(before?.cost ?? 0) + exact(now.cost)) / 1e9,
	};
}

/** The model a message was written by, as `provider/model`; `unknown` where it is not told. */
export function modelOf(info: MessageInfo): string {
	const model = info.modelID ?? info.model?.modelID;
	const provider = info.providerID ?? info.model?.providerID;
	return model === undefined ? "unknown" : provider === undefined ? model : `${provider}/${model}`;
}
