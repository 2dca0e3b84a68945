import type { GitFailure } from "../../shared/gastown/index.ts";
import type { GitReport } from "../../shared/ingest/index.ts";
import { redact } from "../../shared/redaction/index.ts";
import { isoNow, type Town } from "./town.ts";
import { setTownValue, townValue } from "./town-state.ts";

/** More at a time have one cause, and the journal has every one. */
const KEPT = 40;
const STDERR = 400;

/** Keeps what git could not do until it has done it: the journal is not part of a state that is read later (FEED-4). */
export function noteGitFailure(town: Town, report: GitReport, id: number): void {
	if (report.rig_id === null) return;
	const known = townValue(town, "git_failures") ?? [];
	if (report.outcome === "ok") {
		const left = known.filter((failure) => !mends(report, failure));
		if (left.length < known.length) setTownValue(town, "git_failures", left);
		return;
	}
	const before = known.find((failure) => isSame(report, failure));
	const { rig_id, bead_id, agent_id, operation, outcome } = report;
	const at = isoNow(town);
	const failure: GitFailure = {
		...{ rig_id, bead_id, agent_id, operation, outcome, id, at },
		stderr: redact(report.stderr ?? "").slice(0, STDERR),
		since: before?.since ?? at,
		times: (before?.times ?? 0) + 1,
	};
	setTownValue(town, "git_failures", [...known.filter((one) => one !== before), failure].slice(-KEPT));
}

/** What a push or a merge met is a bead's own; a clone or fetch is the rig's. */
const isSame = ({ rig_id, operation, bead_id }: GitReport, failure: GitFailure): boolean =>
	failure.rig_id === rig_id &&
	failure.operation === operation &&
	(!["push", "merge"].includes(operation) || failure.bead_id === bead_id);

/** A push that goes through shows that no push of its rig is denied any more; what can be fetched can be cloned. */
const mends = (report: GitReport, failure: GitFailure): boolean =>
	isSame(report, failure) ||
	(failure.rig_id === report.rig_id &&
		((report.operation === "push" && failure.operation === "push" && failure.outcome === "denied") ||
			(report.operation === "fetch" && failure.operation === "clone") ||
			(report.operation === "clone" && failure.operation === "fetch")));
