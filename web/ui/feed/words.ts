import type { ConnectionView } from "../../live/connection-view.ts";
import { stopwatch } from "../format/duration.ts";
import { bytes } from "../format/number.ts";
import { clockTime, count } from "../format/time.ts";
import { type Look, look } from "../status/signs.ts";

/** The chip of the live bar and of any gate (design-ui §3, column feed; §4). */
export function connectionLook(view: ConnectionView): Look {
	switch (view.is) {
		case "live":
			return look("running", "Live", "good");
		case "stale":
			return look("late", "Stale", "warn");
		case "reconnecting":
			return look("changing", "Reconnecting", view.quiet ? "active" : "warn");
		case "catching-up":
			return look("changing", "Catching up", "active");
		case "behind":
			return look("warning", "Behind", "warn");
		case "blind":
			return look("unseen", "Blind", "warn");
		case "refused":
			return look("refused", "Refused", "warn");
		case "loading":
			return look("changing", "Loading", "active");
	}
}

/** True where the bar stays plain: live, or away for so short that only its chip changes. */
export const isPlain = (view: ConnectionView): boolean =>
	view.is === "live" ||
	(view.is === "reconnecting" && view.quiet) ||
	(view.is === "catching-up" && view.quiet);

const next = (nextAt: number | null, now: number): string =>
	nextAt === null || nextAt <= now ? "" : `in ${Math.ceil((nextAt - now) / 1_000)} s`;

/**
 * What the strip says, without its sign; empty where the bar is plain. Times are this machine's, and are shown moved by
 * `skew` to the town's.
 */
export function stripWords(view: ConnectionView, now: number, skew = 0): string {
	switch (view.is) {
		case "live":
			return "";
		case "stale":
			return `Stale ${stopwatch(now - view.since)}, values as of ${clockTime(view.asOf + skew)}`;
		case "reconnecting": {
			if (view.quiet) return "";
			const when = next(view.nextAt, now);
			const as = view.asOf === null ? "" : `. Values as of ${clockTime(view.asOf + skew)}`;
			return `Reconnecting, attempt ${Math.max(1, view.attempt)}${when && `, ${when}`}${as}`;
		}
		case "catching-up":
			if (view.quiet) return "";
			if (view.total === 0) return "Catching up";
			return `Catching up, ${bytes(Math.min(view.done, view.total))} of ${bytes(view.total)}`;
		case "behind":
			return `This tab is ${bytes(view.bytes)} behind and catches up in pages; nothing is lost`;
		case "blind": {
			const below = view.asOf === null ? "" : ` Below is ${clockTime(view.asOf + skew)}.`;
			const when = next(view.nextAt, now);
			const reason = view.reason.replace(/\.$/, "");
			const lower = reason.charAt(0).toLowerCase() + reason.slice(1);
			return `Blind for ${stopwatch(now - view.since)}: ${lower}.${below}${when && ` Next try ${when}`}`;
		}
		case "refused":
			return `Refused: ${view.reason}`;
		case "loading":
			return view.total === 0
				? "Loading the town"
				: `Loading ${count(view.rows)} of ${count(view.total)} rows`;
	}
}
