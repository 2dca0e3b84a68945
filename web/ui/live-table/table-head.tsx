import { ArrowDownIcon } from "@phosphor-icons/react/ArrowDown";
import { ArrowUpIcon } from "@phosphor-icons/react/ArrowUp";
import type { Column, Sort } from "./types.ts";

type Props<Row> = {
	columns: readonly Column<Row>[];
	template: string;
	sort?: Sort;
	onSort?(sort: Sort): void;
};

/** 28 px of column heads; a sortable one is a button that turns its order round. */
export function TableHead<Row>({ columns, template, sort, onSort }: Props<Row>) {
	return (
		<div
			role="row"
			aria-rowindex={1}
			className="grid h-7 shrink-0 items-center gap-x-3 border-b border-kumo-line bg-kumo-base pr-3 text-xs font-medium text-tone-quiet"
			style={{ gridTemplateColumns: template }}
		>
			<span role="columnheader">
				<span className="sr-only">Marks</span>
			</span>
			{columns.map((column) => {
				const sorted = sort?.column === column.id ? sort : undefined;
				const Arrow = sorted?.descending ? ArrowDownIcon : ArrowUpIcon;
				return (
					<span
						key={column.id}
						role="columnheader"
						aria-sort={sorted ? (sorted.descending ? "descending" : "ascending") : undefined}
						className={`flex min-w-0 items-center gap-1 ${column.align === "right" ? "justify-end" : ""}`}
					>
						{column.sortable && onSort ? (
							<button
								type="button"
								className="flex min-h-6 cursor-pointer items-center gap-1 hover:text-kumo-default"
								onClick={() => onSort({ column: column.id, descending: sorted ? !sorted.descending : false })}
							>
								{column.head}
								{sorted && <Arrow size={12} weight="bold" aria-hidden />}
							</button>
						) : (
							column.head
						)}
					</span>
				);
			})}
		</div>
	);
}
