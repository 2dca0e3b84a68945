import { isFields, type NameOf, named, wordOf } from "./values.ts";

/** A bead or an agent that a change is about. */
export type Subject = { kind: "bead" | "agent"; id: string };

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
	agent_sessions: "Session",
	usage: "Usage",
	usage_hours: "Usage",
	rigs: "Rig",
	town_state: "Town",
	container_events: "Container",
	git_operations: "Git",
	credential_events: "Credential",
	rig_credentials: "Credential",
	town_events: "Inbox",
};

/** What kind of thing a table holds, in a word. */
export const thingOf = (entity: string): string => THINGS[entity] ?? entity;

const BEAD_KEYED = new Set(["beads", "review_metadata", "escalation_metadata", "convoy_metadata"]);
const OF_BEAD = new Set(["bead_events", "dispatch_attempts", "bead_dependencies"]);

/** Bead or agent that a row is about; null for the town's own rows. */
export function subjectOf(entity: string, key: string, row: unknown): Subject | null {
	const fields = isFields(row) ? row : {};
	if (entity === "beads" && fields.type === "agent") return { kind: "agent", id: key };
	if (BEAD_KEYED.has(entity)) return { kind: "bead", id: key };
	if (["agent_metadata", "agent_signals", "agent_sessions"].includes(entity))
		return { kind: "agent", id: key };
	if (OF_BEAD.has(entity))
		return typeof fields.bead_id === "string" ? { kind: "bead", id: fields.bead_id } : null;
	const agent = fields.agent_id ?? fields.agent_bead_id;
	return typeof agent === "string" ? { kind: "agent", id: agent } : null;
}

/** What stands before the words of a change: the name of its subject, else what kind of thing it is. */
export function nameOfRow(entity: string, key: string, row: unknown, nameOf: NameOf): string {
	if (entity === "bead_dependencies") {
		const [from = key, to = ""] = keysOf(key);
		return `${named(from, nameOf)} on ${named(to, nameOf)}`;
	}
	if (entity === "git_operations" && subjectOf(entity, key, row) === null) return "";
	if (entity === "rig_credentials" || entity === "credential_events") return credentialName(row, nameOf);
	const subject = subjectOf(entity, key, row);
	if (subject) return named(subject.id, nameOf);
	if (entity === "rigs" && isFields(row) && typeof row.name === "string") return `Rig ${row.name}`;
	return entity === "town_state" || !THINGS[entity] ? `${thingOf(entity)} ${key}` : thingOf(entity);
}

function credentialName(row: unknown, nameOf: NameOf): string {
	const { rig_id: rig, credential } = isFields(row) ? row : {};
	return `${wordOf(credential)} credential${typeof rig === "string" ? ` of rig ${named(rig, nameOf)}` : ""}`;
}

function keysOf(key: string): string[] {
	try {
		const keys: unknown = JSON.parse(key);
		return Array.isArray(keys) ? keys.map(String) : [key];
	} catch {
		return [key];
	}
}
