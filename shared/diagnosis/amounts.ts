import type { Usage } from "../gastown/index.ts";
import { keyOf, rowsOf, timeOf } from "../town-view/index.ts";
import { type Facts, rowOf } from "./facts.ts";
import type { Evidence } from "./finding.ts";

/** Usage rows of a bead or an agent, by the view's index. */
export const usageOf = ({ view }: Facts, index: "usageByBead" | "usageByAgent", id: string): Usage[] =>
	rowsOf<"usage">(view.tables.usage, view.indexes[index].get(id));

export const usageRow = (label: string, row: Usage): Evidence =>
	rowOf(label, "usage", keyOf("usage", row), timeOf(row.at));

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
