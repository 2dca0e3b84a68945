import { CaretDownIcon } from "@phosphor-icons/react/CaretDown";
import { CaretRightIcon } from "@phosphor-icons/react/CaretRight";
import { useMemo, useRef, useState } from "react";
import { LiveTable } from "../ui/index.ts";
import type { LiveTableProps } from "../ui/live-table/types.ts";
import { toggled } from "../ui/toggled.ts";

type Props<R> = {
	rows: readonly R[];
	group(row: R): string;
	label: string;
	table: Omit<LiveTableProps<R>, "rows" | "label">;
};

/**
 * One list for each group, each with its count. The larger groups stand first when they are first seen, and stay in that order
 * while their rows change (P3); later ones follow. A fold hides rows, never the count.
 */
export function GroupedTables<R>({ rows, group, label, table }: Props<R>) {
	const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
	const order = useRef<readonly string[]>([]);
	const placeOf = (name: string) => {
		const at = order.current.indexOf(name);
		return at === -1 ? Number.MAX_SAFE_INTEGER : at;
	};
	// biome-ignore lint/correctness/useExhaustiveDependencies: `group` is made anew with each render
	const groups = useMemo(() => {
		const byName = new Map<string, R[]>();
		for (const row of rows) {
			const name = group(row);
			const of = byName.get(name);
			if (of) of.push(row);
			else byName.set(name, [row]);
		}
		const known = [...byName].sort(
			([a, x], [b, y]) => placeOf(a) - placeOf(b) || y.length - x.length || a.localeCompare(b),
		);
		order.current = [...new Set([...order.current, ...known.map(([name]) => name)])];
		return known;
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
