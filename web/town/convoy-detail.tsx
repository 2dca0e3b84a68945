import { failureOf, shortId, timeOf } from "../../shared/town-view/index.ts";
import { Graph } from "../graph/graph.tsx";
import { look, plural, Status, Time } from "../ui/index.ts";
import { reviewLook } from "../ui/status/review-look.ts";
import { ActionBar } from "./action-bar.tsx";
import { CauseCard } from "./cause-card.tsx";
import type { ConvoyRow } from "./convoy-rows.ts";
import { useOpenTown } from "./open-town.ts";
import { SubjectLink } from "./subject-link.tsx";

/** A convoy whole: counters, what is not closed and why, its landings, and the graph of its members. */
export function ConvoyDetail({ row }: { row: ConvoyRow }) {
	const { bead, convoy, counted, open, missing } = row;
	const differs = counted.total_beads !== convoy.total_beads || counted.closed_beads !== convoy.closed_beads;
	return (
		<div className="flex min-h-0 min-w-0 flex-1 flex-col overflow-y-auto">
			<CauseCard kind="bead" id={bead.bead_id} />
			<h3 className="px-4 pt-3 font-semibold text-lg">
				<SubjectLink subject={{ kind: "bead", id: bead.bead_id }} sign={false} />
			</h3>
			<ActionBar kind="bead" id={bead.bead_id} />
			<dl className="grid grid-cols-[112px_minmax(0,1fr)] gap-x-4 gap-y-1 px-4 pb-2">
				<dt className="text-tone-quiet">Closed</dt>
				<dd className="flex flex-wrap gap-x-3">
					<span>
						{convoy.closed_beads} of {convoy.total_beads} as stored, {counted.closed_beads} of{" "}
						{counted.total_beads} as recounted
					</span>
					{differs ? <Status look={look("differs", "They differ", "warn")} /> : null}
				</dd>
				<dt className="text-tone-quiet">Feature branch</dt>
				<dd className="break-all font-mono text-xs leading-5">{convoy.feature_branch ?? "none"}</dd>
				<dt className="text-tone-quiet">Merge mode</dt>
				<dd>{MODES[convoy.merge_mode ?? ""] ?? convoy.merge_mode ?? "none"}</dd>
				<dt className="text-tone-quiet">Landing</dt>
				<dd>
					<Landings row={row} />
				</dd>
				<dt className="text-tone-quiet">Not closed: {open.length}</dt>
				<dd>
					{open.length === 0 ? "every member that exists is closed" : null}
					<ul>
						{open.map(({ bead: one, why }) => (
							<li key={one.bead_id} className="flex min-h-6 flex-wrap items-center gap-x-2">
								<SubjectLink subject={{ kind: "bead", id: one.bead_id }} />
								<span className="text-tone-quiet">{why}</span>
							</li>
						))}
					</ul>
					{missing.length > 0 ? (
						<p className="text-tone-warn">
							{plural(missing.length, "member")} deleted: {missing.map(shortId).join(", ")}
						</p>
					) : null}
				</dd>
			</dl>
			<div className="min-h-80 flex-1 border-t border-kumo-hairline">
				<Graph root={bead.bead_id} direction="LR" label={`Members of ${bead.title}`} />
			</div>
		</div>
	);
}

const MODES: Record<string, string> = {
	"review-then-land": "members to the feature branch, then the whole is landed",
	"review-and-merge": "each member is merged by itself",
};

/** How often it was tried, and what each try came to. */
function Landings({ row: { convoy, landings } }: { row: ConvoyRow }) {
	const { view } = useOpenTown();
	const landed = timeOf(convoy.landed_at);
	return (
		<>
			<p>
				{landed === null ? (
					`${plural(convoy.landing_attempts, "attempt")}${convoy.ready_to_land === 1 ? ", ready to land" : ""}`
				) : (
					<>
						landed <Time at={landed} />
					</>
				)}
			</p>
			{convoy.last_landing_error ? (
				<p className="break-words text-tone-bad">{convoy.last_landing_error}</p>
			) : null}
			<ol>
				{landings.map((one) => {
					const review = view.tables.review_metadata.get(one.bead_id);
					const at = timeOf(one.created_at);
					return (
						<li key={one.bead_id} className="flex min-h-6 flex-wrap items-center gap-x-3">
							{at === null ? null : <Time at={at} />}
							{review ? <Status look={reviewLook(one, review)} /> : null}
							<SubjectLink subject={{ kind: "bead", id: one.bead_id }} sign={false} />
							<span className="text-tone-bad">{failureOf(one)?.message ?? ""}</span>
						</li>
					);
				})}
			</ol>
		</>
	);
}
