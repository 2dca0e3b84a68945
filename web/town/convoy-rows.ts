import { whyNotMoving } from "../../shared/diagnosis/index.ts";
import { type Bead, type ConvoyMetadata, isTerminal } from "../../shared/gastown/index.ts";
import { recounted } from "../../shared/interventions/convoy.ts";
import { landingFor, landingOf, membersOf } from "../../shared/interventions/review-reading.ts";
import { lookupOf, rowsOf, type TownView } from "../../shared/town-view/index.ts";

export type ConvoyRow = {
	bead: Bead;
	convoy: ConvoyMetadata;
	/** What exists now, beside the counters as stored. */
	counted: { total_beads: number; closed_beads: number };
	members: Bead[];
	/** Members whose beads were deleted. */
	missing: string[];
	/** Members that are not closed, each with why it is where it is. */
	open: { bead: Bead; why: string }[];
	/** Merge requests of the whole, newest first. */
	landings: Bead[];
	landing: Bead | undefined;
};

/** Convoys of a town: unfinished ones first, newest first. `now` is the town's clock. */
export function convoyRows(view: TownView, now: number): ConvoyRow[] {
	return rowsOf<"beads">(view.tables.beads, view.indexes.beadsByType.get("convoy"))
		.flatMap((bead) => convoyRow(view, bead, now) ?? [])
		.sort(
			(a, b) =>
				Number(isTerminal(a.bead.status)) - Number(isTerminal(b.bead.status)) ||
				b.bead.created_at.localeCompare(a.bead.created_at),
		);
}

function convoyRow(view: TownView, bead: Bead, now: number): ConvoyRow | null {
	const look = lookupOf(view);
	const convoy = look.convoy(bead.bead_id);
	if (!convoy) return null;
	const { beads, missing } = membersOf(bead.bead_id, look);
	return {
		...{ bead, convoy, missing, members: beads, counted: recounted(bead.bead_id, look) },
		open: beads
			.filter(({ status }) => status !== "closed")
			.map((one) => ({ bead: one, why: whyNotMoving(view, one.bead_id, now)?.sentence ?? one.status })),
		landings: rowsOf<"beads">(view.tables.beads, view.indexes.beadsByType.get("merge_request"))
			.filter((one) => landingFor(one) === bead.bead_id)
			.sort((a, b) => b.created_at.localeCompare(a.created_at)),
		landing: landingOf(bead.bead_id, look),
	};
}
