import { type Usage, type UsageHour, usageHours } from "../../shared/gastown/index.ts";
import { getRow, insertRow, updateRow } from "./rows.ts";
import type { Town } from "./town.ts";

/** A week of hours is what a page can show and a town can carry. */
const HORIZON_MS = 7 * 24 * 3_600_000;

const FIELDS = [
	"input_tokens",
	"output_tokens",
	"reasoning_tokens",
	"cache_read_tokens",
	"cache_write_tokens",
	"cost",
] as const;
type Amounts = Pick<Usage, (typeof FIELDS)[number]>;

/** Billionths of a dollar are whole: what is added up stays exact to them. */
const exact = (dollars: number): number => Math.round(dollars * 1e9) / 1e9;
const hourOf = (ms: number): string => new Date(ms - (ms % 3_600_000)).toISOString();

/**
 * Adds what these totals hold over those known before to the hour that is now. Work of one hour is one row per agent and model;
 * with the first of an hour those beyond the horizon go.
 */
export function addToHour(
	town: Town,
	totals: Amounts & Pick<Usage, "agent_id" | "model">,
	known: Amounts | null,
): void {
	const hour = hourOf(town.now());
	const { agent_id, model } = totals;
	const row = getRow(town.sql, usageHours, hour, agent_id, model);
	const added = Object.fromEntries(
		FIELDS.map((field) => [field, exact((row?.[field] ?? 0) + totals[field] - (known?.[field] ?? 0))]),
	) as Pick<UsageHour, (typeof FIELDS)[number]>;
	if (row) {
		updateRow(town.sql, usageHours, [hour, agent_id, model], added);
		return;
	}
	insertRow(town.sql, usageHours, { hour, agent_id, model, ...added });
	town.sql.run("DELETE FROM usage_hours WHERE hour < ?", hourOf(town.now() - HORIZON_MS));
}
