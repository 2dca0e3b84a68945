import { useMemo } from "react";
import { BEAD_PRIORITIES, BEAD_STATUSES, BEAD_TYPES } from "../../shared/gastown/index.ts";
import { BEAD_EXPORT } from "../export/columns.ts";
import { TownExport } from "../export/town-export.tsx";
import { useBeside } from "../past/use-beside.ts";
import { formatSelection, parseSelection, type TownSearch } from "../routes/address.ts";
import { useColumns } from "../settings/columns.ts";
import { ColumnsMenu } from "../settings/columns-menu.tsx";
import { useRowHeight } from "../settings/density.ts";
import { LiveTable } from "../ui/index.ts";
import { AskedOfPeople } from "./asked-of-people.tsx";
import { BEAD_COLUMNS, BEAD_ORDER } from "./bead-columns.tsx";
import { BEAD_FIRST_FILTER, BEAD_GRAMMAR, type BeadRow, beadRows, filterableBead } from "./bead-rows.ts";
import { BulkBar } from "./bulk-bar.tsx";
import { BulkDock } from "./bulk-dock.tsx";
import { matches, parseFilter } from "./filter.ts";
import { FilterBar } from "./filter-bar.tsx";
import { GroupedTables } from "./grouped-tables.tsx";
import { Mark, Watchers } from "./gutter.tsx";
import { useKeptRows } from "./kept-rows.ts";
import { EmptyRows } from "./none.tsx";
import { useOpenTown } from "./open-town.ts";
import { formatSort, parseSort, sorted } from "./order.ts";
import { useFilterKey } from "./use-filter-key.ts";
import { NARROW, PHONE, useMedia } from "./use-media.ts";

const NEWEST = { column: "created", descending: true };
const GROUPS = ["status", "type", "rig", "assignee", "priority"] as const;

/** What is every bead doing? All beads, filtered, sorted, grouped on request. */
export function StateTab({ search, openKey }: { search: TownSearch; openKey: string | null }) {
	const { view, version, sight, past, go, open } = useOpenTown();
	const input = useFilterKey();
	const narrow = useMedia(NARROW);
	const phone = useMedia(PHONE);
	const filter = search.q ?? BEAD_FIRST_FILTER;
	const sort = parseSort(search.sort, NEWEST);
	// biome-ignore lint/correctness/useExhaustiveDependencies: the view changes in place; its version tells
	const made = useMemo(() => beadRows(view, sight), [view, version, sight]);
	const all = useKeptRows(made);
	const terms = useMemo(() => parseFilter(filter, BEAD_GRAMMAR), [filter]);
	const byKey = useMemo(() => new Map(all.map((row) => [row.key, row])), [all]);
	// biome-ignore lint/correctness/useExhaustiveDependencies: `sort` is made anew from the address
	const rows = useMemo(
		() =>
			sorted(
				all.filter((row) => matches(terms, filterableBead(view, row, sight.now))),
				sort,
				BEAD_ORDER,
			),
		[all, terms, search.sort],
	);
	const wide = useColumns("beads", BEAD_COLUMNS.wide, "title");
	const columns = phone
		? BEAD_COLUMNS.phone
		: narrow
			? BEAD_COLUMNS.narrow
			: search.open
				? BEAD_COLUMNS.beside
				: wide;
	const setFilter = (q: string) => go({ q: q === BEAD_FIRST_FILTER ? undefined : q });
	const picks = useMemo(
		() => [
			{ field: "status", label: "Status", values: withSeen(BEAD_STATUSES, all, (row) => row.bead.status) },
			{
				field: "type",
				label: "Type",
				values: withSeen(BEAD_TYPES, all, (row) => row.bead.type).filter((type) => type !== "agent"),
			},
			{ field: "rig", label: "Rig", values: withSeen([], all, (row) => row.rigName ?? "none") },
			{
				field: "priority",
				label: "Priority",
				values: withSeen(BEAD_PRIORITIES, all, (row) => row.bead.priority),
			},
		],
		[all],
	);
	const selected = useMemo(() => parseSelection(search.sel), [search.sel]);
	const group = GROUPS.find((one) => one === search.group);
	const table = {
		columns,
		keyOf,
		current: (key: string) => byKey.get(key),
		beside: useBeside(beadRows),
		still: past !== null,
		gutter,
		open: openKey,
		onOpen: (key: string, how: { wide: boolean }) => open({ kind: "bead", id: key }, how.wide),
		selected,
		onSelect: (sel: ReadonlySet<string>) => go({ sel: formatSelection(sel) }, true),
		sort,
		onSort: (next: typeof sort) => go({ sort: formatSort(next) }),
		rowHeight: useRowHeight(),
	};
	return (
		<>
			<AskedOfPeople />
			<FilterBar filter={filter} terms={terms} picks={picks} onFilter={setFilter} input={input}>
				<label className="flex items-center gap-1.5 text-tone-quiet @max-[680px]:hidden">
					Group
					<select
						value={group ?? ""}
						onChange={(event) => go({ group: event.target.value || undefined })}
						className="h-6.5 rounded-sm border border-edge bg-kumo-base px-1 text-kumo-default"
					>
						<option value="">none</option>
						{GROUPS.map((one) => (
							<option key={one}>{one}</option>
						))}
					</select>
				</label>
				<span className="text-tone-quiet" data-count>
					{rows.length} of {all.length}
				</span>
				{columns === wide ? <ColumnsMenu list="beads" all={BEAD_COLUMNS.wide} name="title" /> : null}
				<TownExport of="beads" columns={BEAD_EXPORT} rows={rows} filter={filter} />
			</FilterBar>
			{group ? (
				<GroupedTables
					key={group}
					rows={rows}
					group={(row) => groupOf(row, group)}
					label="Beads"
					table={table}
				/>
			) : (
				<LiveTable
					{...table}
					label="Beads"
					rows={rows}
					none={
						<EmptyRows
							total={all.length}
							what="beads"
							filter={filter}
							onClear={() => setFilter("")}
							makes="A bead appears when the mayor, a user or an agent writes one."
						/>
					}
				/>
			)}
			<BulkBar kind="bead" selected={selected} onClear={() => go({ sel: undefined }, true)} />
			<BulkDock kind="bead" selected={selected} />
		</>
	);
}

const keyOf = (row: BeadRow) => row.key;

const gutter = (row: BeadRow) => (
	<>
		<Watchers focus={`bead:${row.key}`} />
		<Mark kind="bead" id={row.key} />
	</>
);

function groupOf(row: BeadRow, group: (typeof GROUPS)[number]): string {
	if (group === "status") return row.look.word;
	if (group === "rig") return row.rigName ?? "no rig";
	if (group === "assignee") return row.assigneeName ?? "nobody";
	return row.bead[group].replaceAll("_", " ");
}

/** The values that Gastown writes and any other that is there. */
function withSeen(
	known: readonly string[],
	rows: readonly BeadRow[],
	of: (row: BeadRow) => string,
): string[] {
	return [...new Set([...known, ...rows.map(of)])];
}
