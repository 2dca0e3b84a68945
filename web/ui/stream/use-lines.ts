import { type RefObject, useCallback, useLayoutEffect, useReducer, useRef } from "react";
import { flushSync } from "react-dom";
import { type Layout, lineLayout } from "./layout.ts";

/** Lines painted beyond what is seen, above and below. */
const BEYOND = 12;
/** Before the scroller is measured, pixels. */
const FIRST_HEIGHT = 600;

type Options<Item> = {
	scroller: RefObject<HTMLElement | null>;
	/** Its height is that of what stands above the first line. */
	above: RefObject<HTMLElement | null>;
	items: readonly Item[];
	keyOf(item: Item): string;
	/** Height of a line that is not measured, pixels. */
	estimate: number;
	/** Lines that are of that very height and are never measured. */
	oneLine?(item: Item): boolean;
	following: boolean;
	/** The reader scrolls at this moment: nothing else does. */
	held(): boolean;
};

/** The line that stays where the reader has it, and how far below its start the seen part begins. */
type Anchor = { key: string; index: number; offset: number };

export type PaintedLine<Item> = { item: Item; index: number; key: string; start: number; oneLine: boolean };

/**
 * Which lines to paint and where. Following, the end is shown; otherwise the reader's line stays in place whatever is
 * added, measured or let go around it (PAGE-3). A paint costs the lines that are seen and those that are new.
 */
export function useLines<Item>(options: Options<Item>) {
	const { scroller, above, items, keyOf, estimate, oneLine, following } = options;
	const [, paint] = useReducer((n: number) => n + 1, 0);
	const kept = useRef<Layout<Item> | null>(null);
	kept.current ??= lineLayout(keyOf);
	const layout = kept.current;
	const seen = useRef({ top: 0, height: FIRST_HEIGHT, above: 0 });
	const anchor = useRef<Anchor | null>(null);
	const held = useRef(options.held);
	held.current = options.held;

	layout.update(items, estimate);
	const view = seen.current;
	const anchorAt = (index: number): Anchor | null => {
		const item = items[index];
		return item === undefined
			? null
			: { key: keyOf(item), index, offset: view.top - view.above - layout.startOf(index) };
	};
	let top = Math.max(0, view.above + layout.total() - view.height);
	if (!following) {
		const at = anchor.current ? layout.indexOf(anchor.current.key, anchor.current.index) : -1;
		if (anchor.current && at >= 0) {
			anchor.current.index = at;
			top = view.above + layout.startOf(at) + anchor.current.offset;
		} else {
			top = Math.min(view.top, top);
			anchor.current = anchorAt(layout.indexAt(top - view.above));
		}
	}
	const from = Math.max(0, layout.indexAt(top - view.above) - BEYOND);
	const to = Math.min(items.length - 1, layout.indexAt(top - view.above + view.height) + BEYOND);
	const lines: PaintedLine<Item>[] = [];
	for (let index = from; index <= to; index++) {
		const item = items[index];
		if (item === undefined) continue;
		const start = layout.startOf(index);
		lines.push({ item, index, key: keyOf(item), start, oneLine: oneLine?.(item) ?? false });
	}

	const observer = useRef<ResizeObserver | null>(null);
	const observed = useRef(new Map<Element, number>());
	const delivering = useRef(false);
	const lookAt = useCallback(() => {
		const element = scroller.current;
		if (!element) return false;
		const height = element.clientHeight || FIRST_HEIGHT;
		const before = above.current?.offsetHeight ?? 0;
		const changed = height !== seen.current.height || before !== seen.current.above;
		seen.current.height = height;
		seen.current.above = before;
		return changed;
	}, [scroller, above]);

	// Before the effects below: lines are observed as soon as they are there.
	useLayoutEffect(() => {
		if (typeof ResizeObserver === "undefined") return;
		const made = new ResizeObserver((entries) => {
			let moved = entries.some(({ target }) => !observed.current.has(target)) && lookAt();
			for (const { target, borderBoxSize } of entries) {
				const index = observed.current.get(target);
				const size = borderBoxSize[0]?.blockSize ?? target.getBoundingClientRect().height;
				if (index !== undefined && target.isConnected) moved = layout.resize(index, size) || moved;
			}
			// Within the frame that showed it: the reader sees no line jump.
			delivering.current = true;
			if (moved) flushSync(() => paint());
			delivering.current = false;
		});
		observer.current = made;
		for (const element of observed.current.keys()) made.observe(element);
		if (scroller.current) made.observe(scroller.current);
		if (above.current) made.observe(above.current);
		return () => {
			made.disconnect();
			observer.current = null;
		};
	}, [layout, lookAt, scroller, above]);

	useLayoutEffect(() => {
		const element = scroller.current;
		if (!element) return;
		let moved = lookAt();
		for (const line of lines) if (line.oneLine && layout.resize(line.index, null)) moved = true;
		if (moved) paint();
		if (following) {
			anchor.current = null;
			const end = element.scrollHeight - element.clientHeight;
			if (end - element.scrollTop > 0.5 && !held.current()) element.scrollTop = end;
			view.top = element.scrollTop;
		} else if (Math.abs(top - view.top) > 0.5) {
			// By the difference: what the reader has scrolled meanwhile stays scrolled.
			element.scrollTop += top - view.top;
			view.top = top;
		}
	});

	/** To be the ref of each line that is measured, with its index in `data-index`. */
	const measure = useCallback((element: HTMLElement | null) => {
		if (!element) return;
		observed.current.set(element, Number(element.dataset.index));
		const observe = () => {
			if (observed.current.has(element)) observer.current?.observe(element);
		};
		// An observer that is given more to observe while it delivers complains of a loop.
		if (delivering.current) requestAnimationFrame(observe);
		else observe();
		return () => {
			observed.current.delete(element);
			observer.current?.unobserve(element);
		};
	}, []);
	// A line that stays painted may stand at another index than when it was first seen.
	useLayoutEffect(() => {
		for (const element of observed.current.keys())
			observed.current.set(element, Number((element as HTMLElement).dataset.index));
	});

	return {
		lines,
		total: layout.total(),
		measure,
		/** The scroller has moved, by the reader or by us. */
		scrolled() {
			const now = scroller.current?.scrollTop ?? 0;
			if (Math.abs(now - view.top) <= 1) return;
			view.top = now;
			anchor.current = anchorAt(layout.indexAt(now - view.above));
			paint();
		},
		scrollToEnd() {
			const element = scroller.current;
			if (!element) return;
			element.scrollTop = element.scrollHeight;
			paint();
		},
		/** Shows a line in the middle, or what is above the first line. */
		scrollTo(index: number | "top") {
			const element = scroller.current;
			if (!element) return;
			const at = index === "top" ? 0 : index;
			const middle = (view.height - layout.sizeOf(at)) / 2;
			const wanted = index === "top" ? 0 : view.above + layout.startOf(at) - middle;
			element.scrollTop = wanted;
			view.top = Math.max(0, wanted);
			anchor.current = anchorAt(at);
			paint();
		},
	};
}
