export type ChangedField = { field: string; from: unknown; to: unknown };

/**
 * The fields that an entry depends on whose values are no longer those that the admin saw (LEDGER-5). A field that was
 * not sent counts as changed. Only what the entry names now is compared.
 */
export const changedFields = (saw: Record<string, unknown>, now: Record<string, unknown>): ChangedField[] =>
	Object.entries(now)
		.filter(([field, to]) => JSON.stringify(saw[field]) !== JSON.stringify(to))
		.map(([field, to]) => ({ field, from: saw[field] ?? null, to }));

const WORDS: Record<string, string> = {
	current_hook_bead_id: "its hook",
	container_process_id: "its process",
	assignee_agent_bead_id: "its assignee",
	hooked_by: "the agents on it",
	agent_status: "the status of the chosen agent",
	agent_hook: "the hook of the chosen agent",
	review_status: "its merge request",
	turn_since: "its turn",
	model: "its model",
	prompt_hash: "its prompt",
	current_prompt: "the town's prompt",
	permission: "what it asks",
	container_status: "the container",
	instance_id: "the container's instance",
	run_policy: "the pause",
	dispatch_pause: "the pause of dispatch",
	sources: "its work",
	members: "its members",
	pr_url: "its pull request",
	head: "the head of its branch",
	waiting: "the queue",
	merge_strategy: "its merge strategy",
	dependency: "this dependency",
	blocker_status: "the other bead",
};

/** `its hook changed from 7be1d004 to 41bd09c2`, for every field that did. */
export const changesInWords = (changes: readonly ChangedField[]): string =>
	changes
		.map(
			({ field, from, to }) => `${WORDS[field] ?? `its ${field}`} changed from ${word(from)} to ${word(to)}`,
		)
		.join(", ");

function word(value: unknown): string {
	if (value === null || value === undefined || value === "") return "none";
	if (Array.isArray(value)) return value.length === 0 ? "none" : value.map(word).join(" and ");
	return typeof value === "string"
		? /^[0-9a-f]{8}-/.test(value)
			? value.slice(0, 8)
			: value
		: JSON.stringify(value);
}
