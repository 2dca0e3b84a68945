import { Button } from "@cloudflare/kumo/components/button";
import { ClockCounterClockwiseIcon } from "@phosphor-icons/react/ClockCounterClockwise";
import { useSearch } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useStore } from "zustand";
import { useKeys } from "../routes/keys.ts";
import { useOpenTown } from "../town/open-town.ts";
import { ago, count, dateTime, plural, useWallNow } from "../ui/index.ts";
import { GoTo } from "./go-to.tsx";
import { usePastMarks } from "./marks.ts";
import type { ThePast } from "./read-past.ts";
import type { Past } from "./use-past.ts";
import { formatAt } from "./where.ts";

/** A button on the solid bar. */
const ON_PAST = "!border-current !text-kumo-inverse hover:!bg-tone-past-tint hover:!text-tone-past";

/** In place of the live bar: which moment is shown, what came since, and the ways on (L9). */
export function PastBar({ past }: { past: Past }) {
	const { go } = useOpenTown();
	const back = () => go({ at: undefined, with: undefined }, false);
	useKeys("past", { l: back });
	return (
		<section
			aria-label="The past"
			data-past={past.is}
			className="flex min-h-11 shrink-0 flex-wrap items-center gap-x-3 gap-y-1 bg-tone-past px-3 py-1 text-kumo-inverse"
		>
			<span className="flex items-center gap-2 font-medium">
				<ClockCounterClockwiseIcon size={16} weight="bold" aria-hidden />
				The past
			</span>
			{past.is === "there" ? <There moment={past.moment} reads={past.reads} /> : null}
			{past.is === "reading" ? <span role="status">Reading the town as it was</span> : null}
			{past.is === "failed" ? <span role="alert">Not to be seen: {past.message}</span> : null}
			<span className="flex-1" />
			{past.is === "failed" && past.again ? <OnBar onClick={past.again}>Try again</OnBar> : null}
			<GoTo label="Go to" className={ON_PAST} />
			<Button size="sm" variant="primary" aria-keyshortcuts="l" onClick={back}>
				Back to live
			</Button>
		</section>
	);
}

function There({ moment, reads }: { moment: ThePast; reads: boolean }) {
	const { client, live, go } = useOpenTown();
	const compares = useSearch({ from: "/towns/$id/$tab" }).with === "now";
	const seq = useStore(client.store, ({ figures }) => figures.seq);
	const now = useWallNow();
	const fresh = live.findings.filter(({ because, since }) => because === null && since > moment.at).length;
	// While the next one is read, what is beside it is not known.
	const to = (where: { seq: number } | null) => {
		if (where && !reads) go({ at: formatAt({ is: "seq", seq: where.seq }) }, true);
	};
	const marks = usePastMarks();
	const finding = (by: 1 | -1) => {
		const beside = marks.filter(({ at }) => (by > 0 ? at > moment.at : at < moment.at));
		const next = by > 0 ? beside[0] : beside.at(-1);
		if (next) go({ at: formatAt({ is: "at", at: next.at }) }, true);
	};
	const compare = () => go({ with: compares ? undefined : "now" }, true);
	useKeys("moment", {
		",": () => to(moment.before),
		".": () => to(moment.next),
		"<": () => finding(-1),
		">": () => finding(1),
		d: compare,
	});
	const later = Math.max(moment.later, seq - moment.seq);
	return (
		<>
			<span className="font-mono text-xs" data-at={moment.at}>
				{dateTime(moment.at)}.{String(moment.at % 1_000).padStart(3, "0")}
			</span>
			<span>
				seq {count(moment.seq)} · {ago(now - moment.at)} · since then {plural(later, "change")}
				{fresh > 0 ? `, ${plural(fresh, "new finding")}` : ""}
			</span>
			{reads ? <span role="status">Reading</span> : null}
			<OnBar keys="," disabled={!moment.before} onClick={() => to(moment.before)}>
				‹ change
			</OnBar>
			<OnBar keys="." disabled={!moment.next} onClick={() => to(moment.next)}>
				change ›
			</OnBar>
			<OnBar keys="d" aria-pressed={compares} onClick={compare}>
				{compares ? "Compared with now" : "Compare with now"}
			</OnBar>
		</>
	);
}

type OnBarProps = {
	keys?: string;
	disabled?: boolean;
	"aria-pressed"?: boolean;
	onClick(): void;
	children: ReactNode;
};

const OnBar = ({ keys, ...rest }: OnBarProps) => (
	<Button size="sm" variant="outline" className={ON_PAST} aria-keyshortcuts={keys} {...rest} />
);
