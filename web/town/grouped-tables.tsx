import { CaretDownIcon } from "@phosphor-icons/react/CaretDown";
import { CaretRightIcon } from "@phosphor-icons/react/CaretRight";
import { useMemo, useState } from "react";
import { LiveTable } from "../ui/index.ts";
import type { LiveTableProps } from "../ui/live-table/types.ts";
import { toggled } from "../ui/toggled.ts";

type Props<R> = {
	rows: readonly R[];
	group(row: R): string;
	label: string;
	table: Omit<LiveTableProps<R>, "rows" | "label">;
};

/** One list for each group, each with its count; the larger groups first. A fold hides rows, never the count. */
export function GroupedTables<R>({ rows, group, label, table }: Props<R>) {
	const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
	// biome-ignore lint/correctness/useExhaustiveDependencies: `group` is made anew with each render
	const groups = useMemo(() => {
		const byName = new Map<string, R[]>();
		for (const row of rows) {
			const name = group(row);
			const of = byName.get(name);
			if (of) of.push(row);
			else byName.set(name, [row]);
		}
		return [...byName].sort(([a, x], [b, y]) => y.length - x.length || a.localeCompare(b));
	}, [rows]);
	const height = table.rowHeight ?? 28;
	return (
		<div className="min-h-0 flex-1 overflow-y-auto">
			{groups.map(([name, of]) => {
				const open = !closed.has(name);
				const Caret = open ? CaretDownIcon : CaretRightIcon;
				return (
					<section key={name} aria-label={`${label}: ${name}`}>
						<h3>
							<button
								type="button"
								aria-expanded={open}
								onClick={() => setClosed(toggled(closed, name))}
								className="flex h-7 w-full items-center gap-2 border-b border-kumo-hairline bg-kumo-recessed px-3 text-left font-medium"
							>
								<Caret size={12} weight="bold" aria-hidden />
								{name} <span className="font-normal text-tone-quiet">{of.length}</span>
							</button>
						</h3>
						{open ? (
							<div
								className="flex flex-col"
								style={{ height: height + 1 + Math.min(of.length, 12) * height }}
							>
								<LiveTable {...table} label={`${label}: ${name}`} rows={of} />
							</div>
						) : null}
					</section>
				);
			})}
		</div>
	);
}
