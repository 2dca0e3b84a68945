import type { ReactNode } from "react";

/** A titled part of an inspector; hairlines part regions, no card in a card. */
export function Section({
	title,
	aside,
	tools,
	children,
}: {
	title: string;
	aside?: ReactNode;
	/** At the right of its title. */
	tools?: ReactNode;
	children: ReactNode;
}) {
	return (
		<section className="border-t border-kumo-hairline px-4 py-2">
			<div className="flex items-start justify-between gap-3">
				<h3 className="flex items-baseline gap-3 pb-1 font-semibold">
					{title}
					{aside ? <span className="font-normal text-tone-quiet">{aside}</span> : null}
				</h3>
				{tools}
			</div>
			{children}
		</section>
	);
}
