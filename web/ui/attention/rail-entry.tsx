import type { ReactNode } from "react";
import { ago, duration } from "../format/duration.ts";
import { severityLook } from "../status/other-looks.ts";
import { look, TONE_TINT } from "../status/signs.ts";
import { Status } from "../status/status.tsx";
import type { Item } from "./attention.ts";
import { behindWords, recoversWords } from "./finding-words.ts";

type Props = {
	item: Item;
	now: number;
	/** It alone has the tint and the filled button (P5). */
	loud: boolean;
	/** Its subject. */
	name: string;
	open: boolean;
	remedy: ReactNode;
	onOpen(): void;
};

/** One cause in the rail: severity, subject, sentence, who mends it, since when, what is behind it, the remedy. */
export function RailEntry({ item, now, loud, name, open, remedy, onOpen }: Props) {
	const { finding, clearedAt, cameBackAfter } = item;
	const cleared = clearedAt !== null;
	const state = cleared
		? look("done", `Cleared ${ago(now - clearedAt)}`, "good")
		: severityLook(finding.severity);
	const behind = behindWords(finding.behind);
	return (
		<li
			data-finding={finding.code}
			data-loud={loud || undefined}
			className={`flex flex-col gap-1 border-b border-kumo-hairline px-3 py-2 ${loud ? TONE_TINT[state.tone] : ""} ${
				cleared ? "text-tone-quiet" : ""
			}`}
		>
			<div className="flex items-center justify-between gap-2">
				<Status look={state} className={item.fresh ? "font-semibold" : "font-medium"} />
				{!cleared && <span className="text-xs text-tone-quiet">{duration(now - finding.since, true)}</span>}
			</div>
			<button
				type="button"
				aria-current={open ? "true" : undefined}
				className={`cursor-pointer text-left hover:underline ${item.fresh ? "font-semibold" : ""}`}
				onClick={onOpen}
			>
				<span className="block text-xs text-tone-quiet">
					{open && "▸ "}
					{name}
				</span>
				{finding.sentence}
			</button>
			{cameBackAfter !== null && !cleared && (
				<Status
					look={look("warning", `Came back after ${duration(cameBackAfter)}`, "warn")}
					className="text-xs"
				/>
			)}
			{!cleared && (
				<p className="text-xs text-tone-quiet">
					{recoversWords(finding)}
					{behind && ` · Behind it: ${behind}`}
				</p>
			)}
			{remedy !== null && <div className="flex flex-wrap gap-2 pt-1 empty:hidden">{remedy}</div>}
		</li>
	);
}
