import { Button } from "@cloudflare/kumo/components/button";
import { ToMoment } from "../past/to-moment.tsx";
import { count, Id, Json, look, Status, Time } from "../ui/index.ts";
import type { Hole } from "./changes/batch-log.ts";
import { causeWords } from "./changes/cause-words.ts";
import type { EventItem, EventRow } from "./changes/event-rows.ts";
import { thingOf } from "./changes/subject.ts";
import { type NameOf, same } from "./changes/values.ts";
import { SubjectLink } from "./subject-link.tsx";

type Props = { item: Exclude<EventItem, { kind: "hole" }>; open: boolean; nameOf: NameOf; onToggle(): void };

const GRID =
	"grid min-h-7 w-full grid-cols-[64px_minmax(0,1fr)_minmax(0,220px)_64px] items-center gap-3 px-4 text-left max-md:min-h-11 max-md:grid-cols-[64px_minmax(0,1fr)]";

/** A change on one line, the rest on open; housekeeping folded with its count (design-ui §2, Events). */
export function EventLine({ item, open, nameOf, onToggle }: Props) {
	if (item.kind === "row") return <Row row={item.row} open={open} nameOf={nameOf} onToggle={onToggle} />;
	const [first] = item.rows;
	if (!first) return null;
	return (
		<div className="border-b border-kumo-hairline" data-fold={item.rows.length}>
			<button
				type="button"
				aria-expanded={open}
				onClick={onToggle}
				className={`${GRID} text-tone-quiet hover:bg-kumo-tint`}
			>
				<Time at={first.at} seq={first.seq} />
				<span>
					{count(item.rows.length)} housekeeping {item.rows.length === 1 ? "change" : "changes"}{" "}
					<span className="text-tone-active">{open ? "Hide" : "Show"}</span>
				</span>
			</button>
			{open
				? item.rows.map((row) => (
						<div key={row.seq} className={`${GRID} text-tone-quiet`}>
							<Time at={row.at} seq={row.seq} />
							<span className="truncate" title={row.words}>
								{row.name} {row.words}
							</span>
							<span className="truncate max-md:hidden">{causeWords(row.cause, nameOf)}</span>
							<Seq of={row.seq} />
						</div>
					))
				: null}
		</div>
	);
}

/** Changes that this page does not have, in their place (P2). */
export function HoleLine({ hole, loading, onLoad }: { hole: Hole; loading: boolean; onLoad(): void }) {
	const { from, to } = hole;
	const words =
		from === to ? `seq ${count(from)} is not loaded` : `seq ${count(from)} to ${count(to)} are not loaded`;
	return (
		<div
			className="flex min-h-9 items-center gap-3 border-b border-kumo-hairline bg-kumo-tint px-4"
			data-hole
		>
			<Status look={look("unseen", words, "warn")} />
			<Button size="sm" variant="outline" disabled={loading} onClick={onLoad}>
				Load
			</Button>
		</div>
	);
}

function Row({ row, open, nameOf, onToggle }: { row: EventRow } & Omit<Props, "item">) {
	const cause = causeWords(row.cause, nameOf);
	return (
		<div className={`border-b border-kumo-hairline ${open ? "bg-kumo-tint" : ""}`}>
			<button type="button" aria-expanded={open} onClick={onToggle} className={`${GRID} hover:bg-kumo-tint`}>
				<span className="text-tone-quiet">
					<Time at={row.at} seq={row.seq} />
				</span>
				<span className={open ? "break-words py-1" : "truncate"} title={open ? undefined : row.words}>
					{row.name ? <span className="font-medium">{row.name} </span> : null}
					{row.words}
				</span>
				<span
					className={`truncate max-md:hidden ${row.cause ? "text-tone-quiet" : "text-tone-warn"}`}
					title={cause}
				>
					{cause}
				</span>
				<Seq of={row.seq} />
			</button>
			{open ? <Detail row={row} cause={cause} /> : null}
		</div>
	);
}

const Seq = ({ of }: { of: number }) => (
	<span className="text-right font-mono text-tone-quiet text-xs max-md:hidden">{count(of)}</span>
);

/** What is about it, who caused it, and each column that changed, as stored. */
function Detail({ row, cause }: { row: EventRow; cause: string }) {
	const { before, after } = row;
	const fields = Object.keys({ ...before, ...after }).filter(
		(field) => before === null || !same(before[field], after?.[field]),
	);
	return (
		<div className="flex flex-col gap-1 px-4 pb-2 pl-[92px] max-md:pl-4">
			<p className="flex flex-wrap items-center gap-x-3">
				{row.subject ? <SubjectLink subject={row.subject} /> : null}
				<span className="text-tone-quiet">
					{thingOf(row.entity)} · {cause}
					{row.cause ? ` (${row.cause.kind}: ${row.cause.what})` : ""}
				</span>
				{row.cause?.id ? <Id id={row.cause.id} label="id of the cause" /> : null}
				<ToMoment moment={{ is: "seq", seq: row.seq }} />
			</p>
			{before === null && after ? (
				<p className="text-tone-quiet text-xs">What it was before is not loaded.</p>
			) : null}
			<Json
				value={
					before === null || after === null
						? (after ?? before)
						: Object.fromEntries(
								fields.map((field) => [field, { before: before[field], after: after[field] }]),
							)
				}
			/>
		</div>
	);
}
