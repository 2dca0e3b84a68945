import { useState } from "react";
import { Sign, standsOpen } from "../ui/index.ts";
import { AttentionPanel } from "./attention-panel.tsx";
import { counts } from "./marks.ts";
import { useOpenTown } from "./open-town.ts";

/**
 * Between phone and desk: a strip of 36 px with the worst finding's sign and the counts, which opens as a drawer. While the
 * town is not seen it says so, and what was (P2).
 */
export function RailStrip() {
	const [open, setOpen] = useState(false);
	const { diagnosis, connection } = useOpenTown();
	const { critical, warning } = counts(diagnosis);
	const seen = connection.is !== "blind" && diagnosis.light !== "unknown";
	const held = diagnosis.notices.find(standsOpen);
	const known = `${critical} critical, ${warning} warnings${held ? `; ${held.sentence}` : ""}`;
	return (
		<div className="relative flex shrink-0">
			<button
				type="button"
				aria-expanded={open}
				aria-label={seen ? `Attention: ${known}` : `Attention: cannot be seen, was ${known}`}
				onClick={() => setOpen(!open)}
				className="flex w-9 flex-col items-center gap-2 border-r border-kumo-hairline bg-kumo-base py-2 hover:bg-kumo-tint"
			>
				{seen ? null : <Sign name="unseen" tone="warn" />}
				{!seen && critical + warning > 0 ? <span className="text-tone-warn text-xs">was</span> : null}
				{critical > 0 ? (
					<span className={`flex flex-col items-center ${seen ? "text-tone-bad" : "text-tone-quiet"}`}>
						<Sign name="failed" tone={seen ? "bad" : "quiet"} />
						{critical}
					</span>
				) : null}
				{warning > 0 ? (
					<span className={`flex flex-col items-center ${seen ? "text-tone-warn" : "text-tone-quiet"}`}>
						<Sign name="warning" tone={seen ? "warn" : "quiet"} />
						{warning}
					</span>
				) : null}
				{seen && critical + warning === 0 ? (
					held ? (
						<Sign name="paused" tone="quiet" />
					) : (
						<Sign name="done" tone="good" />
					)
				) : null}
			</button>
			{open ? (
				<div className="absolute inset-y-0 left-9 z-20 flex w-[304px] shadow-lg">
					<AttentionPanel />
				</div>
			) : null}
		</div>
	);
}
