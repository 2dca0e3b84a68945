import {
	type Bead, type BeadMove, type BeadStatus, beadDependencies, beads, convoyMetadata, escalationMetadata,
	type FailureReason, isTerminal, moveBead, moveTowards,
} from "../../shared/gastown/index.ts"; // biome-ignore format: a list
import type { MethodArgs } from "../../shared/ingest/index.ts";
import { redactDeep } from "../../shared/redaction/index.ts";
import { findAgent } from "./agents.ts";
import { agentsHookedTo, takeOff } from "./hooks.ts";
import { recordBeadEvent } from "./journal.ts";
import { findRig } from "./rigs.ts";
import { getRow, insertRow, listRows, updateRow } from "./rows.ts";
import { fail, failMove, isoNow, ok, type Result, type Town } from "./town.ts";

export const findBead = (town: Town, id: string): Bead | null => getRow(town.sql, beads, id);

export function needBead(town: Town, id: string): Result<Bead> {
	const bead = findBead(town, id);
	return bead ? ok(bead) : fail("no-such-bead", `There is no bead "${id}" in this town.`, { id });
}

/** Creates a bead that is open. Escalations and convoys get their satellite row; merge requests come from `agentDone`. */
export function createBead(town: Town, args: MethodArgs<"createBead">): Result<Bead> {
	const id = args.id ?? town.uuid();
	if (findBead(town, id)) return fail("exists", `There is a bead "${id}" already.`, { id });
	if (args.rig_id !== null && !findRig(town, args.rig_id))
		return fail("no-such-rig", `There is no rig "${args.rig_id}" in this town.`, { id: args.rig_id });
	if (args.parent_bead_id !== null && !findBead(town, args.parent_bead_id))
		return fail("no-such-bead", `There is no parent bead "${args.parent_bead_id}".`, {
			id: args.parent_bead_id,
		});
	const assignee = args.assignee_agent_bead_id;
	if (assignee !== null && !findAgent(town, assignee))
		return fail("no-such-agent", `There is no agent "${assignee}" to assign.`, { id: assignee });
	return ok(insertBead(town, { ...args, id }));
}

/** Writes the row of a new bead, its words redacted (FEED-6), with its history; the caller has checked what it names. */
export function insertBead(
	town: Town,
	args: Omit<MethodArgs<"createBead">, "type" | "id"> & { id: string; type: Bead["type"] },
): Bead {
	const { id, title, body, labels, metadata, ...columns } = args;
	// Ids stay what they are, whatever they look like: other rows name them.
	const words = redactDeep({ title, body, labels, metadata }) as Pick<
		typeof args,
		"title" | "body" | "labels" | "metadata"
	>;
	const at = isoNow(town);
	insertRow(town.sql, beads, {
		bead_id: id,
		...columns,
		...words,
		created_at: at,
		updated_at: at,
		status_since: at,
	});
	if (args.type === "convoy") insertRow(town.sql, convoyMetadata, { bead_id: id });
	if (args.type === "escalation") {
		const severity = words.labels.find((label) => label.startsWith("severity:"))?.slice(9) ?? args.priority;
		insertRow(town.sql, escalationMetadata, { bead_id: id, severity });
	}
	recordBeadEvent(town, { bead_id: id, event_type: "created", new_value: "open", by: args.created_by });
	if (args.assignee_agent_bead_id !== null)
		recordBeadEvent(town, {
			bead_id: id,
			event_type: "assigned",
			by: args.assignee_agent_bead_id,
			new_value: args.assignee_agent_bead_id,
		});
	return findBead(town, id) as Bead;
}

type MoveOptions = {
	/** Agent or person who did it. */
	by?: string | null;
	reason?: FailureReason;
	/** Other columns to change with the status. */
	patch?: Partial<Bead>;
};

/**
 * Moves a bead by its transition table and writes its history. Hooks are not touched: callers that end or release a bead
 * take its agents off first or use `endBead`. A move that keeps the status writes only the patch.
 */
export function applyMove(town: Town, bead: Bead, move: BeadMove, options: MoveOptions = {}): Result<Bead> {
	const moved = moveBead(bead.status, move);
	if (!moved.ok) return failMove(moved, bead.bead_id);
	const at = isoNow(town);
	const changed = moved.to !== bead.status;
	const reason = options.reason && (redactDeep(options.reason) as FailureReason);
	updateRow(town.sql, beads, [bead.bead_id], {
		...options.patch,
		...(changed
			? {
					status: moved.to,
					status_since: at,
					closed_at: isTerminal(moved.to) ? at : null,
					metadata: withReason(options.patch?.metadata ?? bead.metadata, moved.to, reason),
				}
			: {}),
		updated_at: at,
	});
	if (changed)
		recordBeadEvent(town, {
			bead_id: bead.bead_id,
			event_type: moved.to === "closed" ? "closed" : "status_changed",
			by: options.by,
			old_value: bead.status,
			new_value: moved.to,
			metadata: reason ? { move, failure_reason: reason } : { move },
		});
	return ok(findBead(town, bead.bead_id) as Bead);
}

