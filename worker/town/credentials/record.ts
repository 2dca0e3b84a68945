import { credentialEvents, rigCredentials } from "../../../shared/gastown/index.ts";
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
	upsertRow(town.sql, rigCredentials, {
		rig_id,
		credential: report.credential,
		source: source ?? known?.source ?? "unknown",
		fingerprint: report.fingerprint ?? known?.fingerprint ?? null,
		// The end of another token says nothing of this one's.
		expires_at: report.expires_at ?? (isAnother ? null : (known?.expires_at ?? null)),
		resolved_at: resolved ? at : (known?.resolved_at ?? null),
		verified_at: good && report.type === "verify" ? at : (known?.verified_at ?? null),
		...(report.type === "push"
			? {}
			: { last_outcome: report.outcome, last_outcome_at: at, last_message: message }),
	});
	return ok({ id });
}
