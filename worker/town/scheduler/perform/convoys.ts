import { beadDependencies, convoyMetadata, reviewMetadata } from "../../../../shared/gastown/index.ts";
import { endBead, insertBead, needBead } from "../../beads.ts";
import { mayMove } from "../../convoys.ts";
import { findRig } from "../../rigs.ts";
import { insertRow, updateRow } from "../../rows.ts";
import { isoNow, ok, type Result } from "../../town.ts";
import type { Action } from "../actions.ts";
import { act, type SchedulerHost } from "../host.ts";

type Of<T extends Action["type"]> = Extract<Action, { type: T }>;

export const updateConvoy = (
	host: SchedulerHost,
	{ convoy, total_beads, closed_beads }: Of<"update_convoy">,
): Result<unknown> =>
	act(host, "update_convoy", (town) => {
		const found = mayMove(town, convoy, "count");
		if (!found.ok) return found;
		updateRow(town.sql, convoyMetadata, [convoy], { total_beads, closed_beads });
		return ok(null);
	});

export const setReadyToLand = (
	host: SchedulerHost,
	{ convoy, ready }: Of<"set_ready_to_land">,
): Result<unknown> =>
	act(host, "set_ready_to_land", (town) => {
		const found = mayMove(town, convoy, ready ? "get_ready" : "hold");
		if (!found.ok) return found;
		updateRow(town.sql, convoyMetadata, [convoy], { ready_to_land: ready ? 1 : 0 });
		return ok(null);
	});

/** A merge request from the feature branch to the rig's own, like any other but for the convoy that it lands. */
export const createLanding = (host: SchedulerHost, { convoy }: Of<"create_landing">): Result<unknown> =>
	act(host, "create_landing", (town) => {
		const found = needBead(town, convoy);
		if (!found.ok) return found;
		const moved = mayMove(town, convoy, "land");
		if (!moved.ok) return moved;
		const row = moved.value;
		const { title, rig_id, priority } = found.value;
		const id = town.uuid();
		insertBead(town, {
			...{ id, type: "merge_request", title: `Land: ${title}`, body: null, rig_id, created_by: "scheduler" },
			...{ parent_bead_id: null, assignee_agent_bead_id: null, labels: ["gt:merge-request"] },
			priority: priority as "medium",
			metadata: { landing_for: convoy, branch: row.feature_branch },
		});
		insertRow(town.sql, reviewMetadata, {
			...{ bead_id: id, branch: row.feature_branch ?? "" },
			target_branch: (rig_id === null ? null : findRig(town, rig_id))?.default_branch ?? "main",
		});
		insertRow(town.sql, beadDependencies, {
			bead_id: id,
			depends_on_bead_id: convoy,
			dependency_type: "tracks",
		});
		updateRow(town.sql, convoyMetadata, [convoy], {
			...{ landing_attempts: row.landing_attempts + 1, last_landing_attempt_at: isoNow(town) },
		});
		return ok(null);
	});

export const closeConvoy = (host: SchedulerHost, { convoy }: Of<"close_convoy">): Result<unknown> =>
	act(host, "close_convoy", (town) => {
		const moved = mayMove(town, convoy, "finish");
		if (!moved.ok) return moved;
		const found = needBead(town, convoy);
		return found.ok ? endBead(town, found.value, "close", { by: "scheduler" }) : found;
	});

export const failConvoy = (host: SchedulerHost, { convoy, message }: Of<"fail_convoy">): Result<unknown> =>
	act(host, "fail_convoy", (town) => {
		const moved = mayMove(town, convoy, "fail");
		if (!moved.ok) return moved;
		const found = needBead(town, convoy);
		const reason = { code: "landing_failed", message, source: "scheduler" };
		return found.ok ? endBead(town, found.value, "fail", { by: "scheduler", reason }) : found;
	});
