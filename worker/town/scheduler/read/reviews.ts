import type { Town } from "../../town.ts";
import { number, type Raw, text, time, words } from "../columns.ts";
import type { ConvoyNow, ReviewNow } from "../state.ts";
import { UNFINISHED } from "./unfinished.ts";

export function readReviews(town: Town): Map<string, ReviewNow> {
	const rows = town.sql.all<Raw>(
		`SELECT r.*, (SELECT depends_on_bead_id FROM bead_dependencies d WHERE d.bead_id = r.bead_id AND d.dependency_type = 'tracks'
			LIMIT 1) AS source
		 FROM beads b CROSS JOIN review_metadata r ON r.bead_id = b.bead_id WHERE b.type = 'merge_request' AND b.${UNFINISHED}`,
	);
	return new Map(
		rows.map((row) => [
			words(row.bead_id),
			{
				...{ bead_id: words(row.bead_id), source: text(row.source), branch: words(row.branch) },
				...{
					target_branch: words(row.target_branch),
					pr_url: text(row.pr_url),
					pr_state: text(row.pr_state),
				},
				...{ mergeable_state: text(row.mergeable_state), last_poll_at: time(row.last_poll_at) },
				...{ poll_failures: number(row.poll_failures), poll_error_kind: text(row.poll_error_kind) },
				auto_merge_ready_since: time(row.auto_merge_ready_since),
				retry_count: number(row.retry_count),
				queue_at: row.queue_at === null ? null : number(row.queue_at),
			},
		]),
	);
}

export function readConvoys(town: Town): Map<string, ConvoyNow> {
	const rows = town.sql.all<Raw>(
		`SELECT c.* FROM beads b CROSS JOIN convoy_metadata c ON c.bead_id = b.bead_id WHERE b.type = 'convoy' AND b.${UNFINISHED}`,
	);
	return new Map(
		rows.map((row) => [
			words(row.bead_id),
			{
				...{
					bead_id: words(row.bead_id),
					total_beads: number(row.total_beads),
					closed_beads: number(row.closed_beads),
				},
				...{
					feature_branch: text(row.feature_branch),
					merge_mode: text(row.merge_mode) ?? "review-then-land",
				},
				...{
					staged: row.staged === 1,
					ready_to_land: row.ready_to_land === 1,
					landed_at: time(row.landed_at),
				},
				...{
					landing_attempts: number(row.landing_attempts),
					last_landing_attempt_at: time(row.last_landing_attempt_at),
				},
			},
		]),
	);
}
