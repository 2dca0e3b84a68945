import { Button } from "@cloudflare/kumo/components/button";
import { type ReactNode, useState } from "react";
import type { Evidence, Finding, Subject } from "../../../shared/diagnosis/finding.ts";
import { useNow } from "../clock.tsx";
import { copy } from "../copy.ts";
import { duration } from "../format/duration.ts";
import { severityLook } from "../status/other-looks.ts";
import { TONE_TINT } from "../status/signs.ts";
import { Status } from "../status/status.tsx";
import { Time } from "../time.tsx";
import { recoversWords } from "./finding-words.ts";

type Props = {
	finding: Finding;
	/** The one loud thing of the page (P5): it alone has the tint. */
	loud: boolean;
	/** A link to a thing behind it. */
	subject(subject: Subject): ReactNode;
	onEvidence(evidence: Evidence): void;
	/** Its root, where it is a consequence: the card opens with it (D1). */
	because?: ReactNode;
	/** What was tried on it, newest first. */
	tried?: ReactNode;
	/** Remedy and the rest, in that order. */
	actions?: ReactNode;
};

const Line = ({ head, children }: { head: string; children: ReactNode }) => (
	<div className="grid grid-cols-[84px_1fr] gap-x-3">
		<dt className="text-xs/5 text-tone-quiet">{head}</dt>
		<dd className="flex min-w-0 flex-wrap items-center gap-x-3 gap-y-1">{children}</dd>
	</div>
);

const BEHIND = 6;

/** A cause, whole: what, how, figures, evidence that opens, who mends it, what is behind it, what was ruled out (design-ui §6). */
export function FindingCard({ finding, loud, subject, onEvidence, because, tried, actions }: Props) {
	const now = useNow();
	const [all, setAll] = useState(false);
	const look = severityLook(finding.severity);
	const unsure = finding.needs.length > 0;
	const behind = all ? finding.behind : finding.behind.slice(0, BEHIND);
	const { recovers } = finding;
	return (
		<article
			aria-label={`${look.word}: ${finding.sentence}`}
			data-finding={finding.code}
			className={`flex flex-col gap-2 border-b border-kumo-hairline px-4 py-3 ${loud ? TONE_TINT[look.tone] : ""}`}
		>
			{because && <p className="text-xs text-tone-quiet">A consequence of {because}</p>}
			<header className="flex flex-wrap items-center gap-x-3 text-xs">
				<Status look={look} className="font-medium" />
				<code className="text-tone-quiet">{finding.code}</code>
				<span className="ml-auto text-tone-quiet">
					since <Time at={finding.since} /> ({duration(now - finding.since, true)})
				</span>
			</header>
			<h3 className="text-lg font-semibold">
				{unsure && "Perhaps: "}
				{finding.sentence}
			</h3>
			{finding.measured.length > 0 && <p>{finding.measured.join(" ")}</p>}
			{actions && <div className="flex flex-wrap items-center gap-2 empty:hidden">{actions}</div>}
			<dl className="flex flex-col gap-1">
				{finding.evidence.length > 0 && (
					<Line head="Evidence">
						{finding.evidence.map((evidence) => (
							<button
								key={`${evidence.entity}/${evidence.key}/${evidence.label}`}
								type="button"
								className="inline-flex min-h-6 cursor-pointer items-center gap-1.5 text-tone-active hover:underline"
								onClick={() => onEvidence(evidence)}
							>
								{evidence.label}
								{evidence.at !== null && <Time at={evidence.at} className="text-tone-quiet" />}
								<span aria-hidden>›</span>
							</button>
						))}
					</Line>
				)}
				<Line head="Recovers">
					<span>{recoversWords(finding)}</span>
					{recovers.who === "user" && (
						<Button size="sm" variant="outline" onClick={() => void copy(recovers.message)}>
							Copy a message to the owner
						</Button>
					)}
				</Line>
				{tried && <Line head="Tried">{tried}</Line>}
				{finding.behind.length > 0 && (
					<Line head="Behind it">
						{behind.map((it) => (
							<span key={`${it.kind}:${it.id}`}>{subject(it)}</span>
						))}
						{finding.behind.length > behind.length && (
							<button
								type="button"
								className="min-h-6 cursor-pointer text-tone-active hover:underline"
								onClick={() => setAll(true)}
							>
								Show all {finding.behind.length}
							</button>
						)}
					</Line>
				)}
				{unsure && <Line head="To be sure">{finding.needs.join(" · ")}</Line>}
				{finding.ruledOut.length > 0 && <Line head="Ruled out">{finding.ruledOut.join(" · ")}</Line>}
			</dl>
		</article>
	);
}
