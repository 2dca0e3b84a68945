import {
	exitWords,
	type Fields,
	isFields,
	isNone,
	type NameOf,
	named,
	quoted,
	value,
	wordOf,
} from "./values.ts";

/** A field that changed, in words; null where it says nothing to a person. */
type Told = { from: unknown; to: unknown; row: Fields; nameOf: NameOf };
type Words = (of: Told) => string | null;

/** Times and counters that only keep the books: nothing is said of them (the open row has them all). */
const BOOKKEEPING = new Set([
	"updated_at", "created_at", "at", "closed_at", "stream_seq", "_cut", "last_activity_at", "copied_at", "last_event_at",
	"last_event_type", "last_step_at", "steps", "active_tools", "agent_status_updated_at", "last_dispatch_attempt_at",
	"stalled_at", "current_attempt_id", "last_feedback_check_at", "acknowledged_at", "checkpoint", "status_since", "last_outcome_at", "last_message", "resolved_at", "verified_at",
]); // biome-ignore format: a list

const move: Words = ({ from, to }) => `${wordOf(from)} → ${wordOf(to)}`;
const starts: Words = ({ from, to }) =>
	to === 0 ? "failed starts set back to 0" : Number(to) > Number(from) ? `start ${String(to)}` : null;
const comesAndGoes =
	(comes: (of: unknown) => string, goes: string): Words =>
	({ to }) =>
		isNone(to) ? goes : comes(to);
const told = (of: unknown, field: string) => (isFields(of) && !isNone(of[field]) ? String(of[field]) : "");

const WORDS: Record<string, Record<string, Words>> = {
	beads: {
		status: move,
		title: ({ to }) => `renamed ${quoted(to)}`,
		priority: ({ from, to }) => `priority ${String(from)} → ${String(to)}`,
		assignee_agent_bead_id: ({ from, to, nameOf }) =>
			isNone(to) ? `taken from ${named(from, nameOf)}` : `given to ${named(to, nameOf)}`,
		body: () => "new text",
		metadata: () => "notes of it changed",
		dispatch_attempts: starts,
		last_dispatch_error: comesAndGoes((of) => `start failed: ${quoted(of)}`, "start error taken away"),
		parent_bead_id: comesAndGoes(() => "is part of another bead now", "is part of no bead now"),
	},
	agent_metadata: {
		status: move,
		current_hook_bead_id: ({ from, to, nameOf }) =>
			isNone(to)
				? `lets go of ${quoted(named(from, nameOf))}`
				: `takes ${quoted(named(to, nameOf))} on its hook`,
		container_process_id: ({ from, to }) =>
			isNone(to) ? `process ${String(from)} ended` : `process ${String(to)} started`,
		dispatch_attempts: starts,
		agent_status_message: comesAndGoes((of) => `says ${quoted(of)}`, "says nothing any more"),
		last_exit: ({ to }) =>
			isFields(to)
				? `ended: ${told(to, "reason").replaceAll("_", " ")}, ${exitWords(to.code, to.signal)}`
				: null,
	},
	agent_signals: {
		turn_since: comesAndGoes(() => "begins a turn", "its turn ended"),
		last_error: comesAndGoes((of) => `error ${quoted(told(of, "message"))}`, "works on after its error"),
		equal_calls: comesAndGoes(
			(of) => `repeats ${told(of, "tool")}, ${told(of, "count")} times`,
			"no longer repeats itself",
		),
		pending_permission: comesAndGoes(
			(of) => `asks for permission: ${told(of, "permission")}`,
			"waits for no permission any more",
		),
		retry: comesAndGoes(
			(of) => `model is tried again: ${quoted(told(of, "message"))}`,
			"model answers again",
		),
		offline_since: comesAndGoes(() => "model out of reach", "model in reach again"),
	},
	agent_sessions: {
		model: ({ to }) => (isNone(to) ? null : `session runs on ${String(to)}`),
		prompt_hash: ({ to }) => (isNone(to) ? null : `session has prompt ${String(to)}`),
		status: ({ to }) => (isNone(to) ? null : `session is ${String(to)}`),
	},
	rig_credentials: {
		last_outcome: ({ to }) => `answered ${isNone(to) ? "nothing yet" : String(to)}`,
		expires_at: comesAndGoes((of) => `holds until ${value(of, () => null)}`, "has no end known"),
		fingerprint: comesAndGoes((of) => `new token ${String(of)}`, "token unknown"),
		failures_since_ok: ({ to }) =>
			to === 0 ? "works again" : `denied ${String(to)} ${to === 1 ? "time" : "times"} since it last worked`,
	},
	review_metadata: {
		pr_url: comesAndGoes((of) => `pull request ${String(of)}`, "pull request taken away"),
		merge_commit: comesAndGoes((of) => `merged as ${String(of).slice(0, 8)}`, "merge commit taken away"),
		retry_count: ({ to }) => `retry ${String(to)}`,
	},
};

/**
 * What changed in a row of the state, a few words each; empty where only the books were kept. `skip` are fields whose
 * change another row of the same batch tells already.
 */
export function fieldWords(
	entity: string,
	before: Fields,
	row: Fields,
	fields: readonly string[],
	skip: ReadonlySet<string>,
	nameOf: NameOf,
): string[] {
	return fields.flatMap((field) => {
		if (BOOKKEEPING.has(field) || skip.has(field)) return [];
		const words = WORDS[entity]?.[field];
		if (words) return words({ from: before[field], to: row[field], row, nameOf }) ?? [];
		return `${field.replaceAll("_", " ")} ${value(before[field], nameOf)} → ${value(row[field], nameOf)}`;
	});
}

/** What a row holds that is seen for the first time, its telling fields first. */
export function holds(row: Fields, nameOf: NameOf): string {
	const shown = Object.entries(row).filter(
		([field, of]) =>
			!BOOKKEEPING.has(field) &&
			!isNone(of) &&
			typeof of !== "object" &&
			field !== "bead_id" &&
			field !== "agent_id",
	);
	return shown
		.slice(0, 4)
		.map(([field, of]) => `${field.replaceAll("_", " ")} ${value(of, nameOf)}`)
		.join(", ");
}
