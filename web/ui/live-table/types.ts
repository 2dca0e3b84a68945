import type { ReactNode } from "react";

export type Column<Row> = {
	id: string;
	head: ReactNode;
	/** A grid track: `120px`, `minmax(0, 1fr)`. */
	width: string;
	/** Figures stand right. */
	align?: "right";
	cell(row: Row): ReactNode;
	/** Compared to tell that the cell changed; without it the cell never flashes (clocks). */
	value?(row: Row): string | number | null;
	/** The whole text of a cell that may be cut. */
	title?(row: Row): string;
	sortable?: boolean;
};

export type Sort = { column: string; descending: boolean };

export type LiveTableProps<Row> = {
	/** Names the list for speech. */
	label: string;
	/** In the order that is wanted now, filtered and sorted. */
	rows: readonly Row[];
	keyOf(row: Row): string;
	/** Stable between renders, else every row renders anew. */
	columns: readonly Column<Row>[];
	/** The present state of a row that no longer fits the list (L4); undefined where it is gone altogether. */
	current?(key: string): Row | undefined;
	/** The same row at another time, to be compared with; null where there is none then (L9). */
	beside?(key: string): Row | null;
	/** The rows are of one moment of the past: another moment is shown at once and whole, nothing waits or lingers (L9). */
	still?: boolean;
	/** In the 16 px gutter left of the row: a finding's mark, who looks at it. */
	gutter?(row: Row): ReactNode;
	/** The row that stands open beside the list. */
	open?: string | null;
	onOpen?(key: string, how: { wide: boolean }): void;
	selected?: ReadonlySet<string>;
	onSelect?(selected: ReadonlySet<string>): void;
	sort?: Sort;
	onSort?(sort: Sort): void;
	/** Keys that the list does not know itself, with the row they concern. */
	onKey?(event: React.KeyboardEvent, key: string): void;
	/** Pixels; 28 by default, 44 on touch. */
	rowHeight?: number;
	/** In place of rows where there are none: Empty or NoMatch. */
	none?: ReactNode;
};
