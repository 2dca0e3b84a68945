import type { BatchEnd, Cause, Moment } from "../../shared/protocol/index.ts";
import type { QueryAnswer, Refusal } from "../rpc.ts";
import { literal } from "./ddl.ts";
import type { Sql } from "./sql.ts";

export type WhichMoment = { seq: number | null; at: number | null; after: Moment["after"] };

type Log = {
	epoch: string;
	/** Names of the state tables. */
	states: readonly string[];
	/** The town's clock, epoch milliseconds. */
	now: number;
};
type BatchRow = { seq: number; first_seq: number; at: number; mark: string; cause: string | null };

/** A page's account of the town's clock may be so far ahead of it. */
const SKEW_MS = 2_000;

/** Rows of one page before its bytes are counted. */
const PAGE_ROWS = 4_000;

const BATCH = "SELECT last_seq AS seq, first_seq, at, mark, cause FROM change_batch";

/**
 * A page of the state at a moment (FEED-4): of each key the newest row up to it, from the log, else from what compaction kept of the log's
 * beginning. Rows are as they were shown then, secrets masked. One pass over the log up to that moment for each page, of names and numbers only.
 */
export function readMoment(
	sql: Sql,
	{ epoch, states, now }: Log,
	which: WhichMoment,
	bytes: number,
): QueryAnswer | Refusal {
	const oldest = sql.one<BatchRow>(`${BATCH} ORDER BY last_seq LIMIT 1`);
	if (!oldest) return refuse("no-moment", "Nothing has happened in this town yet.");
	if (which.seq === null && which.at !== null && which.at > now + SKEW_MS)
		return refuse("ahead", "That moment is still to come.");
	const batch =
		which.seq !== null
			? sql.one<BatchRow>(`${BATCH} WHERE last_seq >= ? ORDER BY last_seq LIMIT 1`, which.seq)
			: sql.one<BatchRow>(
					`${BATCH} WHERE at <= ? ORDER BY last_seq DESC LIMIT 1`,
					which.at ?? Number.MAX_SAFE_INTEGER,
				);
	if (which.seq !== null && !batch) return refuse("ahead", `Change ${which.seq} has not happened yet.`);
	if (!batch || (which.seq !== null && which.seq < oldest.first_seq))
		return refuse(
			"gone",
			`The town keeps its changes since seq ${oldest.first_seq}, ${new Date(oldest.at).toISOString()}; this is from before.`,
		);
	const beside = (sign: "<" | ">") =>
		sql.one<BatchEnd>(
			`SELECT last_seq AS seq, at FROM change_batch WHERE last_seq ${sign} ? ORDER BY last_seq ${sign === "<" ? "DESC" : "ASC"} LIMIT 1`,
			batch.seq,
		);
	const head = sql.one<BatchEnd>("SELECT max(last_seq) AS seq, at FROM change_batch");
	const { rows, after } = rowsAt(sql, states, batch.seq, which.after, bytes);
	const moment: Moment = {
		...{ seq: batch.seq, at: batch.at, position: { epoch, seq: batch.seq, mark: batch.mark } },
		cause: batch.cause === null ? null : (JSON.parse(batch.cause) as Cause),
		...{ before: beside("<"), next: beside(">"), later: (head?.seq ?? batch.seq) - batch.seq },
		oldest: { seq: oldest.seq, at: oldest.at },
		...{ rows, after },
	};
	return { rows: [moment], more: after !== null };
}

function rowsAt(
	sql: Sql,
	states: readonly string[],
	seq: number,
	after: Moment["after"],
	bytes: number,
): Pick<Moment, "rows" | "after"> {
	const those = `entity IN (${states.map(literal).join(", ")}) AND (entity, key) > (?1, ?2)`;
	// Only names and numbers are sorted; the rows of this page are then looked up, each by its number.
	const found = sql.all<{ entity: string; key: string; row: string | null }>(
		`WITH newest AS (
			SELECT entity, key, max(seq) AS seq FROM (
				SELECT entity, key, 0 AS seq FROM change_base WHERE ${those}
				UNION ALL SELECT entity, key, seq FROM change_log WHERE seq <= ?3 AND ${those})
			GROUP BY entity, key ORDER BY entity, key LIMIT ?4)
		SELECT newest.entity, newest.key, iif(newest.seq = 0, change_base.row, change_log.row) AS row FROM newest
			LEFT JOIN change_log ON change_log.seq = newest.seq
			LEFT JOIN change_base ON newest.seq = 0 AND (change_base.entity, change_base.key) = (newest.entity, newest.key)
		ORDER BY newest.entity, newest.key`,
		...(after ?? ["", ""]),
		seq,
		PAGE_ROWS,
	);
	const rows: Moment["rows"] = [];
	let size = 0;
	for (const [n, one] of found.entries()) {
		size += Buffer.byteLength(one.row ?? "");
		if (n > 0 && size > bytes) {
			const last = found[n - 1] as (typeof found)[number];
			return { rows, after: [last.entity, last.key] };
		}
		if (one.row !== null) rows.push([one.entity, one.key, JSON.parse(one.row)]);
	}
	const last = found.at(-1);
	return { rows, after: last && found.length === PAGE_ROWS ? [last.entity, last.key] : null };
}

const refuse = (code: string, message: string): Refusal => ({ ok: false, code, message });
