import type { ReactNode } from "react";
import type { Finding } from "../../../shared/diagnosis/finding.ts";
import { duration } from "../format/duration.ts";
import { Sign } from "../status/status.tsx";
import { recoversWords } from "./finding-words.ts";

/** What holds the whole town, and what waits for somebody's answer: no failures, but nobody should have to look for them. */
export const standsOpen = ({ subject, code }: Finding): boolean =>
	subject.kind === "town" || code === "agent.blocked-on-permission";

type Props = {
	notices: readonly Finding[];
	now: number;
	nameOf(finding: Finding): string;
	remedyOf(finding: Finding, primary: boolean): ReactNode;
	onOpen(finding: Finding): void;
};

const keyOf = ({ code, subject }: Finding) => `${code} ${subject.id}`;

/** Those that stand open, each with who ends it and what may be pressed. */
export const OpenNotices = ({ notices, now, nameOf, remedyOf, onOpen }: Props) => (
	<ul>
		{notices.map((notice) => (
			<li
				key={keyOf(notice)}
				data-notice={notice.code}
				className="flex flex-col gap-1 border-b border-kumo-hairline px-3 py-2"
			>
				<div className="flex items-center justify-between gap-2">
					<span className="inline-flex items-center gap-2 text-tone-quiet">
						<Sign name={notice.subject.kind === "town" ? "paused" : "waiting"} tone="quiet" />
						{notice.subject.kind === "town" ? "Held" : "Waits for an answer"}
					</span>
					<span className="text-xs text-tone-quiet">{duration(now - notice.since, true)}</span>
				</div>
				<button
					type="button"
					className="cursor-pointer text-left hover:underline"
					onClick={() => onOpen(notice)}
				>
					<span className="block text-xs text-tone-quiet">{nameOf(notice)}</span>
					{notice.sentence}
				</button>
				<p className="text-xs text-tone-quiet">{recoversWords(notice)}</p>
				<div className="flex flex-wrap gap-2 pt-1 empty:hidden">{remedyOf(notice, false)}</div>
			</li>
		))}
	</ul>
);

/** The rest, in one fold. */
export const FoldedNotices = ({ notices, nameOf, onOpen }: Pick<Props, "notices" | "nameOf" | "onOpen">) =>
	notices.length === 0 ? null : (
		<details className="border-b border-kumo-hairline">
			<summary className="flex min-h-8 cursor-pointer items-center gap-2 px-3 text-tone-quiet">
				Waiting for a reason, {notices.length}
			</summary>
			<ul>
				{notices.map((notice) => (
					<li key={keyOf(notice)} className="flex items-start gap-2 px-3 py-1">
						<Sign name="open" tone="quiet" />
						<button
							type="button"
							className="cursor-pointer text-left hover:underline"
							onClick={() => onOpen(notice)}
						>
							<span className="text-tone-quiet">{nameOf(notice)}:</span> {notice.sentence}
						</button>
					</li>
				))}
			</ul>
		</details>
	);
