import type { ReactNode } from "react";
import { blockedBy, blockersOf, convoysOf, trackersOf } from "../../shared/town-view/index.ts";
import { Graph } from "../graph/graph.tsx";
import { useOpenTown } from "../town/open-town.ts";
import { SubjectLink } from "../town/subject-link.tsx";
import { look, Status } from "../ui/index.ts";

/** What it waits for, what waits for it, and what it belongs to; each a link. */
export function Dependencies({ id }: { id: string }) {
	const { view } = useOpenTown();
	const blockers = blockersOf(view, id);
	const blocked = blockedBy(view, id);
	const convoys = convoysOf(view, id);
	const trackers = trackersOf(view, id);
	const parent = view.tables.beads.get(id)?.parent_bead_id;
	if (blockers.length + blocked.length + convoys.length + trackers.length === 0 && !parent)
		return <p className="text-tone-quiet">none</p>;
	const linked = blockers.length + blocked.length > 0;
	return (
		<>
			<dl className="grid grid-cols-[96px_minmax(0,1fr)] gap-x-3 gap-y-1">
				<Group name="Depends on">
					{blockers.map((blocker) =>
						blocker.bead ? (
							<SubjectLink key={blocker.id} subject={{ kind: "bead", id: blocker.id }} />
						) : (
							<Status key={blocker.id} look={look("gone", `${blocker.id.slice(0, 8)} is missing`, "quiet")} />
						),
					)}
				</Group>
				<Group name="Blocks">
					{blocked.map((one) => (
						<SubjectLink key={one} subject={{ kind: "bead", id: one }} />
					))}
				</Group>
				<Group name="Convoy">
					{convoys.map((bead) => (
						<SubjectLink key={bead.bead_id} subject={{ kind: "bead", id: bead.bead_id }} />
					))}
				</Group>
				<Group name="Tracked by">
					{trackers.map((bead) => (
						<SubjectLink key={bead.bead_id} subject={{ kind: "bead", id: bead.bead_id }} />
					))}
				</Group>
				<Group name="Part of">
					{parent ? [<SubjectLink key={parent} subject={{ kind: "bead", id: parent }} />] : []}
				</Group>
			</dl>
			{linked ? (
				<div className="mt-2 h-72 border border-kumo-hairline">
					<Graph root={id} direction="TB" label="What it waits for and what waits for it" />
				</div>
			) : null}
		</>
	);
}

function Group({ name, children }: { name: string; children: ReactNode[] }) {
	if (children.length === 0) return null;
	return (
		<>
			<dt className="text-tone-quiet">{name}</dt>
			<dd className="flex min-w-0 flex-col items-start">{children}</dd>
		</>
	);
}
