import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { chordBefore } from "../chord.ts";
import { copy } from "../copy.ts";
import { plural } from "../format/number.ts";
import { cellId } from "./flash.ts";
import { isTyping, moveBy, selectWith } from "./keys.ts";
import { anchoredScroll, type Place, waiting } from "./order.ts";
import { TableHead } from "./table-head.tsx";
import { TableRow } from "./table-row.tsx";
import type { Column, LiveTableProps } from "./types.ts";
import { useFlashes } from "./use-flashes.ts";
import { useHold } from "./use-hold.ts";
import { usePlaces } from "./use-places.ts";

const defaultRowHeight = (): number => (matchMedia("(pointer: coarse)").matches ? 44 : 28);
const NONE_SELECTED: ReadonlySet<string> = new Set();

/** A list that has become shorter must not pull its last rows down under the eye: the space is kept until it is scrolled off. */
const reserve = (body: HTMLElement | null, height: number): void => {
	if (body) body.style.minHeight = `${height}px`;
};

/** Keys that have come; none of a list that was empty before. */
const newKeys = (before: readonly Place[], after: readonly Place[]): ReadonlySet<string> => {
	const known = new Set(before.map((place) => place.key));
	return new Set(known.size === 0 ? [] : after.flatMap(({ key }) => (known.has(key) ? [] : [key])));
};

/**
 * A list that lives while it is read (L1 to L5): nothing that is pointed at, focused, selected or being read moves; what
 * would come or move waits at the edge with a count. One tab stop; arrows, j and k, Home, End, Enter, x, c and r act.
 */
