import type { Bead } from "../../shared/gastown/index.ts";
import { beadRow, beadStatusSince } from "../../shared/town-view/selectors.ts";
import { lookOfBead } from "../town/bead-rows.ts";
import { useOpenTown } from "../town/open-town.ts";
import { SubjectLink } from "../town/subject-link.tsx";
import { Duration, look, Status } from "../ui/index.ts";

/** How it stands and since when, what it is, who has it: one line of figures. */
export function BeadHead({ bead }: { bead: Bead }) {
	const { view, sight } = useOpenTown();
	const row = beadRow(view, bead);
	const since = beadStatusSince(view, bead);
	return (
		<div className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2">
			<span className="flex gap-2">
				<Status look={lookOfBead(view, bead.bead_id, sight)} />
				{since.at === null ? null : (
					<span className="flex gap-1">
						{since.exact ? null : <span className="text-tone-quiet">at least</span>}
						<Duration since={since.at} className="!min-w-0" />
					</span>
				)}
			</span>
			<span className="text-tone-quiet">
				{bead.type.replaceAll("_", " ")} · {row.rigName ? `rig ${row.rigName}` : "no rig"} · {bead.priority}{" "}
				priority
			</span>
			<span className="flex gap-1.5">
				{row.hookedBy.length > 0 ? (
					<>
						<span className="text-tone-quiet">hooked by</span>
						{row.hookedBy.map((agent) => (
							<SubjectLink key={agent.bead_id} subject={{ kind: "agent", id: agent.bead_id }} />
						))}
					</>
				) : (
					<span className="text-tone-quiet">nobody works on it</span>
				)}
			</span>
			{bead.assignee_agent_bead_id ? (
				<span className="flex gap-1.5">
					<span className="text-tone-quiet">assigned to</span>
					<SubjectLink subject={{ kind: "agent", id: bead.assignee_agent_bead_id }} />
				</span>
			) : null}
			{row.odd ? (
				<Status look={look("unknown", "A column has a value this page does not know", "warn")} />
			) : null}
		</div>
	);
}
