/** A setting that an admin may set: where, which values, and when it takes effect. */
export type ListedSetting = {
	/** In TownConfig or RigOverrideConfig (domain.md §1.4), with dots for what is nested. */
	key: string;
	/** The rig's own name for it, where that differs; null where a rig has none. */
	rigKey: string | null;
	label: string;
	values:
		| { kind: "number"; min: number; max: number; unit: string }
		| { kind: "choice"; of: readonly string[] }
		| { kind: "yes-no" }
		| { kind: "model" };
	takesEffect: string;
};

const NEXT_LOOK = "At the scheduler's next look.";
const NEXT_REVIEW = "From the next review on.";
const NEXT_SESSION = "For sessions that are started from then on.";
const MINUTE = 60_000;

/** In the order of the page. */
export const LISTED_SETTINGS: readonly ListedSetting[] = [
	{
		key: "default_model", rigKey: "default_model", label: "Model",
		values: { kind: "model" }, takesEffect: NEXT_SESSION,
	},
	{
		key: "max_polecats_per_rig", rigKey: "max_concurrent_polecats", label: "Polecats at a time",
		values: { kind: "number", min: 1, max: 50, unit: "polecats" },
		takesEffect: `${NEXT_LOOK} Fewer end nobody's session.`,
	},
	{
		key: "max_dispatch_attempts", rigKey: "max_dispatch_attempts", label: "Dispatch attempts of a bead",
		values: { kind: "number", min: 1, max: 100, unit: "attempts" }, takesEffect: NEXT_LOOK,
	},
	{
		key: "merge_strategy", rigKey: "merge_strategy", label: "Merge strategy",
		values: { kind: "choice", of: ["direct", "pr"] }, takesEffect: NEXT_REVIEW,
	},
	{ key: "code_review", rigKey: "code_review", label: "Review by a refinery", values: { kind: "yes-no" }, takesEffect: NEXT_REVIEW },
	{
		key: "review_mode", rigKey: "review_mode", label: "What a review does",
		values: { kind: "choice", of: ["rework", "comments"] }, takesEffect: NEXT_REVIEW,
	},
	{
		key: "convoy_merge_mode", rigKey: "convoy_merge_mode", label: "How a convoy lands",
		values: { kind: "choice", of: ["review-then-land", "review-and-merge"] }, takesEffect: "For convoys that are slung from then on.",
	},
	{
		key: "auto_merge", rigKey: "auto_merge", label: "Merge pull requests by itself",
		values: { kind: "yes-no" }, takesEffect: "When the forge is asked next.",
	},
	{
		key: "auto_merge_delay_minutes", rigKey: "auto_merge_delay_minutes", label: "Wait before merging",
		values: { kind: "number", min: 0, max: 1_440, unit: "minutes" }, takesEffect: "When the forge is asked next.",
	},
	{
		key: "auto_resolve_merge_conflicts", rigKey: "auto_resolve_merge_conflicts", label: "Resolve conflicts by itself",
		values: { kind: "yes-no" }, takesEffect: "At the next conflict.",
	},
	{
		key: "thresholds.idle_stop_ms", rigKey: null, label: "Sleep after",
		values: { kind: "number", min: MINUTE / 2, max: 1_440 * MINUTE, unit: "milliseconds without work" },
		takesEffect: NEXT_LOOK,
	},
	{
		key: "thresholds.git_token_refresh_ms", rigKey: null, label: "Renew git tokens before their end",
		values: { kind: "number", min: MINUTE, max: 55 * MINUTE, unit: "milliseconds" }, takesEffect: NEXT_LOOK,
	},
]; // biome-ignore format: a table

/** Why a value is not one of this setting; null where it is. */
export function whyNotValue({ values, label }: ListedSetting, value: unknown): string | null {
	switch (values.kind) {
		case "number":
			return Number.isInteger(value) && (value as number) >= values.min && (value as number) <= values.max
				? null
				: `${label}: a whole number from ${values.min} to ${values.max} (${values.unit}).`;
		case "choice":
			return values.of.includes(String(value)) ? null : `${label}: one of ${values.of.join(", ")}.`;
		case "yes-no":
			return typeof value === "boolean" ? null : `${label}: yes or no.`;
		case "model":
			return typeof value === "string" && /^[\w.-]+\/[\w./:-]{1,150}$/.test(value)
				? null
				: `${label}: a model as provider/model.`;
	}
}

/** The value at a path with dots; undefined where there is none. */
export function valueAt(config: Record<string, unknown> | null | undefined, path: string): unknown {
	return path
		.split(".")
		.reduce<unknown>(
			(at, key) => (typeof at === "object" && at !== null ? (at as Record<string, unknown>)[key] : undefined),
			config,
		);
}

/** The configuration with this value at the path; without it where `value` is null. What is left empty by that goes, too. */
export function withValue(
	config: Record<string, unknown>,
	path: string,
	value: unknown,
): Record<string, unknown> {
	const [key = "", ...rest] = path.split(".");
	const { [key]: before, ...others } = config;
	if (rest.length === 0) return value === null ? others : { ...others, [key]: value };
	const inner = typeof before === "object" && before !== null ? (before as Record<string, unknown>) : {};
	const after = withValue(inner, rest.join("."), value);
	return Object.keys(after).length === 0 ? others : { ...others, [key]: after };
}
