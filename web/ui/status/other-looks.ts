import type { Light, Severity } from "../../../shared/diagnosis/finding.ts";
import type { DispatchAttempt, RigCredential } from "../../../shared/gastown/index.ts";
import type { FeedState } from "../../../shared/protocol/index.ts";
import { timeOf } from "../../../shared/town-view/index.ts";
import { duration } from "../format/duration.ts";
import { type Look, look, unknownLook } from "./signs.ts";

const SEVERITIES: Record<Severity, Look> = {
	critical: look("failed", "Critical", "bad"),
	warning: look("warning", "Warning", "warn"),
	notice: look("open", "Notice", "quiet"),
};
export const severityLook = (severity: string): Look =>
	SEVERITIES[severity as Severity] ?? unknownLook(severity);

const LIGHTS: Record<Light, Look> = {
	critical: SEVERITIES.critical,
	warning: SEVERITIES.warning,
	waiting: look("paused", "Held", "quiet"),
	healthy: look("done", "Healthy", "good"),
	asleep: look("asleep", "Asleep", "quiet"),
	unknown: look("unknown", "Unknown", "warn"),
};
export const lightLook = (light: string): Look => LIGHTS[light as Light] ?? unknownLook(light);

/** State of one feed of the session, as the session tells it. `now` is the session's clock. */
export function feedLook(feed: FeedState | undefined, now: number): Look {
	switch (feed?.state) {
		case undefined:
		case "idle":
			return look("open", "Not followed", "quiet");
		case "connecting":
			return look("changing", feed?.attempt && feed.attempt > 1 ? "Reconnecting" : "Connecting", "active");
		case "replaying":
			return look("changing", "Catching up", "active");
		case "live":
			return look("running", "Live", "good");
		case "waiting":
			return look(
				"waiting",
				feed.next_at === null ? "Retry" : `Retry in ${duration(Math.max(0, feed.next_at - now))}`,
				"quiet",
			);
		default:
			return unknownLook((feed as FeedState).state);
	}
}

/** A start of an agent for a bead. `next` is when the next one is due, epoch milliseconds. */
export function attemptLook(attempt: Pick<DispatchAttempt, "outcome">): Look {
	switch (attempt.outcome) {
		case "starting":
			return look("changing", "Starting", "active");
		case "started":
			return look("done", "Started", "good");
		case "failed":
			return look("failed", "Failed", "bad");
		case "refused":
			return look("refused", "Refused", "warn");
		default:
			return unknownLook(attempt.outcome);
	}
}

/** A credential says so this long before it expires. */
const EXPIRES_SOON_MS = 600_000;

export function credentialLook(credential: RigCredential, now: number): Look {
	if (credential.last_outcome === "revoked") return look("failed", "Revoked", "bad");
	if (credential.last_outcome === "wrong_scope") return look("refused", "Wrong scope", "warn");
	const expires = timeOf(credential.expires_at);
	if (expires !== null && expires <= now) return look("failed", "Expired", "bad");
	if (credential.last_outcome === "failed" || credential.last_outcome === "unauthorized")
		return look("failed", credential.last_outcome === "failed" ? "Failed" : "Unauthorized", "bad");
	if (expires !== null && expires - now < EXPIRES_SOON_MS)
		return look("late", `Expires in ${duration(expires - now)}`, "warn");
	if (credential.last_outcome !== "ok") return unknownLook(credential.last_outcome);
	return look("done", expires === null ? "Valid" : `Valid ${duration(expires - now)}`, "good");
}

const GIT: Record<string, Look> = {
	ok: look("done", "Done", "good"),
	failed: look("failed", "Failed", "bad"),
	conflict: look("warning", "Conflict", "warn"),
	denied: look("refused", "Denied", "warn"),
};
export const gitLook = (outcome: string): Look => GIT[outcome] ?? unknownLook(outcome);

/** A tool call of an agent. A completed one with another exit code than 0 has failed (design-ui §7). */
export function toolLook(status: string, exit: number | null = null): Look {
	switch (status) {
		case "pending":
			return look("open", "Pending", "quiet");
		case "running":
			return look("underWay", "Running", "active");
		case "completed":
			return exit !== null && exit !== 0
				? look("failed", `Exit ${exit}`, "bad")
				: look("done", "Done", "good");
		case "error":
			return look("failed", "Error", "bad");
		case "aborted":
			return look("gone", "Aborted", "quiet");
		case "timed_out":
			return look("waiting", "Timed out", "quiet");
		case "needs_permission":
			return look("waiting", "Needs permission", "quiet");
		default:
			return unknownLook(status);
	}
}
