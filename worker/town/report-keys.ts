import { integer, table, text } from "../../shared/gastown/index.ts";
import type { ReportKind, Reports } from "../../shared/ingest/index.ts";
import { REPORT_PARTS } from "./calls.ts";
import { insertRow } from "./rows.ts";
import { ok, type Result, type Town } from "./town.ts";

/** A container asks again until it is answered, but never for longer than its token lives (SEC-5: 8 hours). */
const REMEMBERED_MS = 24 * 3_600_000;

export const reportKeys = table("report_keys", "state", ["key"], { key: text(), at: integer() }, ["at"]);

/** The answer to a report that was taken before: nothing of it is done again. */
export const DUPLICATE = { duplicate: true } as const;

/** Takes a report of the container, once for each key (TOWN-2): the key is kept in the transaction of what it does. */
export const takeReport =
	<K extends ReportKind>(kind: K) =>
	(town: Town, report: Reports[K]): Result<unknown> => {
		if ("key" in report && report.key !== undefined) {
			const key = `${kind}:${report.key}`;
			if (town.sql.one("SELECT 1 FROM report_keys WHERE key = ?", key)) return ok(DUPLICATE);
			town.sql.run("DELETE FROM report_keys WHERE at < ?", town.now() - REMEMBERED_MS);
			insertRow(town.sql, reportKeys, { key, at: town.now() });
		}
		return REPORT_PARTS[kind](town, report);
	};
