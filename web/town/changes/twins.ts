import type { Change } from "../../../shared/protocol/index.ts";
import { isFields } from "./values.ts";

/** Columns of the state that a row of a journal in the same batch tells of, by `entity/key`. */
export type Told = ReadonlyMap<string, ReadonlySet<string>>;

const BEAD_FIELDS: Record<string, readonly string[]> = {
	created: ["*"],
	status_changed: ["status", "metadata"],
	closed: ["status"],
	assigned: ["assignee_agent_bead_id"],
	fields_updated: ["title", "body", "priority", "labels", "metadata"],
	review_submitted: ["metadata"],
};
const AGENT_FIELDS: Record<string, readonly string[]> = {
	hooked: ["current_hook_bead_id"],
	unhooked: ["current_hook_bead_id"],
	agent_spawned: ["container_process_id", "dispatch_attempts"],
	agent_exited: ["container_process_id", "last_exit"],
	agent_status: ["agent_status_message"],
};

/** What the journals of a batch tell: the same change in the row itself is then not told twice. */
export function toldIn(changes: readonly Change[]): Told {
	const told = new Map<string, Set<string>>();
	const tell = (entity: string, key: unknown, fields: readonly string[] | undefined) => {
		if (typeof key !== "string" || !fields) return;
		const id = `${entity}/${key}`;
		told.set(id, new Set([...(told.get(id) ?? []), ...fields]));
	};
	for (const [, entity, , , row] of changes) {
		if (!isFields(row)) continue;
		if (entity === "bead_events") {
			const type = String(row.event_type);
			tell("beads", row.bead_id, BEAD_FIELDS[type]);
			for (const agent of [row.agent_id, row.old_value, row.new_value])
				tell("agent_metadata", agent, AGENT_FIELDS[type]);
			if (type === "review_submitted") {
				tell("beads", row.new_value, ["*"]);
				tell("review_metadata", row.new_value, ["*"]);
			}
		} else if (entity === "agent_status_log")
			tell("agent_metadata", row.agent_id, row.from_status === null ? ["*"] : ["status"]);
		else if (entity === "dispatch_attempts") {
			tell("beads", row.bead_id, ["dispatch_attempts", "last_dispatch_error"]);
			tell("agent_metadata", row.agent_id, ["dispatch_attempts"]);
		} else if (entity === "credential_events")
			tell("rig_credentials", JSON.stringify([row.rig_id, row.credential]), ["*"]);
		else if (entity === "container_events") tell("town_state", "container", ["*"]);
	}
	return told;
}
