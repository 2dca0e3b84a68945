import { type BeadEvent, isTerminal, type TownEntity } from "../gastown/index.ts";
import type { Lookup } from "../interventions/catalogue-entry.ts";
import { townStateValue } from "./readers.ts";
import type { RowsOf, TownView } from "./town-view.ts";

/** Reads of a target and its neighbours out of a view, each in the time of its answer. */
export function lookupOf(view: TownView): Lookup {
	const { tables, indexes } = view;
	return {
		bead: (id) => tables.beads.get(id),
		agent: (id) => tables.agent_metadata.get(id),
		agents: () => [...tables.agent_metadata.values()],
		signals: (id) => tables.agent_signals.get(id),
		session: (id) => tables.agent_sessions.get(id),
		review: (id) => tables.review_metadata.get(id),
		convoy: (id) => tables.convoy_metadata.get(id),
		escalation: (id) => tables.escalation_metadata.get(id),
		event: (id) => tables.town_events.get(id),
		agentsOfRig: (rigId) =>
			rowsOf(tables.beads, indexes.beadsByType.get("agent"))
				.filter((bead) => (bead.rig_id ?? null) === rigId)
				.flatMap((bead) => tables.agent_metadata.get(bead.bead_id) ?? []),
		agentsHookedTo: (beadId) => rowsOf(tables.agent_metadata, indexes.agentsByHook.get(beadId)),
		beadsAssignedTo: (agentId) => rowsOf(tables.beads, indexes.beadsByAssignee.get(agentId)),
		dependenciesOf: (beadId) => rowsOf(tables.bead_dependencies, indexes.dependencies.get(beadId)),
		dependentsOf: (beadId) => rowsOf(tables.bead_dependencies, indexes.dependents.get(beadId)),
		mergeRequestsOf: (rigId) =>
			rowsOf(tables.beads, indexes.beadsByType.get("merge_request")).filter(
				(bead) => bead.rig_id === rigId && !isTerminal(bead.status),
			),
		rig: (id) => tables.rigs.get(id),
		credential: (rig, credential) => tables.rig_credentials.get(JSON.stringify([rig, credential])),
		town: (key) => townStateValue(key, tables.town_state.get(key)?.value),
		statusChangedBy(beadId) {
			const events = [...tables.bead_events.values()].filter((event) => event.bead_id === beadId);
			const last = events.findLast((event) => STATUS_EVENTS.includes(event.event_type));
			return last ? (authorOf(last, (id) => tables.beads.get(id)?.title) ?? null) : null;
		},
	};
}

const STATUS_EVENTS: readonly string[] = ["status_changed", "closed"];

/** Who caused a bead event: its agent by name or a person by id, else the `by` of its metadata. */
export function authorOf(
	event: Pick<BeadEvent, "agent_id" | "metadata">,
	nameOf: (agentId: string) => string | undefined,
): string | undefined {
	if (event.agent_id) return nameOf(event.agent_id) ?? event.agent_id;
	const by = (event.metadata as Record<string, unknown> | null)?.by;
	return typeof by === "string" ? by : undefined;
}

/** The rows behind the keys of an index. */
export const rowsOf = <E extends TownEntity>(rows: RowsOf<E>, keys: Iterable<string> | undefined) => {
	const found: (typeof rows extends Map<string, infer R> ? R : never)[] = [];
	if (keys === undefined) return found;
	for (const key of keys) {
		const row = rows.get(key);
		if (row) found.push(row);
	}
	return found;
};
