import type { Usage } from "../../shared/gastown/index.ts";
import { rowsOf } from "../../shared/town-view/index.ts";
import { AmountTable, Cost as Spent } from "../spend/amount-table.tsx";
import { amountOf, amountsBy } from "../spend/spend.ts";
import { costOf } from "../town/bead-rows.ts";
import { useOpenTown } from "../town/open-town.ts";
import { SubjectLink } from "../town/subject-link.tsx";
import { count, Money } from "../ui/index.ts";

/** What a bead or an agent has cost, by attempt and model: absolute totals as the agents report them (STREAM-4). */
export function Cost({ side, id }: { side: "bead" | "agent"; id: string }) {
	const { view } = useOpenTown();
	const keys = (side === "bead" ? view.indexes.usageByBead : view.indexes.usageByAgent).get(id);
	const rows = rowsOf<"usage">(view.tables.usage, keys).sort((a, b) => (a.at < b.at ? 1 : -1));
	const sum = costOf(view, keys);
	if (sum === null) return <p className="text-tone-quiet">not seen: no usage was reported</p>;
	return (
		<>
			<p>
				<Money dollars={sum} /> <span className="text-tone-quiet">estimate</span>
			</p>
			{side === "agent" && rows.length > 1 ? <ByBead rows={rows} /> : null}
			<table className="w-full">
				<thead>
					<tr className="text-left text-tone-quiet text-xs">
						<th className="font-medium">{side === "bead" ? "Agent" : "Bead"}</th>
						<th className="font-medium">Model</th>
						<th className="text-right font-medium">In</th>
						<th className="text-right font-medium">Out</th>
						<th className="text-right font-medium">Cached</th>
						<th className="text-right font-medium">$</th>
					</tr>
				</thead>
				<tbody>
					{rows.map((row) => (
						<tr key={`${row.attempt_id} ${row.model}`}>
							<td className="max-w-32">
								<Other side={side} usage={row} />
							</td>
							<td className="max-w-40 truncate" title={row.model}>
								{row.model}
							</td>
							<td className="text-right">{count(row.input_tokens)}</td>
							<td className="text-right">{count(row.output_tokens + row.reasoning_tokens)}</td>
							<td className="text-right">{count(row.cache_read_tokens)}</td>
							<td className="text-right">
								<Spent of={amountOf([row])} column />
							</td>
						</tr>
					))}
				</tbody>
			</table>
		</>
	);
}

/** What each bead got of it, the dearest first. */
function ByBead({ rows }: { rows: readonly Usage[] }) {
	const attempts = (bead: string) =>
		new Set(rows.filter(({ bead_id }) => (bead_id ?? "") === bead).map(({ attempt_id }) => attempt_id)).size;
	return (
		<div className="mb-2">
			<AmountTable
				label="Spend by bead"
				of="Bead"
				rows={amountsBy(rows, ({ bead_id }) => bead_id ?? "")}
				name={(bead) =>
					bead === "" ? "without a bead" : <SubjectLink subject={{ kind: "bead", id: bead }} sign={false} />
				}
				more={[{ head: "Attempts", value: ({ key }) => attempts(key) }]}
			/>
		</div>
	);
}

function Other({ side, usage }: { side: "bead" | "agent"; usage: Usage }) {
	if (side === "bead") return <SubjectLink subject={{ kind: "agent", id: usage.agent_id }} sign={false} />;
	return usage.bead_id ? (
		<SubjectLink subject={{ kind: "bead", id: usage.bead_id }} sign={false} />
	) : (
		<span>none</span>
	);
}
