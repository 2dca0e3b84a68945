import type { Icon } from "@phosphor-icons/react";
import type { ReactNode } from "react";

type ClosedProps = {
	icon: Icon;
	name: string;
	subject: string;
	open: boolean;
	/** Shows its body, shortened, though closed. */
	peek?: boolean;
	onToggle(): void;
	right?: ReactNode;
	children: ReactNode;
};

/** The closed line of a part: icon, kind, subject, result at the right; a press opens it and its line stays where it was. */
export function Closed({
	icon: Shape,
	name,
	subject,
	open,
	peek = false,
	onToggle,
	right,
	children,
}: ClosedProps) {
	return (
		<>
			<button
				type="button"
				aria-expanded={open}
				onClick={onToggle}
				className="flex min-h-7 w-full items-center gap-2 rounded-sm text-left hover:bg-kumo-tint max-md:min-h-11"
			>
				<Shape size={16} weight="bold" aria-hidden className="shrink-0 text-tone-quiet" />
				<span className="shrink-0 font-medium">{name}</span>
				<span className="min-w-0 flex-1 truncate font-mono text-xs" title={subject}>
					{subject}
				</span>
				<span className="flex shrink-0 items-center gap-2">{right}</span>
			</button>
			{open || peek ? <div className="pb-2 pl-6">{children}</div> : null}
		</>
	);
}
