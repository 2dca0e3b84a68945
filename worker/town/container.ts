import { containerEvents, thresholdsOf } from "../../shared/gastown/index.ts";
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

/** Journals an event of the container and brings `town_state.container` up to it. */
export function recordContainerEvent(town: Town, report: ContainerReport): Result<{ event_id: number }> {
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
		detail: report.oom ? { ...detail, oom: true } : detail,
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
			{ now: town.now(), window_ms: thresholdsOf(townValue(town, "config")).restart_window_ms },
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
