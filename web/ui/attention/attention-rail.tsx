import { type ReactNode, useEffect, useRef, useState } from "react";
import type { Diagnosis, Finding } from "../../../shared/diagnosis/finding.ts";
import { useNow } from "../clock.tsx";
import { duration } from "../format/duration.ts";
import { plural } from "../format/number.ts";
import { useHold } from "../live-table/use-hold.ts";
import { severityLook } from "../status/other-looks.ts";
import { Sign, Status } from "../status/status.tsx";
import { attentionAfter, folded, type Item, lookedAt } from "./attention.ts";
import { FoldedNotices, OpenNotices, standsOpen } from "./notices.tsx";
import { RailEntry } from "./rail-entry.tsx";

export type RailProps = {
	diagnosis: Diagnosis;
	/** The diagnosis is of the whole town as it is now: only such ones are compared, so that nothing clears that never stood. */
	settled: boolean;
	/** The town is not seen: nothing here may look current (P2). `asOf` in words. */
	blind: boolean;
	/** Name of a finding's subject. */
	nameOf(finding: Finding): string;
	/** The remedy as a button, filled only where `primary`. */
	remedyOf(finding: Finding, primary: boolean): ReactNode;
	/** Key of the finding whose card is open: that is then the loud one. */
	open: string | null;
	onOpen(finding: Finding): void;
	/** `5 agents, 11 beads watched, checked 1 s ago`. */
	watched: ReactNode;
	/** Beside the head. */
	children?: ReactNode;
	/** In place of the list: what a complaint is answered. */
	instead?: ReactNode;
	/** Below the findings: what is in force. */
	below?: ReactNode;
};

/** What needs a person, worst first; one cause is loud (P1, P5, L10). */
export function AttentionRail(props: RailProps) {
	const { diagnosis, settled, blind, open } = props;
	const now = useNow();
	const list = useRef<HTMLDivElement>(null);
	const held = useHold(list, false);
	const [items, setItems] = useState<Item[]>(() => attentionAfter([], diagnosis.findings, now, false, true));
	const compared = useRef(false);
	useEffect(() => {
		// What stands when the town is first seen is not news.
		if (!compared.current) setItems(attentionAfter([], diagnosis.findings, now, false, true));
		else if (settled) setItems((before) => attentionAfter(before, diagnosis.findings, now, held, false));
		compared.current ||= settled;
	}, [diagnosis, now, held, settled]);
	const { shown, cleared } = folded(items, now);
	const standing = shown.filter((item) => item.clearedAt === null);
	const loud = open === null ? standing[0]?.key : undefined;
	const look = (item: Item) => setItems((before) => lookedAt(before, item.key));

	return (
		<div className="flex min-h-0 flex-1 flex-col">
			<header className="flex min-h-9 shrink-0 items-center gap-3 border-b border-kumo-hairline px-3">
				<h2 className="text-base font-semibold">Attention</h2>
				<span className="flex shrink-0 items-center gap-3">
					<Counts items={standing} blind={blind} />
				</span>
				<span className="flex min-w-0 flex-1 justify-end">{props.children}</span>
			</header>
			{props.instead}
			<div ref={list} className={props.instead ? "hidden" : "min-h-0 flex-1 overflow-y-auto"}>
				{standing.length === 0 && !blind && (
					<p className="flex items-start gap-2 px-3 py-3 text-tone-quiet" data-none="empty">
						<Sign name="done" tone="good" />
						<span>
							{diagnosis.notices.some(standsOpen) ? "Nothing is wrong." : "Nothing needs you."}{" "}
							{props.watched}
						</span>
					</p>
				)}
				{standing.length === 0 && blind && (
					<p className="flex items-start gap-2 px-3 py-3 text-tone-quiet">
						<Sign name="unseen" tone="warn" />
						Cannot be seen. Nothing was known to be wrong before.
					</p>
				)}
				<ul>
					{shown.map((item) => (
						<RailEntry
							key={item.key}
							item={item}
							now={now}
							loud={item.key === loud && !blind}
							name={props.nameOf(item.finding)}
							open={item.key === open}
							remedy={
								item.clearedAt === null ? props.remedyOf(item.finding, item.key === loud && !blind) : null
							}
							onOpen={() => {
								look(item);
								props.onOpen(item.finding);
							}}
						/>
					))}
				</ul>
				{!blind && (
					<OpenNotices
						notices={diagnosis.notices.filter(standsOpen)}
						now={now}
						nameOf={props.nameOf}
						remedyOf={props.remedyOf}
						onOpen={props.onOpen}
					/>
				)}
				<FoldedNotices
					notices={diagnosis.notices.filter((notice) => blind || !standsOpen(notice))}
					nameOf={props.nameOf}
					onOpen={props.onOpen}
				/>
				{cleared.length > 0 && (
					<details className="border-b border-kumo-hairline">
						<summary className="flex min-h-8 cursor-pointer items-center gap-2 px-3 text-tone-quiet">
							Cleared today, {cleared.length}
						</summary>
						<ul>
							{cleared.map((item) => (
								<li key={item.key} className="flex items-start gap-2 px-3 py-1 text-tone-quiet">
									<Sign name="done" tone="good" />
									<span>
										{item.finding.sentence}
										<span className="text-xs"> {duration(now - (item.clearedAt ?? now), true)} ago</span>
									</span>
								</li>
							))}
						</ul>
					</details>
				)}
				{props.below}
			</div>
		</div>
	);
}

/** `✕ 2 ▲ 1`; while blind it says what was. */
function Counts({ items, blind }: { items: readonly Item[]; blind: boolean }) {
	const of = (severity: string) => items.filter((item) => item.finding.severity === severity).length;
	return (
		<>
			{blind && <span className="text-xs text-tone-warn">was</span>}
			{(["critical", "warning"] as const).map((severity) => {
				const n = of(severity);
				const { sign, tone } = severityLook(severity);
				return n === 0 ? null : (
					<Status
						key={severity}
						look={{ sign, tone: blind ? "quiet" : tone, word: String(n) }}
						className="font-medium"
					/>
				);
			})}
			<span className="sr-only">
				{of("critical")} critical, {plural(of("warning"), "warning")}
			</span>
		</>
	);
}
