import { gitOperations, reviewMetadata, rigCredentials } from "../../shared/gastown/index.ts";
import type { GitReport } from "../../shared/ingest/index.ts";
import { redact } from "../../shared/redaction/index.ts";
import { noteGitFailure } from "./git-failures.ts";
import { getRow, insertRow, updateRow, upsertRow } from "./rows.ts";
import { isoNow, ok, type Result, type Town } from "./town.ts";

/** Journals a git command that ended, redacted (FEED-6), and counts refusals against the rig's git credential. */
export function recordGitOperation(town: Town, report: GitReport): Result<{ id: number }> {
	const { key: _, ...operation } = report;
	const id = insertRow(town.sql, gitOperations, {
		...operation,
		command: redact(report.command),
		stderr: report.stderr && redact(report.stderr),
		at: isoNow(town),
	});
	if (report.rig_id !== null && report.operation !== "merge")
		countRefusals(town, report.rig_id, report.outcome);
	noteGitFailure(town, report, id);
	if (report.outcome === "conflict") keepConflict(town, report);
	return ok({ id });
}

/** The files in which a merge request conflicts, by git's own lines. */
function keepConflict(town: Town, { bead_id, stderr }: GitReport): void {
	if (bead_id === null || !getRow(town.sql, reviewMetadata, bead_id)) return;
	const files = [...(stderr ?? "").matchAll(/Merge conflict in (.+)$/gm)].map(([, file = ""]) =>
		redact(file.trim()),
	);
	if (files.length > 0)
		updateRow(town.sql, reviewMetadata, [bead_id], { conflict_files: files.slice(0, 20) });
}

function countRefusals(town: Town, rigId: string, outcome: GitReport["outcome"]): void {
	const known = getRow(town.sql, rigCredentials, rigId, "git");
	if (outcome === "denied") {
		if (known)
			updateRow(town.sql, rigCredentials, [rigId, "git"], { failures_since_ok: known.failures_since_ok + 1 });
		else
			upsertRow(town.sql, rigCredentials, {
				rig_id: rigId,
				credential: "git",
				source: "unknown",
				failures_since_ok: 1,
			});
	} else if (outcome === "ok" && known && known.failures_since_ok > 0)
		updateRow(town.sql, rigCredentials, [rigId, "git"], { failures_since_ok: 0 });
}
