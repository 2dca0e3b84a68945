import type { EventRow } from "./event-rows.ts";
import { type Fields, isFields } from "./values.ts";

const BEADS = ["bead_id", "depends_on_bead_id", "current_hook_bead_id", "parent_bead_id", "source_bead_id"];
const AGENTS = ["agent_id", "agent_bead_id", "assignee_agent_bead_id"];
/** In these tables `bead_id` is that of an agent. */
const OF_AGENTS = new Set(["agent_metadata", "agent_signals"]);

/** Every bead and agent that a change is about, or names before or after it; the agent that caused it too. */
export function aboutOf(row: Pick<EventRow, "entity" | "subject" | "before" | "after" | "cause">): {
	beads: string[];
	agents: string[];
} {
	const beads = new Set<string>();
	const agents = new Set<string>();
	const note = (fields: Fields | null) => {
		if (!fields) return;
		const isAgent = OF_AGENTS.has(row.entity) || (row.entity === "beads" && fields.type === "agent");
		for (const column of BEADS) {
			const id = fields[column];
			if (typeof id === "string") (isAgent && column === "bead_id" ? agents : beads).add(id);
		}
		for (const column of AGENTS) if (typeof fields[column] === "string") agents.add(fields[column]);
	};
	note(row.before);
	note(row.after);
	if (row.subject) (row.subject.kind === "bead" ? beads : agents).add(row.subject.id);
	if (row.cause?.kind === "agent" && row.cause.by !== null) agents.add(row.cause.by);
	return { beads: [...beads], agents: [...agents] };
}

/** What kind of change it is, besides its table: `status_changed` of a bead's history, `push` of git, `start` of a container. */
export function kindOf({ after, before }: Pick<EventRow, "after" | "before">): string | null {
	const fields = after ?? before;
	if (!isFields(fields)) return null;
	const kind = fields.event_type ?? fields.operation ?? (typeof fields.at === "string" ? fields.type : null);
	return typeof kind === "string" ? kind : null;
}
