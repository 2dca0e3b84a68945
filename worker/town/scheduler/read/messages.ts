import type { Town } from "../../town.ts";
import { number, type Raw, text, time, words } from "../columns.ts";
import type { EscalationNow, EventNow, NudgeNow } from "../state.ts";
import { UNFINISHED } from "./unfinished.ts";

/** Past nudges of the watchdog that are looked at, so that none is repeated within its hour. */
const NUDGES_MS = 2 * 3_600_000;

export function readNudges(town: Town): NudgeNow[] {
	return town.sql
		.all<Raw>(
			`SELECT n.* FROM agent_metadata a CROSS JOIN agent_nudges n ON n.agent_bead_id = a.bead_id AND n.status = 'queued'
			 UNION SELECT n.* FROM agent_metadata a CROSS JOIN agent_nudges n ON n.agent_bead_id = a.bead_id AND n.created_at > ?
			 WHERE n.source LIKE 'gupp:%' ORDER BY created_at, nudge_id`,
			new Date(town.now() - NUDGES_MS).toISOString(),
		)
		.map((row) => ({
			...{
				id: words(row.nudge_id),
				agent: words(row.agent_bead_id),
				mode: words(row.mode),
				source: words(row.source),
			},
			...{
				created_at: time(row.created_at) ?? 0,
				expires_at: time(row.expires_at),
				status: words(row.status),
			},
		}));
}

/** Calls for help that have not ended, with how the bead that each is about stands. */
export function readEscalations(town: Town): Map<string, EscalationNow> {
	const rows = town.sql.all<Raw>(
		`SELECT b.bead_id, b.created_at, e.severity, e.acknowledged, e.re_escalation_count, e.raised_at, s.status AS about
		 FROM beads b CROSS JOIN escalation_metadata e ON e.bead_id = b.bead_id
		 LEFT JOIN beads s ON s.bead_id = json_extract(CASE WHEN json_valid(b.metadata) THEN b.metadata END, '$.source_bead_id')
		 WHERE b.type = 'escalation' AND b.${UNFINISHED}`,
	);
	return new Map(
		rows.map((row) => [
			words(row.bead_id),
			{
				...{ bead_id: words(row.bead_id), severity: words(row.severity), about: text(row.about) },
				...{ acknowledged: row.acknowledged === 1, raised: number(row.re_escalation_count) },
				told_at: time(row.raised_at) ?? time(row.created_at) ?? 0,
			},
		]),
	);
}

/** What waits to be done outside the database, oldest first. */
export const readInbox = (town: Town): EventNow[] =>
	town.sql
		.all<Raw>(
			"SELECT event_id, event_type, agent_id, bead_id, tries, created_at, last_error FROM town_events WHERE processed_at IS NULL ORDER BY created_at, event_id",
		)
		.map((row) => ({
			...{ id: words(row.event_id), type: words(row.event_type), tries: number(row.tries) },
			...{ agent: text(row.agent_id), bead: text(row.bead_id) },
			...{ since: words(row.created_at), error: text(row.last_error) },
		}));
