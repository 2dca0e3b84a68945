import type { CatalogueEntry, Danger, Lookup } from "./catalogue-entry.ts";
import { nameOfAgent, titleOfBead } from "./reading.ts";

/** What can be done to a selection of rows, by what is selected (interventions.md, "In bulk"). */
export const BULK = {
	bead: ["bead.retry-dispatch", "bead.priority", "bead.close", "bead.fail"],
	agent: ["agent.reset"],
	"merge request": ["review.retry"],
} as const;
export type BulkKind = keyof typeof BULK;

/** The verb of each, before how many it is done to. */
export const BULK_VERBS: Readonly<Record<string, string>> = {
	"bead.retry-dispatch": "Retry",
	"bead.priority": "Set priority of",
	"bead.close": "Close",
	"bead.fail": "Fail",
	"agent.reset": "Reset",
	"review.retry": "Retry",
};

export type BulkItem = { id: string; name: string };

/** Of a selection: what can be done now, why the others cannot, and the worst that it is to any of them. */
export type Sorted = {
	can: BulkItem[];
	cannot: (BulkItem & { why: string })[];
	danger: Danger;
};

const WORST: readonly Danger[] = ["safe", "disruptive", "destructive"];

/** Each of a selection by the same precondition that the town will run. */
export function sortOut(
	entry: CatalogueEntry,
	ids: Iterable<string>,
	params: Record<string, unknown>,
	look: Lookup,
): Sorted {
	const sorted: Sorted = { can: [], cannot: [], danger: "safe" };
	for (const id of ids) {
		const name = entry.target === "agent" ? nameOfAgent(id, look) : titleOfBead(id, look);
		const verdict = entry.precondition(id, params, look);
		if (!verdict.ok) {
			sorted.cannot.push({ id, name, why: verdict.message });
			continue;
		}
		sorted.can.push({ id, name });
		const danger = entry.danger(id, params, look);
		if (WORST.indexOf(danger) > WORST.indexOf(sorted.danger)) sorted.danger = danger;
	}
	return sorted;
}
