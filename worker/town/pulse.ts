import { type AgentPulse, agentPulse, agents, moveAgent } from "../../shared/gastown/index.ts";
import type { HeartbeatReport } from "../../shared/ingest/index.ts";
import type { Pulse } from "../../shared/protocol/index.ts";
import { changeAgentStatus, findAgent } from "./agents.ts";
import { noContainer } from "./container-after.ts";
import { keepHeld } from "./credentials/held.ts";
import { noteConfigVersion } from "./environment.ts";
import { getRow, listRows, updateRow, upsertRow } from "./rows.ts";
import { noteSession } from "./sessions.ts";
import { fail, isoNow, ok, type Result, type Town } from "./town.ts";
import { setTownValue, townValue } from "./town-state.ts";

/** A heartbeat reaches the captured row this often, or with a real change (FEED-9). */
const COPY_MS = 60_000;

/** A pulse shows the end of the log, in lines of this length: what stopped a container is kept whole with its event. */
const SHOWN_LINES = 50;
const SHOWN_LINE = 400;

type ContainerPulse = NonNullable<Pulse["container"]>;
const NO_SAMPLE: ContainerPulse = {
	cpu: null,
	memory_mb: null,
	memory_limit_mb: null,
	log: [],
	processes: [],
	spool: null,
	fingerprints: {},
};

/** The newest sample and log lines of the container. */
export function readContainerPulse(town: Town): ContainerPulse {
	const row = town.sql.one<{ value: string }>("SELECT value FROM container_pulse WHERE id = 1");
	return row ? { ...NO_SAMPLE, ...(JSON.parse(row.value) as ContainerPulse) } : NO_SAMPLE;
}

/**
 * What the container said it holds, by rig id; `kilo` and `container` beside them. Empty until it has spoken since it came up:
 * an earlier one's word is nobody's now (CONTAINER-3).
 */
export function heldFingerprints(town: Town): Record<string, string> {
	const container = townValue(town, "container");
	const heard = town.sql.one<{ at: number }>("SELECT at FROM container_heard WHERE id = 1")?.at;
	if (container?.status !== "running" || heard === undefined || heard < Date.parse(container.since))
		return {};
	return readContainerPulse(town).fingerprints;
}

/** The container has just answered that it holds these. */
export const noteHeld = (town: Town, fingerprints: Record<string, string>): void => {
	const pulse = readContainerPulse(town);
	const held = { ...pulse.fingerprints, ...fingerprints };
	writeContainerPulse(town, { ...pulse, fingerprints: held });
	keepHeld(town, held);
};

export function writeContainerPulse(town: Town, pulse: ContainerPulse): void {
	town.sql.run(
		"INSERT INTO container_pulse (id, value) VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET value = excluded.value",
		JSON.stringify(pulse),
	);
}

/** Takes heartbeats and samples of a container and its agents. Refused whole where it names an agent that is not here. */
export function recordHeartbeat(town: Town, report: HeartbeatReport): Result<null> {
	const unknown = report.agents.find((beat) => !findAgent(town, beat.agent_id));
	if (unknown) return fail("no-such-agent", `There is no agent "${unknown.agent_id}" in this town.`, unknown);
	for (const beat of report.agents) recordBeat(town, beat);
	const { processes, spool, fingerprints } = report;
	writeContainerPulse(town, {
		...readContainerPulse(town),
		...report.container,
		processes,
		spool,
		fingerprints,
	});
	keepHeld(town, fingerprints);
	town.sql.run(
		"INSERT INTO container_heard (id, at) VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET at = excluded.at",
		town.now(),
	);
	const container = townValue(town, "container");
	// A new instance that nobody announced: the only trace of a restart that Gastown keeps (domain.md §3.5).
	if (container?.instance_id !== report.instance_id)
		setTownValue(town, "container", {
			...(container ?? noContainer(isoNow(town))),
			instance_id: report.instance_id,
			status: "running",
			since: isoNow(town),
		});
	noteConfigVersion(town, report.config_version);
	return ok(null);
}

function recordBeat(town: Town, beat: HeartbeatReport["agents"][number]): void {
	const now = town.now();
	const before = getRow(town.sql, agentPulse, beat.agent_id);
	const real =
		!before ||
		before.pid !== beat.pid ||
		JSON.stringify(before.active_tools) !== JSON.stringify(beat.active_tools);
	followMayor(town, beat);
	noteSession(town, beat);
	const copy = real || now - before.copied_at >= COPY_MS;
	const { status: _, session_id: __, model: ___, prompt_hash: ____, in_turn: _____, ...live } = beat;
	upsertRow(town.sql, agentPulse, {
		...live,
		heartbeat_at: now,
		copied_at: copy ? now : before.copied_at,
	});
	if (!copy) return;
	updateRow(town.sql, agents, [beat.agent_id], {
		last_activity_at: isoNow(town),
		last_event_type: beat.last_event_type ?? undefined,
		last_event_at: beat.last_event_at === null ? undefined : new Date(beat.last_event_at).toISOString(),
		active_tools: beat.active_tools,
	});
}

/**
 * A mayor whose turn is over waits for its owner: alive, not at work (domain.md §2.11). Real servers tell more after
 * `session.idle` (its diff, its title), so the newest event says it only where nothing better is told.
 */
function followMayor(town: Town, beat: HeartbeatReport["agents"][number]): void {
	const agent = findAgent(town, beat.agent_id);
	if (agent?.role !== "mayor" || !["working", "waiting"].includes(agent.status)) return;
	const busy = beat.in_turn ?? beat.last_event_type !== "session.idle";
	const moved = moveAgent(agent.status, busy ? "session_busy" : "session_idle");
	if (moved.ok) changeAgentStatus(town, agent, moved.to);
}

/** Everything that is only shown live: the newest heartbeat of each agent, the container's sample and log. */
export function pulseMessage(town: Town): Pulse {
	const beats: AgentPulse[] = listRows(town.sql, agentPulse).map(({ copied_at: _, ...beat }) => beat);
	const { log, ...sample } = readContainerPulse(town);
	const shown = log
		.slice(-SHOWN_LINES)
		.map((line) => (line.length > SHOWN_LINE ? `${line.slice(0, SHOWN_LINE)}…` : line));
	return { t: "pulse", at: town.now(), agents: beats, container: { ...sample, log: shown }, scheduler: null };
}
