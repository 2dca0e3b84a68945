import {
	BEAD_PRIORITIES,
	type Bead,
	type EscalationMetadata,
	isTerminal,
} from "../../shared/gastown/index.ts";
import { aboutOf, isTriageRequest } from "../../shared/interventions/triage.ts";
import { rowsOf, type TownView, timeOf } from "../../shared/town-view/index.ts";

export type AskedRow = {
	bead: Bead;
	/** Null for a triage request. */
	escalation: EscalationMetadata | null;
	severity: string;
	since: number | null;
	about: { agent: string | null; bead: string | null };
};

const named = (value: unknown) => (typeof value === "string" ? value : null);

/** Calls for help that are not over: those that nobody has seen first, then the loudest, then the oldest. */
export function escalationRows(view: TownView): AskedRow[] {
	return rowsOf<"beads">(view.tables.beads, view.indexes.beadsByType.get("escalation"))
		.filter((bead) => !isTerminal(bead.status))
		.map((bead) => {
			const escalation = view.tables.escalation_metadata.get(bead.bead_id) ?? null;
			const { source_agent_id, source_bead_id } = bead.metadata;
			return {
				...{ bead, escalation, severity: escalation?.severity ?? bead.priority },
				since: timeOf(bead.created_at),
				about: { agent: named(source_agent_id), bead: named(source_bead_id) },
			};
		})
		.sort(
			(a, b) =>
				(a.escalation?.acknowledged ?? 0) - (b.escalation?.acknowledged ?? 0) ||
				rank(b.severity) - rank(a.severity) ||
				(a.since ?? 0) - (b.since ?? 0),
		);
}

/** Decisions that the town waits for, oldest first. */
export const triageRows = (view: TownView): AskedRow[] =>
	rowsOf<"beads">(view.tables.beads, view.indexes.beadsByType.get("issue"))
		.filter((bead) => !isTerminal(bead.status) && isTriageRequest(bead))
		.map((bead) => ({
			...{ bead, escalation: null, severity: bead.priority, about: aboutOf(bead) },
			since: timeOf(bead.created_at),
		}))
		.sort((a, b) => (a.since ?? 0) - (b.since ?? 0));

const rank = (severity: string): number => (BEAD_PRIORITIES as readonly string[]).indexOf(severity);
