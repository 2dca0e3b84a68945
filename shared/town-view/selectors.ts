import { type Agent, type Bead, isTerminal, MAX_DISPATCH_ATTEMPTS } from "../gastown/index.ts";
import { rowsOf } from "./lookup.ts";
import { timeOf } from "./readers.ts";
import type { TownView } from "./town-view.ts";

/** The name of an agent: the title of its bead, else its identity; an agent that is gone by its short id. */
export function agentName(view: TownView, agentId: string): string {
	const title = view.tables.beads.get(agentId)?.title;
	return title || view.tables.agent_metadata.get(agentId)?.identity || shortId(agentId);
}

export const beadTitle = (view: TownView, beadId: string): string =>
	view.tables.beads.get(beadId)?.title || shortId(beadId);

/** How often a bead of this rig may be started: the rig's own limit, else Gastown's (domain.md §2.5). */
export function maxAttempts(view: TownView, rigId: string | null): number {
	const config: unknown = rigId === null ? null : view.tables.rigs.get(rigId)?.config;
	const own = (config as Record<string, unknown> | null | undefined)?.max_dispatch_attempts;
	return typeof own === "number" && own > 0 ? own : MAX_DISPATCH_ATTEMPTS;
}

/** The first eight characters, as the lists show ids. */
export const shortId = (id: string): string => id.slice(0, 8);

/** Since when a bead is in its status. `exact` where its row says it or the change was seen; else its last change, which may be later. */
export function beadStatusSince(view: TownView, bead: Bead): { at: number | null; exact: boolean } {
	const kept = timeOf(bead.status_since);
	if (kept !== null) return { at: kept, exact: true };
	const seen = view.statusSince.get(`beads/${bead.bead_id}`);
	if (seen !== undefined) return { at: seen, exact: true };
	const closed = timeOf(bead.closed_at);
	if (closed !== null && isTerminal(bead.status)) return { at: closed, exact: true };
	return { at: timeOf(bead.updated_at), exact: bead.updated_at === bead.created_at };
}

/** Since when an agent is in its status, where it was seen to change or is known from the row; null where it is not known. */
export function agentStatusSince(view: TownView, agent: Agent): number | null {
	const kept = timeOf(agent.status_since);
	if (kept !== null) return kept;
	const seen = view.statusSince.get(`agent_metadata/${agent.bead_id}`);
	return seen ?? (agent.status === "stalled" ? timeOf(agent.stalled_at) : null);
}

export type BeadRow = {
	bead: Bead;
	rigName: string | null;
	/** Agents hooked to it; more than one only where the town is inconsistent. */
	hookedBy: Agent[];
	assigneeName: string | null;
	since: number | null;
	sinceExact: boolean;
	/** Blockers that have not closed. */
	openBlockers: number;
	/** A column of the row was not as described. */
	odd: boolean;
};

/** One line of the State tab. */
export function beadRow(view: TownView, bead: Bead): BeadRow {
	const id = bead.bead_id;
	const since = beadStatusSince(view, bead);
	return {
		bead,
		rigName: bead.rig_id === null ? null : (view.tables.rigs.get(bead.rig_id)?.name ?? shortId(bead.rig_id)),
		hookedBy: rowsOf<"agent_metadata">(view.tables.agent_metadata, view.indexes.agentsByHook.get(id)),
		assigneeName: bead.assignee_agent_bead_id ? agentName(view, bead.assignee_agent_bead_id) : null,
		since: since.at,
		sinceExact: since.exact,
		openBlockers: blockersOf(view, id).filter((blocker) => blocker.bead?.status !== "closed").length,
		odd: view.odd.has(`beads/${id}`),
	};
}

/** `bead` is undefined where the blocker was deleted. */
export type Blocker = { id: string; bead: Bead | undefined };

/** What a bead waits for directly, by its `blocks` dependencies. */
export const blockersOf = (view: TownView, beadId: string): Blocker[] =>
	rowsOf<"bead_dependencies">(view.tables.bead_dependencies, view.indexes.dependencies.get(beadId))
		.filter((dependency) => dependency.dependency_type === "blocks")
		.map(({ depends_on_bead_id: id }) => ({ id, bead: view.tables.beads.get(id) }));

/** What waits directly for a bead. */
export const blockedBy = (view: TownView, beadId: string): string[] =>
	rowsOf<"bead_dependencies">(view.tables.bead_dependencies, view.indexes.dependents.get(beadId))
		.filter((dependency) => dependency.dependency_type === "blocks")
		.map((dependency) => dependency.bead_id);

/** Beads that track a convoy, or merge requests that track a source bead (domain.md §1.3). */
export const trackersOf = (view: TownView, beadId: string): Bead[] =>
	rowsOf<"bead_dependencies">(view.tables.bead_dependencies, view.indexes.dependents.get(beadId))
		.filter((dependency) => dependency.dependency_type === "tracks")
		.flatMap((dependency) => view.tables.beads.get(dependency.bead_id) ?? []);

/** What a bead tracks: its convoys, or for a merge request the work that it brings in and what it lands. */
export const trackedBy = (view: TownView, beadId: string): Bead[] =>
	rowsOf<"bead_dependencies">(view.tables.bead_dependencies, view.indexes.dependencies.get(beadId))
		.filter((dependency) => dependency.dependency_type === "tracks")
		.flatMap((dependency) => view.tables.beads.get(dependency.depends_on_bead_id) ?? []);

/** Convoys that a bead belongs to. */
export const convoysOf = (view: TownView, beadId: string): Bead[] =>
	trackedBy(view, beadId).filter((bead) => bead.type === "convoy");

export type BlockerEnd = "open" | "failed" | "missing" | "cycle";

/**
 * The chain of blockers from a bead down to the one that can be acted on: the worst first (cycle, missing, failed, then
 * open), ids in order without the bead itself. Null where nothing blocks it.
 */
export function blockerChain(view: TownView, beadId: string): { path: string[]; end: BlockerEnd } | null {
	const parent = new Map<string, string | null>([[beadId, null]]);
	const queue = [beadId];
	const found: { id: string; end: BlockerEnd; from: string }[] = [];
	for (let from = queue.shift(); from !== undefined; from = queue.shift()) {
		let waits = false;
		for (const { id, bead } of blockersOf(view, from)) {
			if (bead?.status === "closed") continue;
			waits = true;
			if (isAbove(parent, from, id)) found.push({ id, end: "cycle", from });
			else if (!bead) found.push({ id, end: "missing", from });
			else if (bead.status === "failed") found.push({ id, end: "failed", from });
			else if (!parent.has(id)) {
				parent.set(id, from);
				queue.push(id);
			}
		}
		if (!waits && from !== beadId) found.push({ id: from, end: "open", from: parent.get(from) ?? beadId });
	}
	const [worst] = found.sort((a, b) => ENDS.indexOf(a.end) - ENDS.indexOf(b.end));
	if (!worst) return null;
	const path = [worst.id];
	for (let id: string | null = worst.from; id !== null && id !== beadId; id = parent.get(id) ?? null)
		path.unshift(id);
	return { path, end: worst.end };
}
const ENDS: readonly BlockerEnd[] = ["cycle", "missing", "failed", "open"];

/** True when `id` is `from` or stands above it: following it again would go round. */
function isAbove(parent: ReadonlyMap<string, string | null>, from: string, id: string): boolean {
	for (let above: string | null = from; above !== null; above = parent.get(above) ?? null)
		if (above === id) return true;
	return false;
}
