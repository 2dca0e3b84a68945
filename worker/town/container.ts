import { containerEvents } from "../../shared/gastown/index.ts";
import type { ContainerReport, LogReport } from "../../shared/ingest/index.ts";
import { redact, redactDeep } from "../../shared/redaction/index.ts";
import { containerAfter, noContainer } from "./container-after.ts";
import { readContainerPulse, writeContainerPulse } from "./pulse.ts";
import { insertRow } from "./rows.ts";
import { isoNow, ok, type Result, type Town } from "./town.ts";
import { setTownValue, townValue } from "./town-state.ts";

/** Log lines kept for the live view and for the next event. */
const LOG_LINES = 200;
/** Log lines stored with an event: enough to see what came before a death. */
const EVENT_LOG_LINES = 50;

/** A container repeats an event soon or never: only so many of the newest are searched for its key. */
const REPEATS_WITHIN = 200;

/** Journals an event of the container and brings `town_state.container` up to it. A repeated `key` changes nothing. */
export function recordContainerEvent(town: Town, report: ContainerReport): Result<{ event_id: number }> {
	if (report.key !== undefined) {
		const seen = town.sql.one<{ id: number }>(
			`SELECT id FROM (SELECT id, detail FROM container_events ORDER BY id DESC LIMIT ${REPEATS_WITHIN})
			 WHERE json_valid(detail) AND json_extract(detail, '$.key') = ?`,
			report.key,
		);
		if (seen) return ok({ event_id: seen.id });
	}
	const log = (report.log ?? readContainerPulse(town).log).slice(-EVENT_LOG_LINES).map(redact);
	const reason = report.reason && redact(report.reason);
	const detail = redactDeep(report.detail) as Record<string, unknown>;
	const id = insertRow(town.sql, containerEvents, {
		type: report.type,
		at: isoNow(town),
		instance_id: report.instance_id,
		exit_code: report.exit_code,
		reason,
		memory_mb: report.memory_mb,
		memory_limit_mb: report.memory_limit_mb,
		log,
		detail: {
			...detail,
			...(report.key === undefined ? {} : { key: report.key }),
			...(report.oom ? { oom: true } : {}),
		},
	});
	const working = town.sql.all<{ bead_id: string }>(
		"SELECT bead_id FROM agent_metadata WHERE status = 'working'",
	);
	setTownValue(
		town,
		"container",
		containerAfter(
			townValue(town, "container") ?? noContainer(isoNow(town)),
			{ ...report, reason, id },
			working.map((agent) => agent.bead_id),
			town.now(),
		),
	);
	return ok({ event_id: id });
}

/** Keeps the newest lines of the container's log, redacted, out of the captured tables (FEED-9). */
export function recordLog(town: Town, report: LogReport): Result<null> {
	const pulse = readContainerPulse(town);
	const log = [...pulse.log, ...report.lines.map(redact)].slice(-LOG_LINES);
	writeContainerPulse(town, { ...pulse, log });
	return ok(null);
}
