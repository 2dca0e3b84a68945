import { agentNudges, beads, rigs } from "../../shared/gastown/index.ts";
import type { MethodArgs } from "../../shared/ingest/index.ts";
import { getRow, listRows } from "./rows.ts";
import { insertNudge } from "./scheduler/perform/agents.ts";
import { fail, ok, type Result, type Town } from "./town.ts";

/** A message waits for the mayor; the scheduler gives it a session where it has none (MAYOR-1). */
export function sendMayorMessage(
	town: Town,
	args: MethodArgs<"sendMayorMessage">,
): Result<{ nudge_id: string; session: string }> {
	const mayor = livingMayor(town);
	if (!mayor) return fail("no-mayor", "This town has no mayor.");
	const id = args.id ?? town.uuid();
	if (getRow(town.sql, agentNudges, id)) return fail("exists", `There is a message "${id}" already.`, { id });
	insertNudge(town, { id, agent: mayor.id, message: args.message, source: "user" });
	return ok({ nudge_id: id, session: mayor.status === "idle" ? "starting" : "active" });
}

/**
 * The town itself has something to say to its mayor. It waits for the mayor's next session and wakes no container: that would
 * cost the owner money (domain.md §2.9).
 */
export function tellMayor(town: Town, note: { message: string; source: string }): void {
	const mayor = livingMayor(town);
	if (mayor) insertNudge(town, { ...note, id: town.uuid(), agent: mayor.id, mode: "queue" });
}

const livingMayor = (town: Town): { id: string; status: string } | null =>
	town.sql.one(
		"SELECT bead_id AS id, status FROM agent_metadata WHERE role = 'mayor' AND status != 'dead' LIMIT 1",
	);

/** Beads as users and mayors see them, newest first. */
export function listBeads(town: Town, args: MethodArgs<"listBeads">): Result<{ beads: unknown[] }> {
	const { status, type, rig_id, limit } = args;
	const rows = listRows(
		town.sql,
		beads,
		"WHERE type != 'agent' AND coalesce(status = ?, 1) AND coalesce(type = ?, 1) AND coalesce(rig_id = ?, 1) ORDER BY created_at DESC LIMIT ?",
		...[status, type, rig_id, limit],
	);
	return ok({
		beads: rows.map(
			({
				bead_id,
				title,
				type,
				status,
				priority,
				rig_id,
				created_at,
				closed_at,
				assignee_agent_bead_id,
			}) => ({
				...{ bead_id, title, type, status, priority, rig_id, created_at, closed_at, assignee_agent_bead_id },
			}),
		),
	});
}

export const listRigs = (town: Town): Result<{ rigs: unknown[] }> =>
	ok({
		rigs: listRows(town.sql, rigs, "ORDER BY name").map(({ id, name, git_url, default_branch }) => ({
			id,
			name,
			git_url,
			default_branch,
		})),
	});
