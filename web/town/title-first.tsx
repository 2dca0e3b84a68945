import type { ReactNode } from "react";

/** A title that is cut only when all that stands after it has been dropped: what does not fit wraps out of sight, whole. */
export function TitleFirst({
	title,
	strong = false,
	children,
}: {
	title: string;
	strong?: boolean;
	children: ReactNode;
}) {
	return (
		<span className="flex h-6 min-w-0 flex-wrap items-center gap-x-2 overflow-hidden">
			<span className={`max-w-full truncate leading-6 ${strong ? "font-medium" : ""}`}>{title}</span>
			{children}
		</span>
	);
}