/** `metadata.failure_reason` is there exactly while the bead is failed with one. Metadata of another shape is left alone. */
function withReason(metadata: unknown, to: BeadStatus, reason: FailureReason | undefined) {
	if (typeof metadata !== "object" || metadata === null || Array.isArray(metadata)) return undefined;
	const { failure_reason: _, ...rest } = metadata as Record<string, unknown>;
	return to === "failed" && reason ? { ...rest, failure_reason: reason } : rest;
}

/** Ends a bead (`close`, `fail`, `crash`, `timeout`, `exhaust`, `merge`, `finish`) and takes every agent off it (LEDGER-12). */
export function endBead(town: Town, bead: Bead, move: BeadMove, options: MoveOptions = {}): Result<Bead> {
	const ended = applyMove(town, bead, move, options);
	if (!ended.ok) return ended;
	for (const agent of agentsHookedTo(town, bead.bead_id)) takeOff(town, agent, "drop", { reason: move });
	return ok(findBead(town, bead.bead_id) as Bead);
}

/** Back from an end: open, unassigned, its attempts cleared so that it can be dispatched again. */
export function reopenBead(town: Town, bead: Bead, by: string | null = null): Result<Bead> {
	return applyMove(town, bead, "reopen", {
		by,
		patch: {
			assignee_agent_bead_id: null,
			dispatch_attempts: 0,
			last_dispatch_attempt_at: null,
			last_dispatch_error: null,
		},
	});
}

/** Open again without its agents: they are taken off, the bead keeps no assignee. */
export function releaseBead(town: Town, bead: Bead, by: string | null, reason: string): Result<Bead> {
	for (const agent of agentsHookedTo(town, bead.bead_id)) takeOff(town, agent, "unhook", { reason });
	const now = findBead(town, bead.bead_id) as Bead;
	return applyMove(town, now, "release", { by, patch: { assignee_agent_bead_id: null } });
}

/** Moves a bead to a named status (domain.md §2.2). The same status is refused as `no-change`, an illegal move by name. */
export function updateBeadStatus(town: Town, args: MethodArgs<"updateBeadStatus">): Result<Bead> {
	const found = needBead(town, args.bead_id);
	if (!found.ok) return found;
	const bead = found.value;
	if (bead.status === args.status)
		return fail("no-change", `The bead is "${bead.status}" already.`, {
			id: bead.bead_id,
			status: bead.status,
		});
	const move = moveTowards(bead.status, args.status);
	const by = args.actor;
	const hooked = agentsHookedTo(town, bead.bead_id);
	if (move === "dispatch" && hooked.length === 0)
		return fail("no-hook", "A bead that no agent has on its hook cannot be in progress.", {
			id: bead.bead_id,
		});
	if (move === "reopen") return reopenBead(town, bead, by);
	if (move === "release") return releaseBead(town, bead, by, "updateBeadStatus");
	if (move === "close" || move === "fail")
		return endBead(town, bead, move, { by, reason: args.failure_reason });
	const moved = applyMove(town, bead, move, { by });
	if (!moved.ok || move !== "submit") return moved;
	for (const agent of hooked) takeOff(town, agent, "done", { reason: "updateBeadStatus", agentMove: "done" });
	return moved;
}

export function closeBead(town: Town, args: MethodArgs<"closeBead">): Result<Bead> {
	const found = needBead(town, args.bead_id);
	return found.ok ? endBead(town, found.value, "close", { by: args.actor }) : found;
}

/** Erases a bead that nobody works on, with its dependencies. Its convoys' history says who did it. */
export function deleteBead(town: Town, { bead_id, actor }: MethodArgs<"deleteBead">): Result<null> {
	const found = needBead(town, bead_id);
	if (!found.ok) return found;
	const { type } = found.value;
	if (type !== "issue")
		return fail("wrong-type", `Bead "${bead_id}" is ${type}: only work is deleted.`, { id: bead_id, type });
	if (agentsHookedTo(town, bead_id).length > 0)
		return fail("at-work", "An agent works on this bead: take it off first.", { id: bead_id });
	const mine = listRows(town.sql, beadDependencies, "WHERE bead_id = ?", bead_id);
	for (const { depends_on_bead_id } of mine.filter(({ dependency_type }) => dependency_type === "tracks"))
		recordBeadEvent(town, {
			...{ bead_id: depends_on_bead_id, event_type: "fields_updated", by: actor, new_value: bead_id },
			metadata: { fields: ["members"], member: "deleted" },
		});
	town.sql.run("DELETE FROM bead_dependencies WHERE bead_id = ? OR depends_on_bead_id = ?", bead_id, bead_id);
	town.sql.run("DELETE FROM beads WHERE bead_id = ?", bead_id);
	return ok(null);
}

