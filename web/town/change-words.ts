import type { Batch, Cause, Change } from "../../shared/protocol/index.ts";
import { clockTime } from "../ui/format/time.ts";

/** One line of Events: a change in words, with its cause and seq. `at` is the town's clock, epoch milliseconds. */
export type EventRow = {
	seq: number;
	at: number;
	entity: string;
	key: string;
	/** Bead or agent that the change is about, for its link; null for the town's own rows. */
	subject: { kind: "bead" | "agent"; id: string } | null;
	op: "put" | "del";
	words: string;
	cause: Cause | null;
};

/** The name of a bead or an agent; null for an id that is neither. */
export type NameOf = (id: string) => string | null;
type Fields = Record<string, unknown>;

const THINGS: Record<string, string> = {
	beads: "Bead",
	bead_events: "Bead history",
	bead_dependencies: "Dependency",
	review_metadata: "Review",
	escalation_metadata: "Escalation",
	convoy_metadata: "Convoy",
	dispatch_attempts: "Attempt",
	agent_metadata: "Agent",
	agent_status_log: "Agent status",
	agent_nudges: "Nudge",
	agent_signals: "Signal",
	usage: "Usage",
	rigs: "Rig",
	town_state: "Town",
	container_events: "Container",
	git_operations: "Git",
	credential_events: "Credential",
	rig_credentials: "Credential",
	town_events: "Inbox",
};

/** Times and counters that say nothing by themselves when another column changed too. */
const QUIET = new Set([
	"updated_at",
	"stream_seq",
	"_cut",
	"created_at",
	"at",
	"last_activity_at",
	"copied_at",
	"last_event_at",
	"last_step_at",
	"last_event_type",
]);

export const thingOf = (entity: string): string => THINGS[entity] ?? entity;

/**
 * Batches, oldest first, as lines, newest last. A row that was seen before is told by what changed in it; one seen for
 * the first time by what it holds.
 */
export function eventRows(batches: readonly Batch[], nameOf: NameOf): EventRow[] {
	const before = new Map<string, Fields>();
	const rows: EventRow[] = [];
	for (const batch of batches)
		for (const change of batch.changes) {
			const [seq, entity, key, op, row] = change;
			const id = `${entity}/${key}`;
			const words = changeWords(change, before.get(id), nameOf);
			if (isFields(row)) before.set(id, row);
			else before.delete(id);
			rows.push({
				seq,
				at: batch.at,
				entity,
				key,
				subject: subjectOf(entity, key, row),
				op,
				words,
				cause: batch.cause,
			});
		}
	return rows;
}

function changeWords(change: Change, before: Fields | undefined, nameOf: NameOf): string {
	const [, entity, key, op, row] = change;
	const name = nameOfRow(entity, key, row, nameOf);
	if (op === "del") return `${name} removed`;
	if (!isFields(row)) return `${name} written, in a shape this page does not know`;
	const told = SENTENCES[entity]?.(row, nameOf);
	if (told) return told;
	if (!before) return `${name}: ${holds(row, nameOf)}`;
	const changed = Object.keys(row).filter((field) => !same(row[field], before[field]));
	const loud = changed.filter((field) => !QUIET.has(field));
	const fields = loud.length > 0 ? loud : changed;
	if (fields.length === 0) return `${name} written again, unchanged`;
	return `${name}: ${fields
		.map(
			(field) =>
				`${field.replaceAll("_", " ")} ${value(before[field], nameOf)} → ${value(row[field], nameOf)}`,
		)
		.join(", ")}`;
}

/** What caused it, in words; a batch without one says so (FEED-5). */
export function causeWords(cause: Cause | null): string {
	if (!cause) return "no cause given";
	return [cause.kind, cause.what].filter(Boolean).join(": ");
}

const text = (of: unknown) => (of === null || of === undefined ? "none" : String(of));
const named = (of: unknown, nameOf: NameOf) => nameOf(text(of)) ?? text(of).slice(0, 8);

