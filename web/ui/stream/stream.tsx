import { Button } from "@cloudflare/kumo/components/button";
import { type ReactNode, useEffect, useMemo, useRef, useState } from "react";
import { chordBefore } from "../chord.ts";
import { useClock } from "../clock.tsx";
import { plural } from "../format/number.ts";
import { clockTime } from "../format/time.ts";
import { isTyping } from "../live-table/keys.ts";
import { placeOf } from "./layout.ts";
import { END_PX, type Left, type Mode, modeEventOfKey, newSince, type Paused, pausedItems } from "./mode.ts";
import { useLines } from "./use-lines.ts";

export type StreamProps<Item> = {
	/** Names the stream for speech. */
	label: string;
	/** Oldest first. The same array as at the last paint may only have grown at its end. */
	items: readonly Item[];
	/** Always the same function. */
	keyOf(item: Item): string;
	item(item: Item): ReactNode;
	/** Rising with the stream, e.g. its seq: tells what was there when it was paused, whatever the filter. */
	orderOf?(item: Item): number;
	/** Height of a line before it is measured, pixels. */
	estimate?: number;
	/** Lines that are given that very height and are never measured. */
	oneLine?(item: Item): boolean;
	/** Above the oldest line: how to get older ones, or where the stream begins. */
	top?: ReactNode;
	/** In place of lines where there are none. */
	none?: ReactNode;
	/** Left in the toolbar: search, kinds; the mode stands right of it. */
	bar?: ReactNode;
	/** Between the toolbar and the lines, e.g. the words of their columns. */
	head?: ReactNode;
	/** It grows by its reader's own doing only, so that there is no mode to tell and nothing to pause. */
	still?: boolean;
	/** Right in the toolbar, e.g. `61 ev/s`. */
	rate?: ReactNode;
	/** A line to show now: a hit of a search, the line of a linked seq. Sets Reading. */
	show?: string | null;
	onKeyDown?(event: React.KeyboardEvent): void;
};

/** From a wheel, touch or drag until its scrolling has settled, milliseconds. */
const BY_HAND_MS = 400;

/**
 * A log that is read while it grows (PAGE-3, L6 to L8). It follows its end until the reader scrolls; growth, wrapping
 * and resizing never change the mode. A pause freezes what is painted, not what is received.
 */
