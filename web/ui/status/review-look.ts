import type { Bead, GitOperation, ReviewMetadata } from "../../../shared/gastown/index.ts";
import { type Look, look, unknownLook } from "./signs.ts";

/** How a merge request stands; `lastGit` is its newest git operation, which tells why it failed. */
export function reviewLook(bead: Bead, review: ReviewMetadata, lastGit?: GitOperation): Look {
	switch (bead.status) {
		case "open":
			return look("open", "Waiting", "quiet");
		case "in_progress":
			return review.pr_url ? look("review", "PR open", "active") : look("underWay", "Reviewing", "active");
		case "in_review":
			return look("review", "In review", "active");
		case "closed":
			return review.merge_commit
				? look("done", "Merged", "good")
				: look("gone", "Closed, not merged", "quiet");
		case "failed":
			if (lastGit?.outcome === "conflict") return look("warning", "Conflict", "warn");
			if (lastGit?.outcome === "denied") return look("refused", "Push denied", "warn");
			return look("failed", "Failed", "bad");
		default:
			return unknownLook(bead.status);
	}
}
