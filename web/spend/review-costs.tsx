import { useMemo } from "react";
import { Section } from "../bead/section.tsx";
import { TownExport } from "../export/town-export.tsx";
import { useOpenTown } from "../town/open-town.ts";
import { SubjectLink } from "../town/subject-link.tsx";
import { useNames } from "../town/use-names.ts";
import { count } from "../ui/index.ts";
import { Cost } from "./amount-table.tsx";
import { type ReviewCost, reviewCosts, tokensOf } from "./spend.ts";
import { reviewExport } from "./spend-export.ts";

const SHOWN = 12;

/** How often each merge request was reviewed, and what that cost. `pace` rises when it is to be read anew. */
export function ReviewCosts({ pace }: { pace: number }) {
	const { view } = useOpenTown();
	const nameOf = useNames();
	// biome-ignore lint/correctness/useExhaustiveDependencies: the view changes in place; the pace says when it is read
	const rows = useMemo(() => reviewCosts(view), [view, pace]);
	const columns = useMemo(() => reviewExport(nameOf), [nameOf]);
	return (
		<Section
			title="Reviews of each merge request"
			tools={<TownExport of="spend-by-review" columns={columns} rows={rows} />}
		>
			{rows.length === 0 ? (
				<p className="text-tone-quiet">No review has used anything yet.</p>
			) : (
				<Table rows={rows} />
			)}
		</Section>
	);
}

function Table({ rows }: { rows: readonly ReviewCost[] }) {
	return (
		<>
			<table className="w-full table-fixed" aria-label="Reviews and their cost by merge request">
				<thead>
					<tr className="text-right text-tone-quiet text-xs">
						<th scope="col" className="text-left font-medium">
							Merge request
						</th>
						<th scope="col" className="w-20 font-medium">
							Reviews
						</th>
						<th scope="col" className="w-24 font-medium max-md:w-16">
							Tokens
						</th>
						<th scope="col" className="w-24 font-medium max-md:w-16">
							$
						</th>
					</tr>
				</thead>
				<tbody>
					{rows.slice(0, SHOWN).map((row) => (
						<tr key={row.request} className="h-7 border-kumo-hairline border-b text-right">
							<th scope="row" className="truncate text-left font-normal">
								<SubjectLink subject={{ kind: "bead", id: row.request }} sign={false} />
							</th>
							<td>{row.reviews}</td>
							<td>{count(tokensOf(row))}</td>
							<td>
								<Cost of={row} column />
							</td>
						</tr>
					))}
				</tbody>
			</table>
			{rows.length > SHOWN ? (
				<p className="pt-1 text-tone-quiet text-xs">and {rows.length - SHOWN} with fewer reviews</p>
			) : null}
		</>
	);
}
