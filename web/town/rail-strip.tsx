import { useState } from "react";
import { Sign } from "../ui/index.ts";
import { AttentionPanel } from "./attention-panel.tsx";
import { counts } from "./marks.ts";
import { useOpenTown } from "./open-town.ts";

/** Between phone and desk: a strip of 36 px with the worst finding's sign and the counts, which opens as a drawer. */
export function RailStrip() {
	const [open, setOpen] = useState(false);
	const { critical, warning } = counts(useOpenTown().diagnosis);
	return (
		<div className="relative flex shrink-0">
			<button
				type="button"
				aria-expanded={open}
				aria-label={`Attention: ${critical} critical, ${warning} warnings`}
				onClick={() => setOpen(!open)}
				className="flex w-9 flex-col items-center gap-2 border-r border-kumo-hairline bg-kumo-base py-2 hover:bg-kumo-tint"
			>
				{critical > 0 ? (
					<span className="flex flex-col items-center text-tone-bad">
						<Sign name="failed" tone="bad" />
						{critical}
					</span>
				) : null}
				{warning > 0 ? (
					<span className="flex flex-col items-center text-tone-warn">
						<Sign name="warning" tone="warn" />
						{warning}
					</span>
				) : null}
				{critical + warning === 0 ? <Sign name="done" tone="good" /> : null}
			</button>
			{open ? (
				<div className="absolute inset-y-0 left-9 z-20 flex w-[304px] shadow-lg">
					<AttentionPanel />
				</div>
			) : null}
		</div>
	);
}
