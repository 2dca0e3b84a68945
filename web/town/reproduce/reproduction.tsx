import { Button } from "@cloudflare/kumo/components/button";
import { XIcon } from "@phosphor-icons/react";
import { useMemo } from "react";
import { CopyLink } from "../../routes/copy-link.tsx";
import { clockTime, count, duration, look, plural, Status, Stream } from "../../ui/index.ts";
import { eventReader } from "../changes/event-rows.ts";
import { useOpenTown } from "../open-town.ts";
import { useNames } from "../use-names.ts";
import { LaneLine, LanesHead } from "./lane-line.tsx";
import { type LaneRow, laneCounts, laneRows } from "./lanes.ts";
import type { Range } from "./range.ts";
import { useRange } from "./use-range.ts";

/**
 * What the user did and what the town made of it, since the mark: one line per batch of changes, in lanes, so that a
 * consequence stands below its cause.
 */
export function Reproduction({ range }: { range: Range }) {
	const { go, diagnosis, sight } = useOpenTown();
	const nameOf = useNames();
	const log = useRange(range);
	const reader = useMemo(() => eventReader(nameOf), [nameOf]);
	const rows = useMemo(() => laneRows(reader(log.rows)), [reader, log.rows]);
	const running = range.to === null;
	const begun = log.rows[0]?.at ?? null;
	const until = running ? sight.now : (log.rows.at(-1)?.at ?? null);
	const since = begun === null ? [] : diagnosis.findings.filter((finding) => finding.since >= begun);
	const counts = laneCounts(rows);
	return (
		<section
			aria-label="Reproduction"
			data-reproduction={running ? "running" : "ended"}
			className="flex max-h-[55%] min-h-40 flex-1 flex-col border-b-2 border-kumo-line bg-kumo-base"
		>
			<div className="flex min-h-9 flex-wrap items-center gap-x-4 gap-y-1 px-4 py-1">
				<Status
					look={look(
						running ? "running" : "done",
						running ? "Reproducing" : "Reproduced",
						running ? "active" : "quiet",
					)}
				/>
				<span className="text-tone-quiet">
					{begun === null
						? `after seq ${count(range.from)}`
						: `since ${clockTime(begun)}${until === null ? "" : `, ${duration(until - begun)}`}`}
				</span>
				{running && since.length > 0 && (
					<span className="text-tone-warn">{plural(since.length, "finding")} began since</span>
				)}
				<span className="flex-1" />
				<CopyLink />
				<Button
					size="sm"
					variant="ghost"
					shape="square"
					aria-label="Close the reproduction"
					icon={XIcon}
					onClick={() => go({ mark: undefined }, false)}
				/>
			</div>
			<Stream
				label="Lanes of the reproduction"
				items={rows}
				keyOf={keyOf}
				estimate={28}
				bar={
					<span className="px-1 text-tone-quiet" data-counts>
						{plural(counts.user, "call")}. Changed: {count(counts.beads)} of beads, {count(counts.agents)} of
						agents, {count(counts.container)} of container and town
					</span>
				}
				head={<LanesHead />}
				top={<Beginning log={log} />}
				none={log.loading || log.failed !== null ? null : <Nothing running={running} />}
				item={(row) => <LaneLine row={row} nameOf={nameOf} />}
			/>
		</section>
	);
}

const keyOf = (row: LaneRow): string => String(row.seq);

function Beginning({ log }: { log: ReturnType<typeof useRange> }) {
	if (log.failed !== null)
		return (
			<div role="alert" className="flex flex-wrap items-center gap-3 px-4 py-1.5">
				<Status look={look("failed", "Could not read the changes since the mark", "bad")} />
				<span>{log.failed}</span>
				<Button size="sm" variant="outline" onClick={log.again}>
					Try again
				</Button>
			</div>
		);
	if (log.loading)
		return (
			<div role="status" className="px-4 py-1.5">
				<Status look={look("changing", "Reading the changes since the mark", "active")} />
			</div>
		);
	if (log.gone)
		return (
			<div className="px-4 py-1.5">
				<Status look={look("unseen", "The beginning is no longer kept by the town", "warn")} />
			</div>
		);
	return null;
}

const Nothing = ({ running }: { running: boolean }) => (
	<p className="px-4 py-3 text-tone-quiet">
		{running
			? "Nothing has changed since the mark. Ask the user to do it again now; it appears here as it happens."
			: "Nothing changed between the two marks."}
	</p>
);
