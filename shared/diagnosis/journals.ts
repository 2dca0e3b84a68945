import { timeOf } from "../town-view/index.ts";
import { type Facts, once, rowOf } from "./facts.ts";
import type { Evidence } from "./finding.ts";
import { push } from "./lists.ts";

/** Journal rows are further evidence only: a page that was opened later has few of them, and older ones are read by `query`. */

const attempts = once(({ view }) => {
	const of = new Map<string, Evidence[]>();
	for (const one of view.tables.dispatch_attempts.values())
		push(
			of,
			one.bead_id,
			rowOf(`start ${one.n}: ${one.outcome}`, "dispatch_attempts", one.attempt_id, timeOf(one.at)),
		);
	return of;
});

/** The starts of a bead that are at hand. */
export const attemptsOf = (facts: Facts, bead: string): Evidence[] => attempts(facts).get(bead) ?? [];

const failures = once(({ view }) => {
	const of = new Map<string, { stderr: string | null; row: Evidence }[]>();
	for (const one of view.tables.git_operations.values())
		if (one.bead_id !== null && one.outcome !== "ok")
			push(of, one.bead_id, {
				stderr: one.stderr,
				row: rowOf(`git ${one.operation}: ${one.outcome}`, "git_operations", String(one.id), timeOf(one.at)),
			});
	return of;
});

/** What git could not do for a bead, of what is at hand, oldest first. */
export const gitTroubleOf = (facts: Facts, bead: string) => failures(facts).get(bead) ?? [];
