import { type Fields, isFields, isNone, type NameOf, named, quoted, value, wordOf } from "./values.ts";

type Told = { from: unknown; to: unknown; by: unknown; row: Fields; nameOf: NameOf };

const WORDS: Record<string, (of: Told) => string> = {
	created: ({ to }) => `Created${isNone(to) || to === "open" ? "" : `, ${wordOf(to).toLowerCase()}`}`,
	assigned: ({ to, from, nameOf }) =>
		isNone(to) ? `Taken from ${named(from, nameOf)}` : `Given to ${named(to, nameOf)}`,
	hooked: ({ to, by, nameOf }) => `Hooked by ${named(to ?? by, nameOf)}`,
	unhooked: ({ from, by, nameOf }) => `Off the hook of ${named(from ?? by, nameOf)}`,
	status_changed: ({ from, to }) => `${wordOf(from)} → ${wordOf(to)}`,
	closed: ({ from }) => (isNone(from) ? "Closed" : `${wordOf(from)} → Closed`),
	agent_spawned: ({ by, nameOf }) => `${isNone(by) ? "Its agent" : named(by, nameOf)} started on it`,
	agent_exited: ({ to, by, nameOf }) =>
		`Process of ${isNone(by) ? "its agent" : named(by, nameOf)} ended${isNone(to) ? "" : `: ${String(to).replaceAll("_", " ")}`}`,
	agent_status: ({ to, by, nameOf }) =>
		`${isNone(by) ? "Its agent" : named(by, nameOf)} says ${quoted(to ?? "nothing")}`,
	review_submitted: ({ to, nameOf }) =>
		`Handed in for review${isNone(to) ? "" : ` as ${quoted(named(to, nameOf))}`}`,
	review_completed: ({ to }) => `Review ended${isNone(to) ? "" : `: ${wordOf(to).toLowerCase()}`}`,
	pr_created: ({ to }) => `Pull request opened${isNone(to) ? "" : `: ${String(to)}`}`,
	pr_creation_failed: ({ to }) => `Pull request could not be opened${isNone(to) ? "" : `: ${String(to)}`}`,
	fields_updated: ({ from, to, row, nameOf }) => {
		const { fields, dependency } = isFields(row.metadata) ? row.metadata : {};
		if (!isNone(dependency)) return `Dependency on ${quoted(named(to, nameOf))} ${String(dependency)}`;
		const names = Array.isArray(fields) ? fields.join(", ").replaceAll("_", " ") : "fields";
		return `Changed ${names}${isNone(from) && isNone(to) ? "" : ` ${value(from, nameOf)} → ${value(to, nameOf)}`}`;
	},
	escalated: () => "Escalated",
	rework_requested: () => "Sent back for rework",
};

/** A row of a bead's history as a person would say it (P8); a type this page does not know keeps its own words. */
export function beadEventWords(row: Fields, nameOf: NameOf): string {
	const told = { from: row.old_value, to: row.new_value, by: row.agent_id, row, nameOf };
	const type = String(row.event_type);
	const known = WORDS[type];
	if (known) return known(told);
	const move =
		isNone(told.from) && isNone(told.to) ? "" : ` ${value(told.from, nameOf)} → ${value(told.to, nameOf)}`;
	return `${wordOf(type)}${move}`;
}

/** Those whose words name the agent already: "by" is not said twice. */
export const namesItsAgent = (type: string): boolean =>
	["hooked", "unhooked", "agent_spawned", "agent_exited", "agent_status"].includes(type);

/** Why a bead failed, where its history says it. */
export function failureOf(row: Fields): string | null {
	const { failure_reason: reason } = isFields(row.metadata) ? row.metadata : {};
	if (typeof reason === "string") return reason;
	return isFields(reason) && typeof reason.message === "string" ? reason.message : null;
}
