import type { Sort } from "../ui/live-table/types.ts";

/** `-cost` in the address ↔ `{column: "cost", descending: true}`. */
export function parseSort(text: string | undefined, otherwise: Sort): Sort {
	if (!text) return otherwise;
	return text.startsWith("-")
		? { column: text.slice(1), descending: true }
		: { column: text, descending: false };
}

export const formatSort = ({ column, descending }: Sort): string => `${descending ? "-" : ""}${column}`;

/** Rows in a new order; those of equal value keep theirs. */
export function sorted<R>(
	rows: readonly R[],
	sort: Sort,
	order: Record<string, (row: R) => string | number>,
): R[] {
	const of = order[sort.column];
	if (!of) return [...rows];
	const way = sort.descending ? -1 : 1;
	return rows
		.map((row) => ({ row, value: of(row) }))
		.sort((a, b) => (a.value < b.value ? -way : a.value > b.value ? way : 0))
		.map(({ row }) => row);
}
