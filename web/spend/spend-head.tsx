import { type ReactNode, useMemo } from "react";
import type { Usage } from "../../shared/gastown/index.ts";
import { useLanes } from "../container/use-lanes.ts";
import { useOpenTown } from "../town/open-town.ts";
import { useJournal } from "../town/use-journal.ts";
import { count, duration, money, plural } from "../ui/index.ts";
import { Cost } from "./amount-table.tsx";
import { amountOf, costPer, tokensOf, wasteOf, workDone } from "./spend.ts";

/** What was spent in all against what came of it. `pace` rises when it is to be read anew. */
export function SpendHead({ usage, pace }: { usage: readonly Usage[]; pace: number }) {
	const { view } = useOpenTown();
	const attempts = useJournal("dispatch_attempts", {});
	const lanes = useLanes();
	const sum = useMemo(() => amountOf(usage), [usage]);
	const waste = useMemo(() => wasteOf(attempts.rows, usage), [attempts.rows, usage]);
	// biome-ignore lint/correctness/useExhaustiveDependencies: the view changes in place; the pace says when it is read
	const work = useMemo(() => workDone(view), [view, pace]);
	return (
		<dl className="grid grid-cols-6 gap-x-6 gap-y-2 px-4 py-3 max-lg:grid-cols-3 max-md:grid-cols-2">
			<Figure name="Spent, an estimate" more={`${count(tokensOf(sum))} tokens`}>
				<span data-spent={sum.cost ?? "unknown"}>
					<Cost of={sum} />
				</span>
			</Figure>
			<Figure name="Per closed bead" more={`${plural(work.closed, "bead")} closed`}>
				<Per cost={costPer(sum, work.closed)} n={work.closed} />
			</Figure>
			<Figure name="Per merged review" more={`${work.merged} merged`}>
				<Per cost={costPer(sum, work.merged)} n={work.merged} />
			</Figure>
			<Figure
				name="Waste: failed attempts"
				more={
					attempts.more === null
						? (attempts.failed ?? "being read")
						: `${waste.n} of ${attempts.rows.length}${attempts.more ? " read back" : ""} failed${
								waste.n > 0 && waste.cost === null && waste.unpriced === 0 ? ", before they used any" : ""
							}`
				}
			>
				{attempts.more === null ? "not seen" : <Cost of={waste} />}
			</Figure>
			<Figure
				name="Uptime without work"
				more={
					lanes ? `of ${duration(lanes.up)}${lanes.whole ? "" : " read back"}` : "its container was not seen"
				}
			>
				{lanes ? duration(lanes.idle) : "not seen"}
			</Figure>
			<Figure name="Agents at work" more={`of ${view.tables.agent_metadata.size}`}>
				{[...view.tables.agent_metadata.values()].filter(({ status }) => status === "working").length}
			</Figure>
		</dl>
	);
}

function Figure({ name, more, children }: { name: string; more: string; children: ReactNode }) {
	return (
		<div className="flex flex-col">
			<dt className="text-tone-quiet text-xs">{name}</dt>
			<dd className="text-lg">{children}</dd>
			<dd className="text-tone-quiet text-xs">{more}</dd>
		</div>
	);
}

const Per = ({ cost, n }: { cost: number | null; n: number }) =>
	cost === null ? <span className="text-tone-quiet">{n === 0 ? "none yet" : "unknown"}</span> : money(cost);
