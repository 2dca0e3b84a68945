import type { Usage } from "../gastown/index.ts";
import type { Facts } from "./facts.ts";

/** Usage rows of a bead or an agent, by the view's index. */
export const usageOf = ({ view }: Facts, index: "usageByBead" | "usageByAgent", id: string): Usage[] =>
	[...(view.indexes[index].get(id) ?? [])].flatMap((key) => view.tables.usage.get(key) ?? []);

/** `$0.42`; the tokens where no price is known (STREAM-4: an estimate, never a bill). */
export function spent(rows: readonly Usage[]): string {
	const cost = rows.reduce((sum, row) => sum + row.cost, 0);
	if (cost > 0) return `$${cost.toFixed(2)}`;
	const tokens = rows.reduce((sum, row) => sum + row.input_tokens + row.output_tokens, 0);
	return `${tokens.toLocaleString("en-GB")} tokens`;
}

/** Starts that did something: each attempt that answered. */
export const attemptsIn = (rows: readonly Usage[]): Set<string> =>
	new Set(rows.filter(({ output_tokens }) => output_tokens > 0).map(({ attempt_id }) => attempt_id));
