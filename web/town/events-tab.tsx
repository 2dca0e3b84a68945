import { useMemo, useState } from "react";
import { EVENT_EXPORT } from "../export/columns.ts";
import { TownExport } from "../export/town-export.tsx";
import type { TownSearch } from "../routes/address.ts";
import { count, Stream } from "../ui/index.ts";
import { toggled } from "../ui/toggled.ts";
import { aboutOf, kindOf } from "./changes/about.ts";
import { causeWords } from "./changes/cause-words.ts";
import { type EventItem, type EventRow, eventItems, eventReader, itemKey } from "./changes/event-rows.ts";
import { thingOf } from "./changes/subject.ts";
import type { NameOf } from "./changes/values.ts";
import { EventLine, HoleLine } from "./event-line.tsx";
import { type Filterable, type Grammar, matches, parseFilter } from "./filter.ts";
import { FilterBar } from "./filter-bar.tsx";
import { EmptyRows } from "./none.tsx";
import { OlderRows } from "./older-rows.tsx";
import { useOpenTown } from "./open-town.ts";
import { useBatchLog } from "./use-batch-log.ts";
import { useFilterKey } from "./use-filter-key.ts";
import { useNames } from "./use-names.ts";

const GRAMMAR: Grammar = {
	fields: ["kind", "bead", "agent", "cause", "by", "entity", "op"],
	numbers: ["seq", "age"],
};

/** So many names are offered to pick from, those of the newest changes; any other is typed. */
const MOST_PICKED = 40;

/** What changed, because of what? The change log in words, newest at the end; follows its end until the reader scrolls. */
export function EventsTab({ search }: { search: TownSearch }) {
	const { go, sight } = useOpenTown();
	const nameOf = useNames();
	const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
	const input = useFilterKey();
	const log = useBatchLog();
	const filter = search.q ?? "";
	const reader = useMemo(() => eventReader(nameOf), [nameOf]);
	const rows = useMemo(() => reader(log.rows), [reader, log.rows]);
	const terms = useMemo(() => parseFilter(filter, GRAMMAR), [filter]);
	// Only an age depends on the clock: without one nothing is looked at anew each second.
	const now = terms.some((term) => term.kind === "compare" && term.field === "age") ? sight.now : 0;
	const shown = useMemo(
		() => (terms.length === 0 ? rows : rows.filter((row) => matches(terms, filterable(row, now, nameOf)))),
		[rows, terms, now, nameOf],
	);
	const items = useMemo(() => eventItems(shown, log.holes), [shown, log.holes]);
	const toggle = (key: string) => setOpen((before) => toggled(before, key));
	const setFilter = (q: string) => go({ q: q || undefined });
	const picks = useMemo(
		() => [
			{ field: "kind", label: "Kind", values: [...new Set(rows.map((row) => thingOf(row.entity)))] },
			{ field: "cause", label: "Cause", values: [...new Set(rows.map((row) => row.cause?.kind ?? "none"))] },
			{ field: "agent", label: "Agent", values: namesIn(rows, "agents", nameOf) },
			{ field: "bead", label: "Bead", values: namesIn(rows, "beads", nameOf) },
		],
		[rows, nameOf],
	);
	return (
		<>
			<FilterBar filter={filter} terms={terms} picks={picks} onFilter={setFilter} input={input}>
				<span className="text-tone-quiet" data-count>
					{count(shown.length)} of {count(rows.length)}
				</span>
				<TownExport of="events" columns={EVENT_EXPORT} rows={shown} filter={filter} />
			</FilterBar>
			<Stream
				label="Changes of the town"
				items={items}
				keyOf={itemKey}
				orderOf={seqOf}
				estimate={28}
				top={
					<div className="px-4">
						<OlderRows journal={log} what="changes" makes="Nothing has changed in this town yet." />
					</div>
				}
				none={
					<EmptyRows
						total={rows.length}
						what="changes"
						filter={filter}
						onClear={() => setFilter("")}
						makes="Each write of the town appears here as it is committed, with its cause."
					/>
				}
				item={(item) => {
					const key = itemKey(item);
					if (item.kind === "hole")
						return <HoleLine hole={item} loading={log.loading} onLoad={() => log.fill(item)} />;
					return <EventLine item={item} open={open.has(key)} nameOf={nameOf} onToggle={() => toggle(key)} />;
				}}
			/>
		</>
	);
}

const seqOf = (item: EventItem): number =>
	item.kind === "row" ? item.row.seq : item.kind === "hole" ? item.from : (item.rows[0]?.seq ?? 0);

/** Names of the beads or agents of the newest changes, each once, the newest first. */
function namesIn(rows: readonly EventRow[], of: "beads" | "agents", nameOf: NameOf): string[] {
	const names = new Set<string>();
	for (let n = rows.length - 1; n >= 0 && names.size < MOST_PICKED; n--) {
		const row = rows[n];
		for (const id of row ? aboutOf(row)[of] : []) names.add(nameOf(id) ?? id.slice(0, 8));
	}
	return [...names];
}

/** An id as it may be typed: whole, short, or by name. */
const waysOf = (ids: readonly string[], nameOf: NameOf): string[] =>
	ids.flatMap((id) => [id, id.slice(0, 8), nameOf(id) ?? ""]);

function filterable(row: EventRow, now: number, nameOf: NameOf): Filterable {
	const { beads, agents } = aboutOf(row);
	return {
		fields: {
			kind: [row.entity, thingOf(row.entity), kindOf(row) ?? ""],
			bead: waysOf(beads, nameOf),
			agent: waysOf(agents, nameOf),
			entity: [row.entity, thingOf(row.entity)],
			cause: row.cause ? [row.cause.kind, row.cause.what] : ["none"],
			by: row.cause?.by ? waysOf([row.cause.by], nameOf) : ["none"],
			op: [row.op],
		},
		numbers: { seq: row.seq, age: now - row.at },
		text: `${row.name} ${row.words} ${causeWords(row.cause, nameOf)} ${row.key} ${row.seq}`,
	};
}
