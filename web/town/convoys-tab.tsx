import { useMemo } from "react";
import { CONVOY_EXPORT } from "../export/columns.ts";
import { TownExport } from "../export/town-export.tsx";
import { parseOpen, type TownSearch } from "../routes/address.ts";
import { plural, Status } from "../ui/index.ts";
import { convoyLook } from "../ui/status/convoy-look.ts";
import { ConvoyDetail } from "./convoy-detail.tsx";
import { type ConvoyRow, convoyRows } from "./convoy-rows.ts";
import { Mark } from "./gutter.tsx";
import { useOpenTown } from "./open-town.ts";

/** What holds a convoy up? List left, the one that is chosen (`sel`) beside it. */
export function ConvoysTab({ search }: { search: TownSearch }) {
	const { view, version, sight, go } = useOpenTown();
	// biome-ignore lint/correctness/useExhaustiveDependencies: the view changes in place; its version tells
	const rows = useMemo(() => convoyRows(view, sight.now), [view, version, sight]);
	const is = (id: string | undefined) => rows.find(({ bead }) => bead.bead_id === id);
	// The one that stands open is meant where none was chosen.
	const chosen = is(search.sel) ?? is(parseOpen(search.open)?.id) ?? rows[0];
	if (!chosen)
		return (
			<p className="px-4 py-3 text-tone-quiet">
				This town has no convoy. The mayor makes one where several beads belong together.
			</p>
		);
	return (
		<div className={`flex min-h-0 flex-1 max-lg:flex-col ${search.open ? "flex-col" : ""}`}>
			<nav
				aria-label="Convoys"
				className={`shrink-0 overflow-y-auto border-kumo-hairline max-lg:max-h-48 max-lg:w-full max-lg:border-r-0 max-lg:border-b ${search.open ? "max-h-36 border-b" : "w-72 border-r"}`}
			>
				<div className="flex items-center justify-between border-b border-kumo-hairline px-3 py-1 text-tone-quiet">
					{plural(rows.length, "convoy")}
					<TownExport of="convoys" columns={CONVOY_EXPORT} rows={rows} />
				</div>
				<ul>
					{rows.map((row) => (
						<ConvoyLine
							key={row.bead.bead_id}
							row={row}
							current={row === chosen}
							onChoose={() => go({ sel: row.bead.bead_id })}
						/>
					))}
				</ul>
			</nav>
			<ConvoyDetail key={chosen.bead.bead_id} row={chosen} />
		</div>
	);
}

type LineProps = { row: ConvoyRow; current: boolean; onChoose(): void };

function ConvoyLine({ row: { bead, convoy, counted }, current, onChoose }: LineProps) {
	const look = convoyLook(bead, convoy, counted.closed_beads);
	return (
		<li>
			<button
				type="button"
				data-convoy={bead.bead_id}
				aria-current={current ? "true" : undefined}
				onClick={onChoose}
				className={`flex w-full flex-col gap-0.5 border-b border-kumo-hairline px-3 py-2 text-left hover:bg-kumo-tint max-md:min-h-11 ${current ? "bg-kumo-recessed" : ""}`}
			>
				<span className="flex w-full min-w-0 items-center gap-1">
					<Mark kind="bead" id={bead.bead_id} />
					<span className="truncate font-medium">{bead.title}</span>
				</span>
				<span className="flex flex-wrap items-center gap-x-2">
					<Status look={look} />
					{/ of /.test(look.word) ? null : (
						<span className="text-tone-quiet">
							{counted.closed_beads} of {counted.total_beads} closed
						</span>
					)}
				</span>
			</button>
		</li>
	);
}
