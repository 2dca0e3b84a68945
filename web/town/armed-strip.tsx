import { Button } from "@cloudflare/kumo/components/button";
import { useMemo, useState } from "react";
import { type Armed, armedOf } from "../ledger/armed.ts";
import { foldLedger } from "../ledger/fold.ts";
import { Sign } from "../ui/index.ts";
import { useAction } from "./action-state.ts";
import { useOpenTown } from "./open-town.ts";
import { useSecondsLeft } from "./use-seconds-left.ts";

/** What is about to be done in this town, by whom, in how many seconds; whoever reads it may stop it (LEDGER-7). */
export function ArmedStrip() {
	const { ledger } = useOpenTown();
	const shown = useAction(({ docked, phase }) =>
		docked && "intervention" in phase ? phase.intervention : null,
	);
	const armed = useMemo(() => armedOf(foldLedger(ledger)), [ledger]);
	// What the sheet that stands open counts is not counted twice.
	const others = armed.filter(({ ids }) => shown === null || !ids.includes(shown));
	if (others.length === 0) return null;
	return (
		<section aria-label="About to be done" className="shrink-0 border-b border-kumo-line bg-tone-human-tint">
			<ul>
				{others.map((one) => (
					<Line key={one.of} armed={one} />
				))}
			</ul>
		</section>
	);
}

function Line({ armed }: { armed: Armed }) {
	const { client, viewers, me } = useOpenTown();
	const [failed, setFailed] = useState<string | null>(null);
	const seconds = useSecondsLeft(armed.due);
	const mine = viewers.some(({ id, admin }) => id === me && admin === armed.admin);
	return (
		<li className="flex min-h-9 flex-wrap items-center gap-x-3 gap-y-1 px-4 py-1" data-armed={armed.of}>
			<Sign name="waiting" tone="human" />
			<span className="text-tone-human">
				{mine ? "You" : armed.who}: {armed.what} <span className="tabular-nums">in {seconds} s</span>
			</span>
			<Button
				size="sm"
				variant="outline"
				aria-label={`Cancel: ${armed.what}`}
				onClick={() =>
					void client.cancel(armed.of).then((result) => setFailed(result.ok ? null : result.error.message))
				}
			>
				Cancel it
			</Button>
			{failed === null ? null : <span role="alert">{failed}</span>}
		</li>
	);
}
