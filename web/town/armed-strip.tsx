import { useMemo } from "react";
import { armedOf } from "../ledger/armed.ts";
import { storiesOf } from "../ledger/stories-of.ts";
import { Sign } from "../ui/index.ts";
import { useAction } from "./action-state.ts";
import { Seconds } from "./armed-line.tsx";
import { useOpenTown } from "./open-town.ts";

/**
 * What is about to be done in this town, by whom, in how many seconds; whoever reads it may stop it (LEDGER-7). It stands at the
 * bottom, so that nothing above it moves (P3).
 */
export function ArmedStrip() {
	const { client, ledger, viewers, me } = useOpenTown();
	const shown = useAction(({ docked, phase }) =>
		docked && "intervention" in phase ? phase.intervention : null,
	);
	const armed = useMemo(() => armedOf(storiesOf(ledger)), [ledger]);
	// What the sheet that stands open counts is not counted twice.
	const others = armed.filter(({ ids }) => shown === null || !ids.includes(shown));
	if (others.length === 0) return null;
	const mine = viewers.find(({ id }) => id === me)?.admin;
	return (
		<section aria-label="About to be done" className="shrink-0 border-t border-kumo-line bg-tone-human-tint">
			<ul>
				{others.map((one) => (
					<li
						key={one.of}
						className="flex min-h-9 flex-wrap items-center gap-x-3 gap-y-1 px-4 py-1"
						data-armed={one.of}
					>
						<Sign name="waiting" tone="human" />
						<span className="text-tone-human">
							{one.admin === mine ? "You" : one.who}: {one.what}
						</span>
						<Seconds armed={one} client={client} />
					</li>
				))}
			</ul>
		</section>
	);
}
