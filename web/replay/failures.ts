import { apply, createConversation } from "../../shared/conversation/index.ts";
import type { Line } from "../agent/lines/line.ts";
import { linesOf } from "../agent/lines/lines.ts";
import type { Place, Reel } from "./reel.ts";

/** When a line had failed: a call when it ended, anything else when it stands there. */
function failedAt(line: Line): number | null {
	if (!line.failed) return null;
	return line.kind === "tool" ? (line.part.state.time?.end ?? line.at) : line.at;
}

/**
 * The next moment after `at` at which something failed; or the track to read on first, where an earlier one may be in what is
 * not here.
 */
export function nextFailure(
	reels: readonly Reel[],
	at: number,
): { at: number | null; load: Reel | null; place: Place } {
	let found = Number.POSITIVE_INFINITY;
	let load: { reel: Reel; from: number; place: Place } | null = null;
	for (const reel of reels) {
		const { span, events, begins, ends } = reel;
		if (!span || span.to <= at) continue;
		if (events.length > 0) for (const when of failuresOf(reel)) if (when > at) found = Math.min(found, when);
		// A track that was read from its middle on may have failed before that.
		const begin = Math.max(span.from, at);
		const lacksBegin = events.length === 0 || (!begins && (events[0]?.[1] ?? 0) > begin);
		if (!lacksBegin && ends) continue;
		const from = lacksBegin ? begin : Math.max(span.from, reel.moments.at(-1) ?? 0);
		if (from < (load?.from ?? Number.POSITIVE_INFINITY))
			load = { reel, from, place: lacksBegin ? "anew" : "after" };
	}
	if (load && load.from < found) return { at: null, load: load.reel, place: load.place };
	return { at: Number.isFinite(found) ? found : null, load: null, place: "after" };
}

function failuresOf(reel: Reel): number[] {
	const conversation = createConversation();
	for (const event of reel.events) apply(conversation, event);
	return linesOf(conversation, reel.begins).flatMap((line) => failedAt(line) ?? []);
}
