import {
	attemptState,
	type DispatchAttempt,
	dispatchAttempts,
	moveAttempt,
} from "../../shared/gastown/index.ts";
import { getRow, updateRow } from "./rows.ts";
import { fail, isoNow, ok, type Result, type Town } from "./town.ts";

export function needAttempt(town: Town, id: string): Result<DispatchAttempt> {
	const attempt = getRow(town.sql, dispatchAttempts, id);
	return attempt ? ok(attempt) : fail("no-such-attempt", `There is no dispatch attempt "${id}".`, { id });
}

/** Ends an attempt whose process is gone; one that has ended or failed already stays as it is. */
export function endAttempt(
	town: Town,
	id: string,
	exitCode: number | null,
	how: { signal?: string | null; end_reason?: string | null } = {},
): void {
	const attempt = getRow(town.sql, dispatchAttempts, id);
	if (!attempt) return;
	const ending = { exit_code: exitCode, ...how };
	if (!moveAttempt(attemptState(attempt), "end").ok) {
		// Its agent was taken off before its process ended: how that went is told later.
		if (attempt.outcome === "started" && attempt.end_reason === null && how.end_reason !== undefined)
			updateRow(town.sql, dispatchAttempts, [id], ending);
		return;
	}
	// An end before the container's answer still means that it ran.
	updateRow(town.sql, dispatchAttempts, [id], {
		outcome: "started",
		ended_at: isoNow(town),
		...ending,
	});
}
