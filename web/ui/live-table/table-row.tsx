import { CaretRightIcon } from "@phosphor-icons/react/CaretRight";
import { CheckIcon } from "@phosphor-icons/react/Check";
import { memo } from "react";
import type { Column } from "./types.ts";

type Props<Row> = {
	row: Row;
	rowKey: string;
	/** 1 is the head. */
	rowIndex: number;
	top: number;
	height: number;
	template: string;
	columns: readonly Column<Row>[];
	/** The same row at another time; null where there is none then, undefined where nothing is compared. */
	beside: Row | null | undefined;
	gutter?(row: Row): React.ReactNode;
	active: boolean;
	open: boolean;
	/** Null in a list whose rows cannot be selected. */
	selected: boolean | null;
	left: boolean;
	entering: boolean;
	/** Columns that flash, joined by blanks: a string, so that an unchanged row is not rendered anew. */
	flashing: string;
	dot: boolean;
};

function TableRowInner<Row>(props: Props<Row>) {
	const { row, rowKey, columns, flashing, open, selected, beside } = props;
	const flashes = flashing === "" ? [] : flashing.split(" ");
	return (
		<div
			role="row"
			aria-rowindex={props.rowIndex}
			aria-selected={selected ?? open}
			aria-current={open ? "true" : undefined}
			data-row={rowKey}
			data-left={props.left || undefined}
			tabIndex={props.active ? 0 : -1}
			className={`group/row absolute inset-x-0 grid items-center gap-x-3 border-b border-kumo-hairline pr-3 text-sm ${
				open ? "bg-tone-active-tint" : "hover:bg-kumo-tint"
			} ${props.left ? "italic text-tone-quiet [&_*]:text-tone-quiet" : ""} ${props.entering ? "row-enter" : ""}`}
			style={{
				height: props.height,
				gridTemplateColumns: props.template,
				transform: `translateY(${props.top}px)`,
			}}
		>
			<span role="gridcell" className="flex items-center justify-end gap-0.5">
				{props.dot && <span title="Changed a moment ago" className="size-1.5 rounded-full bg-tone-active" />}
				{props.gutter?.(row)}
				{selected && <CheckIcon size={12} weight="bold" aria-hidden />}
				{open && <CaretRightIcon size={12} weight="fill" aria-hidden />}
			</span>
			{columns.map((column, n) => (
				<span
					key={column.id}
					role="gridcell"
					title={column.title?.(row)}
					className={`min-w-0 truncate ${column.align === "right" ? "text-right" : ""} ${
						flashes.includes(column.id) ? "cell-flash" : ""
					}`}
				>
					{column.cell(row)}
					{beside === undefined ? null : <Then row={row} beside={beside} column={column} first={n === 0} />}
				</span>
			))}
		</div>
	);
}

type ThenProps<Row> = { row: Row; beside: Row | null; column: Column<Row>; first: boolean };

/** What a cell holds at the other time, where that is something else. */
function Then<Row>({ row, beside, column, first }: ThenProps<Row>) {
	if (beside === null) return first ? <span className="text-tone-past"> → gone</span> : null;
	if (!column.value || column.value(beside) === column.value(row)) return null;
	return (
		<span className="text-tone-past [&_*]:!inline [&_svg]:mr-1" data-then>
			{" → "}
			{column.cell(beside)}
		</span>
	);
}

export const TableRow = memo(TableRowInner) as typeof TableRowInner;
