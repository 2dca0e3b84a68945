import {
	beadDependencies, beads, type ConvoyMetadata, type ConvoyMove, convoyMetadata, convoyState, isTerminal, limitsOf, moveConvoy,
} from "../../shared/gastown/index.ts"; // biome-ignore format: a list
import type { MethodArgs } from "../../shared/ingest/index.ts";
import { addDependency, createBead, endBead, insertBead, needBead, updateBead } from "./beads.ts";
import { recordBeadEvent } from "./journal.ts";
import { findRig } from "./rigs.ts";
import { getRow, insertRow, listRows, updateRow } from "./rows.ts";
import { fail, failMove, ok, type Result, type Town } from "./town.ts";
import { townValue } from "./town-state.ts";

/** Words of a title as part of a branch. */
const slug = (title: string): string =>
	title
		.toLowerCase()
		.replace(/[^a-z0-9]+/g, "-")
		.replace(/^-|-$/g, "")
		.slice(0, 30) || "convoy";

/** A convoy with its members, which follow one another unless they are `parallel` (domain.md §2.8). */
export function slingConvoy(
	town: Town,
	args: MethodArgs<"slingConvoy">,
): Result<{ convoy_id: string; bead_ids: string[] }> {
	const rig = findRig(town, args.rig_id);
	if (!rig) return fail("no-such-rig", `There is no rig "${args.rig_id}" in this town.`, { id: args.rig_id });
	const convoy_id = args.id ?? town.uuid();
	if (getRow(town.sql, beads, convoy_id))
		return fail("exists", `There is a bead "${convoy_id}" already.`, { id: convoy_id });
	const common = {
		...{
			rig_id: args.rig_id,
			parent_bead_id: null,
			assignee_agent_bead_id: null,
			priority: "medium" as const,
		},
		created_by: args.created_by,
	};
	insertBead(town, {
		...common,
		id: convoy_id,
		type: "convoy",
		title: args.title,
		body: null,
		labels: ["gt:convoy"],
		metadata: {},
	});
	updateRow(town.sql, convoyMetadata, [convoy_id], {
		total_beads: args.beads.length,
		feature_branch: `convoy/${slug(args.title)}-${convoy_id.slice(-4)}`,
		merge_mode: args.merge_mode ?? limitsOf(townValue(town, "config"), rig.config).convoy_merge_mode,
		staged: args.staged ? 1 : 0,
	});
	const bead_ids: string[] = [];
	for (const [n, { title, body }] of args.beads.entries()) {
		const id = `${convoy_id}.${n + 1}`;
		const made = createBead(town, {
			...common,
			id,
			type: "issue",
			title,
			body,
			labels: [],
			metadata: { convoy_id },
		});
		if (!made.ok) return made;
		insertRow(town.sql, beadDependencies, {
			bead_id: id,
			depends_on_bead_id: convoy_id,
			dependency_type: "tracks",
		});
		const before = bead_ids.at(-1);
		if (!args.parallel && before) {
			const blocked = addDependency(town, {
				bead_id: id,
				depends_on_bead_id: before,
				dependency_type: "blocks",
			});
			if (!blocked.ok) return blocked;
		}
		bead_ids.push(id);
	}
	return ok({ convoy_id, bead_ids });
}

/** Its members may be dispatched from now on. */
export function startConvoy(town: Town, args: MethodArgs<"startConvoy">): Result<null> {
	const found = mayMove(town, args.convoy_id, "start");
	if (!found.ok) return found;
	updateRow(town.sql, convoyMetadata, [args.convoy_id], { staged: 0 });
	recordBeadEvent(town, {
		bead_id: args.convoy_id,
		event_type: "fields_updated",
		by: args.actor,
		metadata: { fields: ["staged"] },
	});
	return ok(null);
}

export function convoyAddBead(town: Town, args: MethodArgs<"convoyAddBead">): Result<null> {
	const found = mayMove(town, args.convoy_id, "add");
	if (!found.ok) return found;
	const bead = needBead(town, args.bead_id);
	if (!bead.ok) return bead;
	const tracked = addDependency(town, {
		bead_id: args.bead_id,
		depends_on_bead_id: args.convoy_id,
		dependency_type: "tracks",
	});
	if (!tracked.ok) return tracked;
	if (found.value.ready_to_land === 1)
		updateRow(town.sql, convoyMetadata, [args.convoy_id], { ready_to_land: 0 });
	const metadata = { ...bead.value.metadata, convoy_id: args.convoy_id };
	const noted = updateBead(town, { bead_id: args.bead_id, fields: { metadata }, actor: null });
	return noted.ok ? ok(null) : noted;
}

export function convoyRemoveBead(town: Town, args: MethodArgs<"convoyRemoveBead">): Result<null> {
	const { convoy_id, bead_id } = args;
	const found = mayMove(town, convoy_id, "remove");
	if (!found.ok) return found;
	if (!getRow(town.sql, beadDependencies, bead_id, convoy_id))
		return fail("no-such-dependency", "This convoy does not track that bead.", { convoy_id, bead_id });
	town.sql.run(
		"DELETE FROM bead_dependencies WHERE bead_id = ? AND depends_on_bead_id = ?",
		bead_id,
		convoy_id,
	);
	recordBeadEvent(town, {
		bead_id: convoy_id,
		event_type: "fields_updated",
		new_value: bead_id,
		metadata: { fields: ["members"] },
	});
	const bead = getRow(town.sql, beads, bead_id);
	if (bead?.metadata.convoy_id !== convoy_id) return ok(null);
	// Else it would still be held while that convoy is staged, and merged into its branch.
	const { convoy_id: _, ...metadata } = bead.metadata;
	const noted = updateBead(town, { bead_id, fields: { metadata }, actor: null });
	return noted.ok ? ok(null) : noted;
}

/** Ends it with every member that has not ended. */
export function closeConvoy(town: Town, args: MethodArgs<"closeConvoy">): Result<null> {
	const found = mayMove(town, args.convoy_id, "close");
	if (!found.ok) return found;
	const members = listRows(
		town.sql,
		beads,
		"WHERE bead_id IN (SELECT bead_id FROM bead_dependencies WHERE depends_on_bead_id = ? AND dependency_type = 'tracks')",
		args.convoy_id,
	);
	for (const bead of members) {
		if (isTerminal(bead.status)) continue;
		const closed = endBead(town, bead, "close", { by: args.actor });
		if (!closed.ok) return closed;
	}
	const convoy = needBead(town, args.convoy_id);
	if (!convoy.ok) return convoy;
	const closed = endBead(town, convoy.value, "close", { by: args.actor });
	return closed.ok ? ok(null) : closed;
}

/**
 * The row of a convoy that this may happen to now, by its table; else what it is and why not (TOWN-1). `landing` where the
 * caller has just ended the merge request of the whole.
 */
export function mayMove(
	town: Town,
	id: string,
	event: ConvoyMove,
	landing = isLanding(town, id),
): Result<ConvoyMetadata> {
	const row = getRow(town.sql, convoyMetadata, id);
	const bead = getRow(town.sql, beads, id);
	if (!row || !bead) return fail("no-such-convoy", `There is no convoy "${id}" in this town.`, { id });
	const moved = moveConvoy(convoyState(bead, row, landing), event);
	return moved.ok ? ok(row) : failMove(moved, id);
}

/** A merge request of the whole has not ended. */
const isLanding = (town: Town, convoy: string): boolean =>
	listRows(
		town.sql,
		beads,
		"WHERE type = 'merge_request' AND status IN ('open', 'in_progress', 'in_review')",
	).some(({ metadata }) => metadata.landing_for === convoy);
