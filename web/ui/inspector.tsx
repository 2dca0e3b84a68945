import { Button } from "@cloudflare/kumo/components/button";
import { ArrowLeftIcon } from "@phosphor-icons/react/ArrowLeft";
import { ArrowsInIcon } from "@phosphor-icons/react/ArrowsIn";
import { ArrowsOutIcon } from "@phosphor-icons/react/ArrowsOut";
import { XIcon } from "@phosphor-icons/react/X";
import { type ReactNode, useRef } from "react";
import { z } from "zod";
import { personalStore } from "../settings/person.ts";
import { Id } from "./id.tsx";

const LEAST_PX = 400;
const STEP_PX = 16;

type Props = {
	/** Name of what is open. */
	title: string;
	id: string;
	/** Kind, rig and the like, after the id. */
	meta?: string;
	wide: boolean;
	/** Turns `wide` round. */
	onWide(): void;
	onClose(): void;
	children: ReactNode;
	/** Docked at its bottom: actions, an action sheet. */
	footer?: ReactNode;
};

/** 520 px, or 460 where the window is narrow (design-ui §2). */
const defaultWidth = (): number => (matchMedia("(min-width: 1400px)").matches ? 520 : 460);

const clamp = (width: number): number =>
	Math.round(Math.min(Math.max(LEAST_PX, width), window.innerWidth * 0.6));

type WidthStore = { width: number | null; setWidth(width: number): void };
const useWidth = personalStore<WidthStore>("inspector", z.object({ width: z.number() }), (set) => ({
	width: null,
	setWidth: (width) => set({ width }),
}));

/**
 * The frame in which a bead or an agent stands open beside the list: resized by drag or arrow keys from 400 px to 60 %,
 * whole width with `wide`; below 1024 px it covers the content.
 */
export function Inspector({ title, id, meta, wide, onWide, onClose, children, footer }: Props) {
	const { width: kept, setWidth } = useWidth();
	const width = clamp(kept ?? defaultWidth());
	const from = useRef<{ x: number; width: number } | null>(null);
	const resize = (next: number) => setWidth(clamp(next));
	const WideIcon = wide ? ArrowsInIcon : ArrowsOutIcon;
	return (
		<aside
			aria-label={`${title}, inspector`}
			data-inspector={wide ? "wide" : "beside"}
			className={`relative flex min-h-0 flex-col border-l border-kumo-line bg-kumo-base max-lg:absolute max-lg:inset-0 max-lg:z-10 max-lg:!w-full ${
				wide ? "min-w-0 flex-1" : "shrink-0"
			}`}
			style={wide ? undefined : { width }}
		>
			{!wide && (
				// biome-ignore lint/a11y/useSemanticElements: a divider that is moved has no element of its own
				<div
					role="separator"
					aria-orientation="vertical"
					aria-label="Width of the inspector"
					aria-valuenow={width}
					aria-valuemin={LEAST_PX}
					aria-valuemax={Math.round(window.innerWidth * 0.6)}
					tabIndex={0}
					className="absolute inset-y-0 -left-1 z-10 w-2 cursor-col-resize hover:bg-tone-active-tint focus-visible:bg-tone-active max-lg:hidden"
					onPointerDown={(event) => {
						event.currentTarget.setPointerCapture(event.pointerId);
						from.current = { x: event.clientX, width };
					}}
					onPointerMove={(event) => {
						if (from.current) resize(from.current.width + from.current.x - event.clientX);
					}}
					onPointerUp={() => {
						from.current = null;
					}}
					onKeyDown={(event) => {
						if (event.key === "ArrowLeft") resize(width + STEP_PX);
						else if (event.key === "ArrowRight") resize(width - STEP_PX);
						else return;
						event.preventDefault();
						event.stopPropagation();
					}}
				/>
			)}
			<header className="flex min-h-11 shrink-0 items-center gap-2 border-b border-kumo-hairline px-4 max-md:pl-0">
				<button
					type="button"
					aria-label="Back to the list"
					className="flex size-11 shrink-0 items-center justify-center md:hidden"
					onClick={onClose}
				>
					<ArrowLeftIcon size={20} weight="bold" aria-hidden />
				</button>
				<h2 className="min-w-0 truncate text-lg font-semibold" title={title}>
					{title}
				</h2>
				<Id id={id} />
				<span className="min-w-0 flex-1 truncate text-xs text-tone-quiet">{meta}</span>
				<Button
					size="sm"
					variant="ghost"
					shape="square"
					icon={<WideIcon weight="bold" />}
					aria-label={wide ? "Beside the list" : "Whole width"}
					className="max-lg:hidden"
					onClick={onWide}
				/>
				<Button
					size="sm"
					variant="ghost"
					shape="square"
					icon={<XIcon weight="bold" />}
					aria-label="Close panel"
					title="Close panel, Esc"
					className="max-md:hidden"
					onClick={onClose}
				/>
			</header>
			<div className="flex min-h-0 flex-1 flex-col overflow-y-auto">{children}</div>
			{footer}
		</aside>
	);
}
