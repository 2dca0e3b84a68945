import type { Bead, ConvoyMetadata } from "../../../shared/gastown/index.ts";
import { type Look, look, unknownLook } from "./signs.ts";

/** How a convoy stands. `recounted` is the number of its beads that are closed by their own rows. */
export function convoyLook(bead: Bead, convoy: ConvoyMetadata, recounted?: number): Look {
	if (bead.status === "failed") return look("failed", "Failed", "bad");
	if (convoy.landed_at) return look("done", "Landed", "good");
	if (bead.status === "closed") return look("gone", "Closed, not landed", "quiet");
	if (bead.status !== "open" && bead.status !== "in_progress" && bead.status !== "in_review")
		return unknownLook(bead.status);
	if (convoy.staged) return look("held", "Staged", "quiet");
	if (recounted !== undefined && recounted !== convoy.closed_beads)
		return look("differs", `Stored ${convoy.closed_beads}, recounted ${recounted}`, "warn");
	const progress = `${convoy.closed_beads} of ${convoy.total_beads}`;
	if (convoy.total_beads > 0 && convoy.closed_beads === convoy.total_beads)
		return look("waiting", "Ready to land", "quiet");
	return convoy.closed_beads === 0
		? look("open", `Active, ${progress}`, "quiet")
		: look("underWay", `Active, ${progress}`, "active");
}