/** Changes fields of a bead; what would change nothing is refused as `no-change`. */
export function updateBead(town: Town, args: MethodArgs<"updateBead">): Result<Bead> {
	const found = needBead(town, args.bead_id);
	if (!found.ok) return found;
	const bead = found.value;
	const fields = redactDeep(args.fields) as typeof args.fields;
	const names = Object.keys(fields) as (keyof typeof fields)[];
	const differs = names.filter((name) => JSON.stringify(bead[name]) !== JSON.stringify(fields[name]));
	if (differs.length === 0)
		return fail("no-change", "The bead has these values already.", { id: bead.bead_id });
	updateRow(town.sql, beads, [bead.bead_id], { ...fields, updated_at: isoNow(town) });
	recordBeadEvent(town, {
		bead_id: bead.bead_id,
		event_type: "fields_updated",
		by: args.actor,
		old_value: differs.includes("priority") ? bead.priority : null,
		new_value: differs.includes("priority") ? (fields.priority ?? null) : null,
		metadata: { fields: differs },
	});
	return ok(findBead(town, bead.bead_id) as Bead);
}

/** Sets the assignee of a bead that nobody has on the hook; hooks are moved by `hookBead` and `unhookBead`. */
export function assignBead(town: Town, bead: Bead, agentId: string | null): Bead {
	if (bead.assignee_agent_bead_id === agentId) return bead;
	updateRow(town.sql, beads, [bead.bead_id], { assignee_agent_bead_id: agentId, updated_at: isoNow(town) });
	recordBeadEvent(town, {
		bead_id: bead.bead_id,
		event_type: "assigned",
		by: agentId,
		old_value: bead.assignee_agent_bead_id,
		new_value: agentId,
	});
	return findBead(town, bead.bead_id) as Bead;
}

/** `blocks`: bead waits for the other. Refused where it would close a cycle of blockers. */
export function addDependency(town: Town, args: MethodArgs<"addDependency">): Result<null> {
	const { bead_id, depends_on_bead_id, dependency_type } = args;
	for (const id of [bead_id, depends_on_bead_id]) {
		const found = needBead(town, id);
		if (!found.ok) return found;
	}
	if (getRow(town.sql, beadDependencies, bead_id, depends_on_bead_id))
		return fail("exists", "This dependency is there already.", { bead_id, depends_on_bead_id });
	if (dependency_type === "blocks" && waitsFor(town, depends_on_bead_id, bead_id))
		return fail("cycle", "The blocker waits for this bead already: neither could ever start.", {
			bead_id,
			depends_on_bead_id,
		});
	insertRow(town.sql, beadDependencies, { bead_id, depends_on_bead_id, dependency_type });
	noteDependency(town, bead_id, depends_on_bead_id, "added");
	return ok(null);
}

export function removeDependency(town: Town, args: MethodArgs<"removeDependency">): Result<null> {
	const { bead_id, depends_on_bead_id } = args;
	if (!getRow(town.sql, beadDependencies, bead_id, depends_on_bead_id))
		return fail("no-such-dependency", "There is no such dependency.", { bead_id, depends_on_bead_id });
	town.sql.run(
		"DELETE FROM bead_dependencies WHERE bead_id = ? AND depends_on_bead_id = ?",
		bead_id,
		depends_on_bead_id,
	);
	noteDependency(town, bead_id, depends_on_bead_id, "removed");
	return ok(null);
}

const noteDependency = (town: Town, bead_id: string, other: string, what: string) =>
	recordBeadEvent(town, {
		bead_id,
		event_type: "fields_updated",
		new_value: other,
		metadata: { fields: ["dependencies"], dependency: what },
	});

/** Whether `bead` waits for `other`, directly or through others. */
function waitsFor(town: Town, bead: string, other: string): boolean {
	const seen = town.sql.all<{ id: string }>(
		`WITH RECURSIVE chain(id) AS (
			SELECT ? UNION
			SELECT d.depends_on_bead_id FROM bead_dependencies d JOIN chain ON d.bead_id = chain.id
			WHERE d.dependency_type = 'blocks')
		 SELECT id FROM chain WHERE id = ?`,
		bead,
		other,
	);
	return seen.length > 0;
}

/** Beads that an agent still owes: assigned to it and not ended. */
export const liveBeadsOf = (town: Town, agentId: string): Bead[] =>
	listRows(
		town.sql,
		beads,
		"WHERE assignee_agent_bead_id = ? AND status NOT IN ('closed', 'failed') AND type != 'agent'",
		agentId,
	);
