import { credentialEvents, type RigCredential, rigCredentials } from "../../../shared/gastown/index.ts";
import type { CredentialReport } from "../../../shared/ingest/index.ts";
import { redact } from "../../../shared/redaction/index.ts";
import { getRow, insertRow, upsertRow } from "../rows.ts";
import { isoNow, ok, type Result, type Town } from "../town.ts";

/** `rig_credentials.rig_id` of those that serve the whole town. */
const TOWN_WIDE = "town";

/** Journals what happened to a credential and keeps what is known of it now. */
export function recordCredentialEvent(town: Town, report: CredentialReport): Result<{ id: number }> {
	const { source, key: _, ...event } = report;
	const at = isoNow(town);
	const message = report.message && redact(report.message);
	const id = insertRow(town.sql, credentialEvents, { ...event, message, at });
	const rig_id = report.rig_id ?? TOWN_WIDE;
	const known = getRow(town.sql, rigCredentials, rig_id, report.credential);
	const good = report.outcome === "ok";
	const isAnother = report.fingerprint !== null && report.fingerprint !== known?.fingerprint;
	const resolved = good && report.type === "resolve";
	const tried = {
		...{ last_outcome: report.outcome, last_outcome_at: at, last_message: message },
		...{ last_type: report.type, last_status: report.status },
		failing_since: good && !stillFails(report, known) ? null : (known?.failing_since ?? (good ? null : at)),
	};
	upsertRow(town.sql, rigCredentials, {
		rig_id,
		credential: report.credential,
		source: source ?? known?.source ?? "unknown",
		fingerprint: report.fingerprint ?? known?.fingerprint ?? null,
		// The end of another token says nothing of this one's.
		expires_at: report.expires_at ?? (isAnother ? null : (known?.expires_at ?? null)),
		resolved_at: resolved ? at : (known?.resolved_at ?? null),
		verified_at: good && report.type === "verify" ? at : (known?.verified_at ?? null),
		...(isAnother ? { fingerprint_at: at } : {}),
		...(report.type === "push" ? {} : tried),
	});
	return ok({ id });
}

/** A git token that was found is still to be verified: where that went wrong before, finding it again mends nothing yet. */
const stillFails = ({ type, credential }: CredentialReport, known: RigCredential | null): boolean =>
	credential === "git" && type === "resolve" && known !== null && known.last_type !== "resolve";