export function LiveTable<Row>(props: LiveTableProps<Row>) {
	const { rows, keyOf, columns, selected = NONE_SELECTED, open = null, still = false } = props;
	const rowHeight = props.rowHeight ?? defaultRowHeight();
	const scroller = useRef<HTMLDivElement>(null);
	const held = useHold(scroller, selected.size > 0) && !still;

	const byKey = useMemo(() => new Map(rows.map((row) => [keyOf(row), row])), [rows, keyOf]);
	const wanted = useMemo(() => [...byKey.keys()], [byKey]);
	const { places, apply } = usePlaces(wanted, held, still);
	const pending = useMemo(() => (held ? waiting(places, wanted) : null), [held, places, wanted]);

	// What is shown of a row that has left: its present state, else how it was when it was last seen.
	const lastSeen = useRef(new Map<string, Row>());
	const rowOf = (key: string): Row | undefined => {
		const row = byKey.get(key) ?? props.current?.(key) ?? lastSeen.current.get(key);
		if (row !== undefined) lastSeen.current.set(key, row);
		return row;
	};

	const [active, setActive] = useState<string | null>(null);
	const index = useMemo(() => new Map(places.map((place, i) => [place.key, i])), [places]);
	const activeKey = active !== null && index.has(active) ? active : (places[0]?.key ?? null);
	const lastSelected = useRef<string | null>(null);

	const virtualizer = useVirtualizer({
		count: places.length,
		getScrollElement: () => scroller.current,
		estimateSize: () => rowHeight,
		getItemKey: (i) => places[i]?.key ?? i,
		overscan: 10,
		initialRect: { width: 800, height: 600 },
		// The row that holds the focus stays in the page when it is scrolled away.
		rangeExtractor: ({ startIndex, endIndex, overscan, count }) => {
			const from = Math.max(0, startIndex - overscan);
			const to = Math.min(count - 1, endIndex + overscan);
			const range = Array.from({ length: to - from + 1 }, (_, i) => from + i);
			const kept = activeKey === null ? undefined : index.get(activeKey);
			if (kept === undefined || (kept >= from && kept <= to)) return range;
			return kept < from ? [kept, ...range] : [...range, kept];
		},
	});

	useEffect(() => {
		for (const key of lastSeen.current.keys()) if (!index.has(key)) lastSeen.current.delete(key);
	}, [index]);

	// Before the paint: scroll by as much as the reader's row has moved in the list.
	const shown = useRef<readonly Place[]>(places);
	const entered = useMemo(() => newKeys(shown.current, places), [places]);
	const body = useRef<HTMLDivElement>(null);
	const [above, setAbove] = useState(0);
	useLayoutEffect(() => {
		const before = shown.current;
		const element = scroller.current;
		if (before === places || !element) return;
		shown.current = places;
		const view = { scrollTop: element.scrollTop, height: element.clientHeight, rowHeight };
		const focused = element.contains(document.activeElement) ? activeKey : null;
		const target = anchoredScroll(before, places, view, [focused, open]);
		const fresh = newKeys(before, places);
		const newAbove = places.slice(0, Math.floor(target / rowHeight)).filter((it) => fresh.has(it.key)).length;
		if (newAbove > 0) setAbove((n) => n + newAbove);
		reserve(body.current, target + view.height);
		if (target !== view.scrollTop) element.scrollTop = target;
	}, [places, activeKey, open, rowHeight]);

	// Another width of the screen has other heights: the same rows stay in view.
	const heightBefore = useRef(rowHeight);
	useLayoutEffect(() => {
		const ratio = rowHeight / heightBefore.current;
		heightBefore.current = rowHeight;
		if (ratio !== 1 && scroller.current) scroller.current.scrollTop *= ratio;
	}, [rowHeight]);

	const onScroll = () => {
		const top = scroller.current?.scrollTop ?? 0;
		if (top < rowHeight && above > 0) setAbove(0);
		reserve(body.current, top + (scroller.current?.clientHeight ?? 0));
	};

	const focusRow = (at: number) => {
		const key = places[at]?.key;
		if (key === undefined) return;
		setActive(key);
		virtualizer.scrollToIndex(at, { align: "auto" });
		requestAnimationFrame(() =>
			scroller.current
				?.querySelector<HTMLElement>(`[data-row="${CSS.escape(key)}"]`)
				?.focus({ preventScroll: true }),
		);
	};

	const onKeyDown = (event: React.KeyboardEvent) => {
		if (isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey || activeKey === null)
			return;
		if (chordBefore(event.nativeEvent) !== null) return;
		const onRow = event.target instanceof HTMLElement && event.target.dataset.row !== undefined;
		const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / rowHeight) - 1);
		const to = moveBy(event.key, index.get(activeKey) ?? 0, places.length, page);
		if (to !== null) focusRow(to);
		else if (event.key === "Enter" && onRow) props.onOpen?.(activeKey, { wide: false });
		else if (event.key === "o") props.onOpen?.(activeKey, { wide: true });
		else if (event.key === "r") apply();
		else if (event.key === "c") void copy(activeKey);
		else if (event.key.toLowerCase() === "x" && props.onSelect) {
			const keys = places.map((place) => place.key);
			props.onSelect(selectWith(selected, keys, activeKey, event.shiftKey, lastSelected.current));
			lastSelected.current = activeKey;
		} else return props.onKey?.(event, activeKey);
		event.preventDefault();
	};

	// A click counts only if the row under it is the one that was pressed (L5).
	const pressed = useRef<string | null>(null);
	const rowKeyOf = (target: EventTarget): string | null =>
		(target as HTMLElement).closest<HTMLElement>("[data-row]")?.dataset.row ?? null;

	const items = virtualizer.getVirtualItems().flatMap((item) => {
		const place = places[item.index];
		const row = place && rowOf(place.key);
		return place && row !== undefined ? [{ item, place, key: place.key, row }] : [];
	});
	const flashes = useFlashes(items, columns);
	// Where two values stand in a cell it needs more room.
	const widthOf = ({ width, value }: Column<Row>) =>
		props.beside && value && width.endsWith("px") ? `${Number.parseInt(width, 10) * 1.7}px` : width;
	const template = `36px ${columns.map(widthOf).join(" ")}`;

	return (
		<div className="relative flex min-h-0 flex-1 flex-col">
			<div
				role="grid"
				aria-label={props.label}
				aria-rowcount={places.length + 1}
				aria-multiselectable={props.onSelect ? true : undefined}
				className="flex min-h-0 flex-1 flex-col"
				onKeyDown={onKeyDown}
			>
				<TableHead columns={columns} template={template} sort={props.sort} onSort={props.onSort} />
				<div
					ref={scroller}
					role="rowgroup"
					data-held={held}
					className="min-h-0 flex-1 overflow-y-auto overflow-x-hidden [overflow-anchor:none]"
					onScroll={onScroll}
					onPointerDown={(event) => {
						pressed.current = rowKeyOf(event.target);
					}}
					onFocus={(event) => {
						const key = rowKeyOf(event.target);
						if (key !== null) setActive(key);
					}}
					onClick={(event) => {
						const key = rowKeyOf(event.target);
						const onText = !document.getSelection()?.isCollapsed;
						if (key === null || key !== pressed.current || onText || event.defaultPrevented) return;
						props.onOpen?.(key, { wide: false });
					}}
				>
					{places.length === 0 ? (
						props.none
					) : (
						<div ref={body} className="relative" style={{ height: virtualizer.getTotalSize() }}>
							{items.map(({ item, place, key, row }) => (
								<TableRow
									key={key}
									row={row}
									rowKey={key}
									rowIndex={item.index + 2}
									top={item.start}
									height={rowHeight}
									template={template}
									columns={columns}
									beside={props.beside?.(key)}
									gutter={props.gutter}
									active={key === activeKey}
									open={key === open}
									selected={props.onSelect ? selected.has(key) : null}
									left={place.leftAt !== null}
									entering={entered.has(key)}
									flashing={columns
										.filter((column) => flashes.cells.has(cellId(key, column.id)))
										.map((column) => column.id)
										.join(" ")}
									dot={flashes.dots.has(key)}
								/>
							))}
						</div>
					)}
				</div>
			</div>
			<div className="pointer-events-none absolute inset-x-0 bottom-2 flex justify-center gap-2">
				{pending && (pending.moved > 0 || pending.entered > 0) && (
					<button type="button" className="pill" onClick={apply}>
						{pending.moved > 0 && `Order changed for ${plural(pending.moved, "row")}`}
						{pending.moved > 0 && pending.entered > 0 && ", "}
						{pending.entered > 0 && `${pending.entered.toLocaleString("en-US")} new`}
						<b>Apply, r</b>
					</button>
				)}
				{above > 0 && (
					<button type="button" className="pill" onClick={() => scroller.current?.scrollTo({ top: 0 })}>
						{plural(above, "new above", "new above")} ↑
					</button>
				)}
			</div>
		</div>
	);
}
