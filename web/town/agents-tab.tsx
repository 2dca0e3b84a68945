import { useMemo } from "react";
import { AGENT_ROLES, AGENT_STATUSES } from "../../shared/gastown/index.ts";
import type { TownView } from "../../shared/town-view/index.ts";
import { AGENT_EXPORT } from "../export/columns.ts";
import { TownExport } from "../export/town-export.tsx";
import { useBeside } from "../past/use-beside.ts";
import { formatSelection, parseSelection, type TownSearch } from "../routes/address.ts";
import { useColumns } from "../settings/columns.ts";
import { ColumnsMenu } from "../settings/columns-menu.tsx";
import { useRowHeight } from "../settings/density.ts";
import type { Sight } from "../ui/index.ts";
import { LiveTable } from "../ui/index.ts";
import { AGENT_COLUMNS, AGENT_ORDER } from "./agent-columns.tsx";
import { AGENT_GRAMMAR, type AgentRow, agentRows, filterableAgent } from "./agent-rows.ts";
import { BulkBar } from "./bulk-bar.tsx";
import { BulkDock } from "./bulk-dock.tsx";
import { matches, parseFilter } from "./filter.ts";
import { FilterBar } from "./filter-bar.tsx";
import { Mark, Watchers } from "./gutter.tsx";
import { useKeptRows } from "./kept-rows.ts";
import { EmptyRows } from "./none.tsx";
import { useOpenTown } from "./open-town.ts";
import { formatSort, parseSort, sorted } from "./order.ts";
import { useFilterKey } from "./use-filter-key.ts";
import { NARROW, PHONE, useMedia } from "./use-media.ts";
import { useStatusSince } from "./use-status-since.ts";

const FIRST = { column: "working", descending: true };
const keyOf = (row: AgentRow) => row.key;
const gutter = (row: AgentRow) => (
	<>
		<Watchers focus={`agent:${row.key}`} />
		<Mark kind="agent" id={row.key} />
	</>
);

const rowsNow = (view: TownView, sight: Sight) => agentRows(view, sight, new Map());

/** Who works, on what, how alive? */
export function AgentsTab({ search, openKey }: { search: TownSearch; openKey: string | null }) {
	const { view, version, sight, past, go, open } = useOpenTown();
	const input = useFilterKey();
	const narrow = useMedia(NARROW);
	const phone = useMedia(PHONE);
	const rowHeight = useRowHeight();
	const wide = useColumns("agents", AGENT_COLUMNS.wide, "name");
	const columns = phone
		? AGENT_COLUMNS.phone
		: narrow
			? AGENT_COLUMNS.narrow
			: search.open
				? AGENT_COLUMNS.beside
				: wide;
	const since = useStatusSince();
	const filter = search.q ?? "";
	const sort = parseSort(search.sort, FIRST);
	// biome-ignore lint/correctness/useExhaustiveDependencies: the view changes in place; its version tells
	const made = useMemo(() => agentRows(view, sight, since), [view, version, sight, since]);
	const all = useKeptRows(made);
	const terms = useMemo(() => parseFilter(filter, AGENT_GRAMMAR), [filter]);
	// biome-ignore lint/correctness/useExhaustiveDependencies: `sort` is made anew from the address
	const rows = useMemo(
		() =>
			sorted(
				all.filter((row) => matches(terms, filterableAgent(row, sight.now))),
				sort,
				AGENT_ORDER,
			),
		[all, terms, search.sort],
	);
	const setFilter = (q: string) => go({ q: q || undefined });
	const beside = useBeside(rowsNow);
	const selected = useMemo(() => parseSelection(search.sel), [search.sel]);
	const picks = useMemo(
		() => [
			{ field: "status", label: "Status", values: [...AGENT_STATUSES] },
			{ field: "role", label: "Role", values: [...AGENT_ROLES] },
			{ field: "rig", label: "Rig", values: [...new Set(all.map((row) => row.rigName ?? "none"))] },
		],
		[all],
	);
	return (
		<>
			<FilterBar filter={filter} terms={terms} picks={picks} onFilter={setFilter} input={input}>
				<span className="text-tone-quiet" data-count>
					{rows.length} of {all.length}
				</span>
				{columns === wide ? <ColumnsMenu list="agents" all={AGENT_COLUMNS.wide} name="name" /> : null}
				<TownExport of="agents" columns={AGENT_EXPORT} rows={rows} filter={filter} />
			</FilterBar>
			<LiveTable
				label="Agents"
				rows={rows}
				beside={beside}
				still={past !== null}
				columns={columns}
				keyOf={keyOf}
				current={(key) => all.find((row) => row.key === key)}
				gutter={gutter}
				open={openKey}
				onOpen={(key, how) => open({ kind: "agent", id: key, raw: false }, how.wide)}
				selected={selected}
				onSelect={(sel) => go({ sel: formatSelection(sel) }, true)}
				sort={sort}
				onSort={(next) => go({ sort: formatSort(next) })}
				rowHeight={rowHeight}
				none={
					<EmptyRows
						total={all.length}
						what="agents"
						filter={filter}
						onClear={() => setFilter("")}
						makes="Gastown makes agents when there is work for a rig."
					/>
				}
			/>
			<BulkBar kind="agent" selected={selected} onClear={() => go({ sel: undefined }, true)} />
			<BulkDock kind="agent" selected={selected} />
		</>
	);
}
