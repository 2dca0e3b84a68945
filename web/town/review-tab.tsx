import { useMemo } from "react";
import { queued, REVIEW_EXPORT } from "../export/columns.ts";
import { TownExport } from "../export/town-export.tsx";
import { formatSelection, parseSelection, type TownSearch } from "../routes/address.ts";
import { ActionButton, plural } from "../ui/index.ts";
import { ActionDock } from "./action-dock.tsx";
import { BulkBar } from "./bulk-bar.tsx";
import { BulkDock } from "./bulk-dock.tsx";
import { useOpenTown } from "./open-town.ts";
import { ReviewLine } from "./review-line.tsx";
import { type RigQueue, reviewQueues } from "./review-rows.ts";
import { useAct } from "./use-act.ts";

/** What waits behind what? One numbered list for each rig, its head open. */
export function ReviewTab({ search }: { search: TownSearch }) {
	const { view, version, go } = useOpenTown();
	const selected = useMemo(() => parseSelection(search.sel), [search.sel]);
	const select = (key: string, on: boolean) => {
		const next = new Set(selected);
		if (on) next.add(key);
		else next.delete(key);
		go({ sel: formatSelection(next) }, true);
	};
	// biome-ignore lint/correctness/useExhaustiveDependencies: the view changes in place; its version tells
	const queues = useMemo(() => reviewQueues(view), [view, version]);
	return (
		<>
			<div className="min-h-0 flex-1 overflow-y-auto">
				{queues.length === 0 ? null : (
					<div className="flex justify-end border-b border-kumo-hairline px-4 py-1">
						<TownExport of="review-queue" columns={REVIEW_EXPORT} rows={queued(queues)} />
					</div>
				)}
				{queues.length === 0 ? <p className="px-4 py-3 text-tone-quiet">This town has no rig yet.</p> : null}
				{queues.map((queue) => (
					<Queue key={queue.rig.id} queue={queue} selected={selected} onSelect={select} />
				))}
			</div>
			<BulkBar kind="merge request" selected={selected} onClear={() => go({ sel: undefined }, true)} />
			<BulkDock kind="merge request" selected={selected} />
			{queues.map(({ rig }) => (
				<ActionDock key={rig.id} kind="rig" id={rig.id} />
			))}
		</>
	);
}

type QueueProps = {
	queue: RigQueue;
	selected: ReadonlySet<string>;
	onSelect(key: string, on: boolean): void;
};

function Queue({ queue: { rig, strategy, own, rows, failed }, selected, onSelect }: QueueProps) {
	const waiting = rows.filter(({ place }) => place !== null).length;
	return (
		<section aria-label={`Review queue of ${rig.name}`} className="border-b border-kumo-hairline px-4 py-3">
			<header className="flex flex-wrap items-center gap-x-4 gap-y-1 pb-1">
				<h3 className="font-semibold text-lg">{rig.name}</h3>
				<span className="text-tone-quiet">
					{strategy === "pr" ? "merged by pull request" : "merged by its refinery"}
					{own ? "" : ", as the town says"} · {waiting} waiting
				</span>
				<RigActions rig={rig.id} other={strategy === "pr" ? "direct" : "pr"} />
			</header>
			{rows.length === 0 ? (
				<p className="text-tone-quiet">Nothing is under review, and nothing waits for it.</p>
			) : null}
			<ol>
				{rows.map((row, at) => (
					<ReviewLine
						key={row.bead.bead_id}
						row={row}
						behind={rows.slice(at + 1).filter(({ place }) => place !== null)}
						whole={at === 0}
						selected={selected.has(row.bead.bead_id)}
						onSelect={onSelect}
					/>
				))}
			</ol>
			{failed.length === 0 ? null : (
				<>
					<h4 className="pt-3 pb-1 font-medium">
						{plural(failed.length, "failed merge request")} that can be taken up again
					</h4>
					<ol>
						{failed.map((row) => (
							<ReviewLine
								key={row.bead.bead_id}
								row={row}
								behind={[]}
								whole={false}
								selected={selected.has(row.bead.bead_id)}
								onSelect={onSelect}
							/>
						))}
					</ol>
				</>
			)}
		</section>
	);
}

function RigActions({ rig, other }: { rig: string; other: "direct" | "pr" }) {
	const { consider, press } = useAct();
	const target = { kind: "rig", id: rig } as const;
	const offered = [
		["review.set-strategy", { strategy: other }],
		["review.clear-queue", undefined],
	] as const;
	return (
		<span className="flex flex-wrap gap-2">
			{offered.map(([name, params]) => {
				const considered = consider(name, target, params, null);
				return considered ? (
					<ActionButton
						key={name}
						label={considered.label}
						danger={considered.danger}
						reason={considered.reason}
						onPress={() => press(considered)}
					/>
				) : null;
			})}
		</span>
	);
}
