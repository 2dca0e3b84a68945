import { containerEvents, thresholdsOf } from "../../shared/gastown/index.ts";
import type { ContainerReport, LogReport } from "../../shared/ingest/index.ts";
import { redact, redactDeep } from "../../shared/redaction/index.ts";
import { containerAfter, noContainer } from "./container-after.ts";
import { keepHeld } from "./credentials/held.ts";
import { readContainerPulse, writeContainerPulse } from "./pulse.ts";
import { insertRow } from "./rows.ts";
import { isoNow, ok, type Result, type Town } from "./town.ts";
import { setTownValue, townValue } from "./town-state.ts";

/** Log lines kept for the live view and for the next event. */
const LOG_LINES = 200;
/** Log lines stored with a stop, as many as the capture shows whole (FEED-1); with any other event, what led to it. */
const STOP_LOG = { lines: LOG_LINES, characters: 15_000 };
const EVENT_LOG = { lines: 20, characters: 4_000 };

/** The newest lines within these limits, redacted. */
function lastLines(all: readonly string[], { lines, characters }: typeof STOP_LOG): string[] {
	const kept: string[] = [];
	let room = characters;
	for (const line of all.slice(-lines).map(redact).toReversed()) {
		room -= JSON.stringify(line).length + 1;
		if (room < 0) break;
		kept.unshift(line);
	}
	return kept;
}

/** Journals an event of the container and brings `town_state.container` up to it. */
export function recordContainerEvent(town: Town, report: ContainerReport): Result<{ event_id: number }> {
	const ended = report.type === "stop" || report.type === "sleep";
	const sample = readContainerPulse(town);
	const log = lastLines(report.log ?? sample.log, ended ? STOP_LOG : EVENT_LOG);
	// Who ends it does not know what it used: its own last sample does.
	const memory = {
		memory_mb: report.memory_mb ?? (ended ? sample.memory_mb : null),
		memory_limit_mb: report.memory_limit_mb ?? (ended ? sample.memory_limit_mb : null),
	};
	// A sample of the instance before says nothing of this one.
	if (report.type === "start") {
		writeContainerPulse(town, { ...sample, cpu: null, memory_mb: null });
		keepHeld(town, {});
	}
	const reason = report.reason && redact(report.reason);
	const detail = redactDeep(report.detail) as Record<string, unknown>;
	const id = insertRow(town.sql, containerEvents, {
		type: report.type,
		at: isoNow(town),
		instance_id: report.instance_id,
		exit_code: report.exit_code,
		reason,
		...memory,
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
			{ ...report, ...memory, reason, id },
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