export function Stream<Item>(props: StreamProps<Item>) {
	const { items, keyOf, orderOf } = props;
	const clock = useClock();
	const scroller = useRef<HTMLDivElement>(null);
	const above = useRef<HTMLDivElement>(null);
	const [mode, setMode] = useState<Mode>("following");
	const [leftAt, setLeftAt] = useState<Left | null>(null);
	const [paused, setPaused] = useState<Paused<Item> | null>(null);
	// What comes after a pause is never shown in it: an array that only grows needs no second look.
	const shown = useMemo(
		() => (paused ? pausedItems(paused, items, keyOf, orderOf) : items),
		[paused, items, keyOf, orderOf],
	);
	const estimate = props.estimate ?? 28;

	/** When the reader last scrolled by hand: only that changes the mode. */
	const byHand = useRef(Number.NEGATIVE_INFINITY);
	const held = () => performance.now() - byHand.current <= BY_HAND_MS;
	const lines = useLines({
		scroller,
		above,
		items: shown,
		keyOf,
		estimate,
		oneLine: props.oneLine,
		following: mode === "following" && !paused,
		held,
	});

	const read = () => {
		if (mode === "reading") return;
		setMode("reading");
		const last = shown.at(-1);
		setLeftAt(last === undefined ? null : { key: keyOf(last), index: shown.length - 1 });
	};
	const follow = () => {
		byHand.current = Number.NEGATIVE_INFINITY;
		setMode("following");
		lines.scrollToEnd();
	};
	const pause = () => {
		if (paused) return setPaused(null);
		const frozen = new Map(items.map((item) => [keyOf(item), item]));
		const last = items.at(-1);
		setPaused({ at: clock(), items: frozen, upTo: last && orderOf ? orderOf(last) : null });
	};

	const show = props.show ?? null;
	const foundAt = useRef(-1);
	if (show !== null) foundAt.current = placeOf(shown, keyOf, show, foundAt.current);
	const showAt = show === null ? -1 : foundAt.current;
	// biome-ignore lint/correctness/useExhaustiveDependencies: only another line to show scrolls, not a line that moves
	useEffect(() => {
		if (showAt < 0) return;
		read();
		lines.scrollTo(showAt);
	}, [show, showAt < 0]);

	// Selecting text is reading.
	// biome-ignore lint/correctness/useExhaustiveDependencies: read() only needs the mode
	useEffect(() => {
		const selected = () => {
			const selection = document.getSelection();
			if (selection && !selection.isCollapsed && scroller.current?.contains(selection.anchorNode)) read();
		};
		document.addEventListener("selectionchange", selected);
		return () => document.removeEventListener("selectionchange", selected);
	}, [mode]);

	const touched = () => {
		byHand.current = performance.now();
	};
	const onScroll = () => {
		lines.scrolled();
		if (!held()) return;
		const element = scroller.current;
		if (!element) return;
		const left = element.scrollHeight - element.scrollTop - element.clientHeight;
		if (left <= END_PX) setMode("following");
		else read();
	};
	const onKeyDown = (event: React.KeyboardEvent) => {
		if (chordBefore(event.nativeEvent) !== null) return;
		props.onKeyDown?.(event);
		if (event.defaultPrevented || isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey)
			return;
		if (event.key === "p" && !props.still) return pause();
		const change = modeEventOfKey(event.key);
		if (change === "end") {
			event.preventDefault();
			follow();
		} else if (event.key === "Home") {
			// The browser's own Home stops short: lines that are measured on the way push it down again.
			event.preventDefault();
			read();
			lines.scrollTo("top");
		} else if (change === "up" && event.key !== "ArrowDown" && event.key !== "PageDown") {
			touched();
			read();
		} else if (change === "up") touched();
	};

	const news = mode === "reading" && !paused ? newSince(shown, leftAt, keyOf) : 0;
	const waiting = paused ? items.length - shown.length : 0;
	const word = paused
		? `Paused at ${clockTime(paused.at)}, ${plural(waiting, "line")} wait, none lost`
		: mode === "following"
			? "Following"
			: "Reading";

	return (
		<div className="relative flex min-h-0 flex-1 flex-col">
			<div
				className={`flex min-h-9 shrink-0 items-center gap-3 border-b border-kumo-hairline px-3 ${
					props.still && !props.bar ? "hidden" : ""
				}`}
			>
				<div className="flex min-w-0 flex-1 items-center gap-2">{props.bar}</div>
				{props.still ? null : (
					<>
						<span className="text-xs whitespace-nowrap text-tone-quiet" data-mode-word>
							{word}
						</span>
						<Button size="sm" variant={paused ? "secondary" : "ghost"} onClick={pause} aria-keyshortcuts="p">
							{paused ? "Resume, p" : "Pause"}
						</Button>
					</>
				)}
				{props.rate !== undefined && <span className="text-xs text-tone-quiet">{props.rate}</span>}
			</div>
			{props.head}
			<div
				ref={scroller}
				role="log"
				aria-live="off"
				aria-label={props.label}
				// biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls by keys
				tabIndex={0}
				className="min-h-0 flex-1 overflow-y-auto [overflow-anchor:none]"
				onScroll={onScroll}
				onWheel={(event) => {
					touched();
					if (event.deltaY < 0) read();
				}}
				onTouchMove={touched}
				onPointerDown={(event) => {
					// On the bar itself: the reader drags it.
					if (event.target === scroller.current) touched();
				}}
				onPointerMove={(event) => {
					if (event.buttons > 0 && event.target === scroller.current) touched();
				}}
				onKeyDown={onKeyDown}
			>
				<div ref={above}>{props.top}</div>
				{shown.length === 0 ? (
					props.none
				) : (
					<div className="relative" style={{ height: lines.total }}>
						{lines.lines.map(({ item, index, key, start, oneLine }) => (
							<div
								key={key}
								ref={oneLine ? undefined : lines.measure}
								data-index={index}
								data-key={key}
								className="absolute inset-x-0 top-0"
								style={{
									transform: `translateY(${start}px)`,
									...(oneLine ? { height: estimate, overflow: "hidden" } : {}),
								}}
							>
								{props.item(item)}
							</div>
						))}
					</div>
				)}
			</div>
			{news > 0 && (
				<div className="pointer-events-none absolute right-4 bottom-3">
					<button type="button" className="pill" onClick={follow}>
						{news.toLocaleString("en-US")} new ↓
					</button>
				</div>
			)}
		</div>
	);
}
