import type { ReactNode } from "react";
import { useCopy } from "../use-copy.ts";

/** A recessed block of mono text: its head, copy at the top right, no wrap at first. */
export function Block(props: { head?: ReactNode; copy: string; children: ReactNode }) {
	const { copied, Icon, copyText } = useCopy();
	return (
		<div className="group/block relative overflow-hidden rounded-sm bg-kumo-recessed">
			{props.head !== undefined && (
				<div className="flex min-h-7 items-center gap-2 border-b border-kumo-hairline px-3 pr-9 text-xs text-tone-quiet">
					{props.head}
				</div>
			)}
			<button
				type="button"
				aria-label={copied ? "Copied" : "Copy the whole text"}
				className="absolute top-0.5 right-1 inline-flex size-6 bg-kumo-recessed cursor-pointer items-center justify-center rounded text-tone-quiet hover:text-kumo-default"
				onClick={() => copyText(props.copy)}
			>
				<Icon size={12} weight="bold" aria-hidden />
			</button>
			{props.children}
		</div>
	);
}

/** "41 more lines (3.1 kB)", which opens them. */
export const More = ({ children, onOpen }: { children: ReactNode; onOpen(): void }) => (
	<button
		type="button"
		className="block min-h-6 w-full cursor-pointer px-3 text-left font-sans text-xs text-tone-active hover:underline"
		onClick={onOpen}
	>
		{children}
	</button>
);

export const PRE = "overflow-x-auto px-3 py-2 font-mono text-xs/[18px] whitespace-pre";
