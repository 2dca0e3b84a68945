import { memo, useCallback, useState } from "react";
import { useStore } from "zustand";
import type { StreamEvent } from "../../shared/protocol/index.ts";
import { type Columns, iso } from "../export/sheet.ts";
import { TownExport } from "../export/town-export.tsx";
import { ChoiceMenu } from "../town/choice-menu.tsx";
import { useOpenTown } from "../town/open-town.ts";
import { PHONE, useMedia } from "../town/use-media.ts";
import { bytes, clockTime, count, duration, Json, Stream } from "../ui/index.ts";
import { toggled } from "../ui/toggled.ts";
import { isWhole } from "./is-whole.ts";
import { NoStream } from "./no-stream.tsx";
import { bodyLine, type RawRow, rawReader } from "./raw-rows.ts";
import { StreamSearch } from "./stream-search.tsx";
import { StreamTop } from "./stream-top.tsx";
import { useRate } from "./use-rate.ts";
import { useSearch } from "./use-search.ts";

const keyOf = (row: RawRow) => String(row.event[0]);
const textOf = ({ event }: RawRow) => `${event[3]} ${bodyLine(event)}`;
const seqOf = (row: RawRow) => row.event[0];

const RAW_EXPORT: Columns<RawRow> = {
	seq: ({ event }) => event[0],
	at: ({ event }) => iso(event[1]),
	id: ({ event }) => event[2],
	type: ({ event }) => event[3],
	properties: ({ event }) => event[4] as object,
};

/** The events as they came: seq, time and gap, type, size, one line of the body; a press opens the JSON. */
export function RawStream({ agent }: { agent: string }) {
	const { client } = useOpenTown();
	const stream = useStore(client.stream(agent));
	const [quiet, setQuiet] = useState<string>("told");
	const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
	const [reader] = useState(rawReader);
	const { rows: shown, total } = reader(stream.events, quiet === "all");
	const search = useSearch(shown, keyOf, textOf);
	const rate = useRate(stream.position?.seq ?? 0);
	const hidden = total - shown.length;
	const height = useMedia(PHONE) ? 44 : 24;
	const toggle = useCallback((key: string) => setOpen((before) => toggled(before, key)), []);
	return (
		<Stream
			label="Raw events of the agent"
			items={shown}
			keyOf={keyOf}
			orderOf={seqOf}
			estimate={height}
			oneLine={(row) => !open.has(keyOf(row))}
			show={search.current}
			rate={`${rate} ev/s`}
			bar={
				<>
					<StreamSearch search={search} whole={isWhole(stream)} />
					<ChoiceMenu
						label="Housekeeping"
						tabs={[
							{ value: "told", label: hidden > 0 ? `${count(hidden)} hidden` : "Told" },
							{ value: "all", label: "All" },
						]}
						value={quiet}
						onValue={setQuiet}
					/>
					<TownExport of="raw-events" columns={RAW_EXPORT} rows={shown} />
				</>
			}
			top={<StreamTop stream={stream} />}
			none={<NoStream stream={stream} hidden={total} filter="told" onClear={() => setQuiet("all")} />}
			onKeyDown={(event) => {
				if (event.key === "n") search.next();
				else if (event.key === "N") search.previous();
			}}
			item={(row) => (
				<RawLine
					row={row}
					open={open.has(keyOf(row))}
					current={keyOf(row) === search.current}
					onToggle={toggle}
				/>
			)}
		/>
	);
}

const RawLine = memo(function RawLine({
	row,
	open,
	current,
	onToggle,
}: {
	row: RawRow;
	open: boolean;
	current: boolean;
	onToggle(key: string): void;
}) {
	const { event, gap } = row;
	return (
		<div className={`@container ${current ? "bg-tone-active-tint" : ""}`}>
			<button
				type="button"
				aria-expanded={open}
				onClick={() => onToggle(keyOf(row))}
				className="grid min-h-6 w-full grid-cols-[64px_92px_56px_190px_56px_minmax(0,1fr)] items-center gap-2 px-4 text-left font-mono text-xs hover:bg-kumo-tint max-md:min-h-11 max-md:grid-cols-[56px_minmax(0,1fr)] md:@max-[760px]:grid-cols-[48px_88px_minmax(0,140px)_minmax(0,1fr)]"
			>
				<span className="text-tone-quiet">{count(event[0])}</span>
				<span className="max-md:hidden">{clockTime(event[1], "millis")}</span>
				<span className="text-right text-tone-quiet @max-[760px]:hidden">
					{gap === null ? "" : `+${duration(gap)}`}
				</span>
				<span className="truncate">{event[3]}</span>
				<span className="text-right text-tone-quiet @max-[760px]:hidden">{bytes(row.size)}</span>
				<span className="truncate text-tone-quiet max-md:hidden">{bodyLine(event)}</span>
			</button>
			{open ? (
				<div className="px-4 pb-2">
					<Json value={whole(event)} />
				</div>
			) : null}
		</div>
	);
});

const whole = ([seq, at, id, type, properties]: StreamEvent) => ({
	seq,
	at: new Date(at).toISOString(),
	id,
	type,
	properties,
});
