import { IDLE_TIMES, RESOLVER_MS } from "../../shared/diagnosis/thresholds.ts";
import {
	beads,
	nextDispatchAt,
	rigCredentials,
	thresholdsOf,
	townState,
} from "../../shared/gastown/index.ts";
import { timeOf } from "../../shared/town-view/index.ts";
import type { Agenda } from "../live-ops/index.ts";
import { getRow, listRows } from "./rows.ts";
import type { Town } from "./town.ts";
import { townValue } from "./town-state.ts";

/** Agenda entry: look at the town's health and tell its owner. */
export const HEALTH_AGENDA = "health";
/** A burst of changes is looked at once. */
const HEALTH_AFTER_MS = 2_000;
/** While an agent works or a stop is awaited, time alone can make a town ill (domain.md §2.6). */
const HEALTH_EVERY_MS = 60_000;

/** Plans a look soon after a change, unless one is due by then. */
export function planHealth(agenda: Pick<Agenda, "due" | "set">, town: Town): void {
	const due = agenda.due(HEALTH_AGENDA);
	const soon = town.now() + HEALTH_AFTER_MS;
	if (due === null || due > soon) agenda.set(HEALTH_AGENDA, soon);
}

/**
 * Plans the next look: by the minute where something is under way, else at the next time that is known to change what a
 * look finds. A town in which nothing will change by itself may sleep (FEED-8).
 */
export function planNextHealth(agenda: Pick<Agenda, "set">, town: Town): void {
	const next = underWay(town) ? town.now() + HEALTH_EVERY_MS : nextKnownTime(town);
	if (next !== null) agenda.set(HEALTH_AGENDA, next);
}

const underWay = (town: Town): boolean =>
	town.sql.one("SELECT 1 FROM agent_metadata WHERE status IN ('working', 'stalled') LIMIT 1") !== null ||
	(townValue(town, "stops")?.awaited.length ?? 0) > 0;

/** Epoch milliseconds; null where no time is known. */
function nextKnownTime(town: Town): number | null {
	const after = (at: string | null, wait: number) => (timeOf(at) ?? Number.NaN) + wait;
	const limits = thresholdsOf(townValue(town, "config"));
	const times = [
		...listRows(town.sql, rigCredentials).flatMap((one) => [
			after(one.expires_at, limits.git_token_slack_ms),
			after(one.fingerprint_at, limits.git_token_stale_ms),
			after(one.failing_since, RESOLVER_MS),
		]),
		after(getRow(town.sql, townState, "config")?.updated_at ?? null, limits.prompt_grace_ms),
		after(lastWork(town), IDLE_TIMES * limits.idle_stop_ms),
		...startedBeads(town).map((bead) => nextDispatchAt(bead)),
		after(firstLeft(town), staleWorkMs(town)),
		after(lastMove(town), limits.undispatched_ms),
		after(townValue(town, "dispatch_pause")?.until ?? null, 0),
	];
	const coming = times.filter((at) => at !== null && at > town.now()) as number[];
	return coming.length === 0 ? null : Math.min(...coming);
}

/** When open work or an agent last moved, in a container that runs: if nothing starts it, it counts as stuck after a while. */
function lastMove(town: Town): string | null {
	if (townValue(town, "container")?.status !== "running") return null;
	return (
		town.sql.one<{ at: string | null }>(
			`SELECT MAX(at) AS at FROM (SELECT updated_at AS at FROM beads WHERE status = 'open' AND type != 'agent'
				UNION ALL SELECT last_activity_at FROM agent_metadata)`,
		)?.at ?? null
	);
}

/** When the last agent stopped to work in a container that runs: without work it is soon one that costs for nothing. */
function lastWork(town: Town): string | null {
	const container = townValue(town, "container");
	if (container?.status !== "running") return null;
	const last = town.sql.one<{ at: string | null }>("SELECT MAX(status_since) AS at FROM agent_metadata")?.at;
	return last && last > container.since ? last : container.since;
}

/** Beads that may back off from their last start. */
const startedBeads = (town: Town) =>
	listRows(town.sql, beads, "WHERE status = 'open' AND dispatch_attempts > 0");

const staleWorkMs = (town: Town): number => thresholdsOf(townValue(town, "config")).stale_work_ms;

/** When the oldest of what was given to an agent a moment ago was given: after a while it counts as left. */
const firstLeft = (town: Town): string | null =>
	town.sql.one<{ at: string | null }>(
		`SELECT MIN(updated_at) AS at FROM beads WHERE updated_at > ?
			AND (status = 'in_progress' OR (status = 'open' AND assignee_agent_bead_id IS NOT NULL))`,
		new Date(town.now() - staleWorkMs(town)).toISOString(),
	)?.at ?? null;