const SENTENCES: Record<string, (row: Fields, nameOf: NameOf) => string> = {
	bead_events: (row, nameOf) =>
		`${named(row.bead_id, nameOf)}: ${text(row.event_type).replaceAll("_", " ")}${
			row.old_value || row.new_value
				? ` ${value(row.old_value, nameOf)} → ${value(row.new_value, nameOf)}`
				: ""
		}`,
	agent_status_log: (row, nameOf) =>
		`${named(row.agent_id, nameOf)}: ${text(row.from_status)} → ${text(row.to_status)}${row.cause ? `, ${row.cause}` : ""}`,
	dispatch_attempts: (row, nameOf) =>
		`Attempt ${text(row.n)} of ${named(row.bead_id, nameOf)} by ${named(row.agent_id, nameOf)}: ${text(row.outcome)}${
			row.error ? `, "${row.error}"` : ""
		}`,
	container_events: (row) =>
		`Container ${text(row.type)}${row.exit_code === null ? "" : `, exit ${row.exit_code}`}${row.reason ? `, ${row.reason}` : ""}`,
	usage: (row, nameOf) =>
		`Usage of ${named(row.agent_id, nameOf)}: $${Number(row.cost).toFixed(3)}, ${Number(row.input_tokens).toLocaleString("en-US")} tokens in, ${Number(row.output_tokens).toLocaleString("en-US")} out`,
	git_operations: (row) =>
		`git ${text(row.operation)}: ${text(row.outcome)}${row.exit_code ? `, exit ${row.exit_code}` : ""}`,
	credential_events: (row) =>
		`Credential ${text(row.credential)} ${text(row.type)}: ${text(row.outcome)}${row.status ? ` (${row.status})` : ""}`,
};

function nameOfRow(entity: string, key: string, row: unknown, nameOf: NameOf): string {
	const subject = subjectOf(entity, key, row);
	if (entity === "bead_dependencies") {
		const [from = key, to = ""] = safeKeys(key);
		return `Dependency of ${named(from, nameOf)} on ${named(to, nameOf)}`;
	}
	return subject ? `${thingOf(entity)} ${named(subject.id, nameOf)}` : `${thingOf(entity)} ${key}`;
}

const BEAD_KEYED = new Set(["beads", "review_metadata", "escalation_metadata", "convoy_metadata"]);

function subjectOf(entity: string, key: string, row: unknown): EventRow["subject"] {
	const fields = isFields(row) ? row : {};
	if (entity === "beads" && fields.type === "agent") return { kind: "agent", id: key };
	if (BEAD_KEYED.has(entity)) return { kind: "bead", id: key };
	if (entity === "agent_metadata" || entity === "agent_signals") return { kind: "agent", id: key };
	if (entity === "bead_events" || entity === "dispatch_attempts" || entity === "bead_dependencies")
		return typeof fields.bead_id === "string" ? { kind: "bead", id: fields.bead_id } : null;
	const agent = fields.agent_id ?? fields.agent_bead_id;
	return typeof agent === "string" ? { kind: "agent", id: agent } : null;
}

function holds(row: Fields, nameOf: NameOf): string {
	const shown = Object.entries(row).filter(
		([field, of]) =>
			!QUIET.has(field) && of !== null && of !== "" && typeof of !== "object" && field !== "bead_id",
	);
	return shown
		.slice(0, 4)
		.map(([field, of]) => `${field.replaceAll("_", " ")} ${value(of, nameOf)}`)
		.join(", ");
}

const ID = /^[0-9a-f]{8}-[0-9a-f-]{27}$/;
const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/;
/** Numbers above this are epoch milliseconds of this century. */
const EPOCH = 1_000_000_000_000;

function value(of: unknown, nameOf: NameOf): string {
	if (of === null || of === undefined || of === "") return "none";
	if (typeof of === "string") {
		const name = nameOf(of);
		if (name !== null) return name;
		if (ID.test(of)) return of.slice(0, 8);
		if (ISO.test(of)) return clockTime(Date.parse(of));
	}
	if (typeof of === "number" && of > EPOCH) return clockTime(of);
	if (typeof of === "number" && !Number.isInteger(of)) return of.toFixed(3);
	if (Array.isArray(of)) return of.length === 0 ? "none" : of.map((one) => value(one, nameOf)).join(", ");
	if (isFields(of)) {
		// What a signal or an exit holds, by its telling field.
		if (typeof of.tool === "string") return `${of.tool} ×${String(of.count ?? 1)}`;
		for (const field of ["reason", "permission", "message", "status", "policy"])
			if (typeof of[field] === "string" && of[field] !== "") return of[field];
	}
	const told = typeof of === "object" ? JSON.stringify(of) : String(of);
	return told.length > 80 ? `${told.slice(0, 80)}…` : told;
}

const isFields = (row: unknown): row is Fields =>
	typeof row === "object" && row !== null && !Array.isArray(row);
const same = (a: unknown, b: unknown) => a === b || JSON.stringify(a) === JSON.stringify(b);

function safeKeys(key: string): string[] {
	try {
		const keys: unknown = JSON.parse(key);
		return Array.isArray(keys) ? keys.map(String) : [key];
	} catch {
		return [key];
	}
}
