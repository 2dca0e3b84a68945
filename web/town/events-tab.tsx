import { useMemo, useRef } from "react";
import type { Batch } from "../../shared/protocol/index.ts";
import { agentName } from "../../shared/town-view/index.ts";
import type { Open, TownSearch } from "../routes/address.ts";
import { count, Stream, Time } from "../ui/index.ts";
import { TownCauses } from "./cause-card.tsx";
import { causeWords, type EventRow, eventRows, type NameOf, thingOf } from "./change-words.ts";
import { type Filterable, type Grammar, matches, parseFilter } from "./filter.ts";
import { FilterBar } from "./filter-bar.tsx";
import { EmptyRows } from "./none.tsx";
import { OlderRows } from "./older-rows.tsx";
import { type OpenTown, useOpenTown } from "./open-town.ts";
import { useFilterKey } from "./use-filter-key.ts";
import { useOlderBatches } from "./use-older-batches.ts";

const GRAMMAR: Grammar = { fields: ["entity", "cause", "by", "op"], numbers: ["seq", "age"] };
const keyOf = (row: EventRow) => String(row.seq);

/** What changed, because of what? The change log in words, newest at the end; follows its end until the reader scrolls. */
export function EventsTab({ search }: { search: TownSearch }) {
	const town = useOpenTown();
	const { batches, go, sight } = town;
	const input = useFilterKey();
	const older = useOlderBatches();
	const filter = search.q ?? "";
	const all = useMemo(() => joined(older.rows, batches), [older.rows, batches]);
	const rows = useRows(all, town);
	const terms = useMemo(() => parseFilter(filter, GRAMMAR), [filter]);
	const shown = useMemo(
		() => (terms.length === 0 ? rows : rows.filter((row) => matches(terms, filterable(row, sight.now)))),
		[rows, terms, sight],
	);
	const setFilter = (q: string) => go({ q: q || undefined });
	const picks = useMemo(
		() => [
			{ field: "entity", label: "What", values: [...new Set(rows.map((row) => thingOf(row.entity)))] },
			{ field: "cause", label: "Cause", values: [...new Set(rows.map((row) => row.cause?.kind ?? "none"))] },
		],
		[rows],
	);
	return (
		<>
			<TownCauses />
			<FilterBar filter={filter} terms={terms} picks={picks} onFilter={setFilter} input={input}>
				<span className="text-tone-quiet" data-count>
					{count(shown.length)} of {count(rows.length)}
				</span>
			</FilterBar>
			<Stream
				label="Changes of the town"
				items={shown}
				keyOf={keyOf}
				estimate={28}
				top={
					<div className="px-4">
						<OlderRows journal={older} what="changes" makes="Nothing has changed in this town yet." />
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
				item={(row) => <EventLine row={row} />}
			/>
		</>
	);
}

/** Lines of batches that only grow at their end are made once. */
function useRows(batches: readonly Batch[], { view }: OpenTown): EventRow[] {
	const nameOf = useRef<NameOf>(() => null);
	nameOf.current = (id) =>
		view.tables.beads.get(id)?.title ?? (view.tables.agent_metadata.has(id) ? agentName(view, id) : null);
	return useMemo(() => eventRows(batches, (id) => nameOf.current(id)), [batches]);
}

/** Older and live batches in order, each once. */
function joined(older: readonly Batch[], live: readonly Batch[]): readonly Batch[] {
	const first = live[0]?.from ?? Number.POSITIVE_INFINITY;
	return [...older.filter((batch) => batch.to < first), ...live];
}

function filterable(row: EventRow, now: number): Filterable {
	return {
		fields: {
			entity: [row.entity, thingOf(row.entity)],
			cause: row.cause ? [row.cause.kind, row.cause.what] : ["none"],
			by: [row.cause?.by ?? "none"],
			op: [row.op],
		},
		numbers: { seq: row.seq, age: now - row.at },
		text: `${row.words} ${causeWords(row.cause)} ${row.key} ${row.seq}`,
	};
}

const opened = ({ kind, id }: { kind: "bead" | "agent"; id: string }): Open =>
	kind === "bead" ? { kind, id } : { kind, id, raw: false };

function EventLine({ row }: { row: EventRow }) {
	const { open } = useOpenTown();
	const { subject } = row;
	return (
		<div className="grid min-h-7 grid-cols-[72px_minmax(0,1fr)_minmax(0,220px)_72px] items-center gap-3 border-b border-kumo-hairline px-4 max-md:grid-cols-[64px_minmax(0,1fr)]">
			<span className="text-tone-quiet">
				<Time at={row.at} seq={row.seq} />
			</span>
			<span className="min-w-0 break-words py-1">
				{subject ? (
					<button
						type="button"
						className="text-left hover:text-tone-active hover:underline"
						onClick={() => open(opened(subject))}
					>
						{row.words}
					</button>
				) : (
					row.words
				)}
			</span>
			<span
				className={`truncate max-md:col-start-2 ${row.cause ? "text-tone-quiet" : "text-tone-warn"}`}
				title={`${causeWords(row.cause)}${row.cause?.by ? ` by ${row.cause.by}` : ""}${row.cause?.id ? ` (${row.cause.id})` : ""}`}
			>
				{causeWords(row.cause)}
			</span>
			<span className="text-right font-mono text-tone-quiet text-xs max-md:hidden">{count(row.seq)}</span>
		</div>
	);
}
