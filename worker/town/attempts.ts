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
export function endAttempt(town: Town, id: string, exitCode: number | null): void {
	const attempt = getRow(town.sql, dispatchAttempts, id);
	if (!attempt || !moveAttempt(attemptState(attempt), "end").ok) return;
	// An end before the container's answer still means that it ran.
	updateRow(town.sql, dispatchAttempts, [id], {
		outcome: "started",
		ended_at: isoNow(town),
		exit_code: exitCode,
	});
}
