import { useNow } from "./clock.tsx";
import { ago, duration } from "./format/duration.ts";
import { dateTime, shortTime, wholeTime } from "./format/time.ts";

type TimeProps = {
	/** Epoch milliseconds. */
	at: number;
	seq?: number;
	/** Always with its date and seconds: the ledger. */
	dated?: boolean;
	className?: string;
};

/** A moment: `12:04:31` today, `22 Nov 12:04` else; hover gives date, milliseconds, zone, UTC and seq. */
export function Time({ at, seq, dated = false, className = "" }: TimeProps) {
	const now = useNow();
	return (
		<time
			dateTime={new Date(at).toISOString()}
			title={wholeTime(at, seq)}
			className={`whitespace-nowrap ${className}`}
		>
			{dated ? dateTime(at) : shortTime(at, now)}
		</time>
	);
}

/** The beginning of an hour: `22 Nov 12:00`. */
export const HourTime = ({ at }: { at: number }) => (
	<time dateTime={new Date(at).toISOString()} title={wholeTime(at)} className="whitespace-nowrap">
		{dateTime(at).slice(0, -3)}
	</time>
);

/** How long since `since`, or from `since` to `until`; ticks once a second, in a box wide enough for the next unit. */
export function Duration({
	since,
	until,
	className = "",
}: {
	since: number;
	until?: number;
	className?: string;
}) {
	const now = useNow();
	return (
		<span
			title={wholeTime(since)}
			className={`inline-block min-w-[7ch] text-right whitespace-nowrap ${className}`}
		>
			{duration((until ?? now) - since, until === undefined)}
		</span>
	);
}

/** `4m ago`, for activity only. */
export function Ago({ at, className = "" }: { at: number; className?: string }) {
	const now = useNow();
	return (
		<time
			dateTime={new Date(at).toISOString()}
			title={wholeTime(at)}
			className={`whitespace-nowrap ${className}`}
		>
			{ago(now - at)}
		</time>
	);
}
