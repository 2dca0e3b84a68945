import type { ChangedField } from "../../../shared/interventions/index.ts";
import type { Cause } from "../../../shared/protocol/index.ts";
import type { Sql } from "../../live-ops/sql.ts";

/** Newest changes of the town, and of the row, that are looked through: what is older happened before anybody looked. */
const LOOKED_THROUGH = { town: 20_000, row: 50 };

/**
 * Who made the first of these fields what it is now: the admin and the intervention, from the causes in the change log (FEED-5).
 * Null where no intervention did, or the log does not say.
 */
export function whoChanged(
	sql: Sql,
	{ entity, key }: { entity: string; key: string },
	changes: readonly ChangedField[],
): { by: string; what: string } | null {
	const rows = sql.all<{ row: string | null; cause: string | null }>(
		`SELECT l.row, b.cause FROM change_log l
		 JOIN change_batch b ON b.last_seq = (SELECT MIN(last_seq) FROM change_batch WHERE last_seq >= l.seq)
		 WHERE l.seq > (SELECT MAX(seq) FROM change_log) - ? AND l.entity = ? AND l.key = ?
		 ORDER BY l.seq DESC LIMIT ?`,
		LOOKED_THROUGH.town,
		entity,
		key,
		LOOKED_THROUGH.row,
	);
	for (const { field, to } of changes) {
		const cause = madeBy(rows, field, to);
		if (cause?.kind === "intervention" && cause.by !== null) return { by: cause.by, what: cause.what };
	}
	return null;
}

/** The cause of the oldest change of those, newest first, since when the field has this value. */
function madeBy(
	rows: readonly { row: string | null; cause: string | null }[],
	field: string,
	to: unknown,
): Cause | null {
	let made: string | null = null;
	for (const { row, cause } of rows) {
		const values = row === null ? {} : (JSON.parse(row) as Record<string, unknown>);
		if (!(field in values) || JSON.stringify(values[field]) !== JSON.stringify(to)) break;
		made = cause;
	}
	return made === null ? null : (JSON.parse(made) as Cause);
}
