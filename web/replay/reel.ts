import { apply, type Conversation, createConversation } from "../../shared/conversation/index.ts";
import type { Passage, StreamEvent } from "../../shared/protocol/index.ts";
import { housekeeping } from "../agent/raw-rows.ts";
import type { Span } from "./axis.ts";
import type { Track } from "./track.ts";

/** Where a page belongs: in the place of all that is here, after it or before it. */
export type Place = "anew" | "after" | "before";

/**
 * What is loaded of one track: one unbroken stretch of its events, and its conversation at any moment of it. Times never
 * fall along it: an event that was emitted before its forerunner counts as of the same moment.
 */
export type Reel = {
	readonly track: Track;
	/** What the agent keeps of it: undefined until it was asked, null where it is nothing. */
	readonly kept: Passage["kept"] | undefined;
	readonly horizon: number;
	/** Its texts are hidden from this reader (SEC-4). */
	readonly hidden: boolean;
	/** From its first event to its last, of those that are kept; null where it was not asked or nothing is. */
	readonly span: Span | null;
	readonly events: readonly StreamEvent[];
	/** True where what is here begins, or ends, with what is kept. */
	readonly begins: boolean;
	readonly ends: boolean;
	/** Moments at which something was said or done, rising, each once. */
	readonly moments: readonly number[];
	take(passage: Passage, more: boolean, place: Place): void;
	/** Another row of the same attempt. */
	retrack(track: Track): void;
	/** Lets go of what is loaded. */
	drop(): void;
	/** True where the conversation of this moment can be told from what is here. */
	covers(at: number): boolean;
	/** Folded up to and with this moment. The same object grows while time goes forward. */
	conversationAt(at: number): Conversation;
};

export function reelOf(first: Track): Reel {
	let track = first;
	let kept: Passage["kept"] | undefined;
	let horizon = 0;
	let hidden = false;
	let events: StreamEvent[] = [];
	let times: number[] = [];
	let moments: number[] = [];
	let begins = false;
	let ends = false;
	let conversation = createConversation();
	let folded = 0;

	const rewind = () => {
		conversation = createConversation();
		folded = 0;
	};
	const retime = () => {
		let at = 0;
		times = events.map((event) => {
			at = Math.max(at, event[1]);
			return at;
		});
		moments = [];
		events.forEach((event, n) => {
			const time = times[n] ?? 0;
			if (isMoment(event) && moments.at(-1) !== time) moments.push(time);
		});
	};

	return {
		get track() {
			return track;
		},
		get kept() {
			return kept;
		},
		get horizon() {
			return horizon;
		},
		get hidden() {
			return hidden;
		},
		get span() {
			if (!kept) return null;
			return {
				from: Math.min(kept.began_at, times[0] ?? kept.began_at),
				to: Math.max(kept.ended_at, times.at(-1) ?? kept.ended_at),
			};
		},
		get events() {
			return events;
		},
		get begins() {
			return begins;
		},
		get ends() {
			return ends;
		},
		get moments() {
			return moments;
		},
		retrack(next) {
			track = next;
		},
		take(passage, more, place) {
			kept = passage.kept;
			horizon = passage.horizon;
			hidden = passage.hidden && passage.kept !== null;
			const page = passage.segments.flatMap((segment) => segment.events);
			if (page.length === 0) {
				if (place === "after" && events.length > 0) ends = true;
				return;
			}
			if (place === "anew") events = page;
			else if (place === "after") events = [...events, ...page];
			else events = [...page, ...events];
			if (place !== "after") {
				begins = (events[0]?.[0] ?? 0) <= (kept?.from ?? 0);
				rewind();
			}
			if (place !== "before") ends = !more;
			retime();
		},
		drop() {
			events = [];
			begins = false;
			ends = false;
			retime();
			rewind();
		},
		covers(at) {
			const [from, to] = [times[0], times.at(-1)];
			if (from === undefined || to === undefined) return false;
			return (at >= from || begins) && (at <= to || ends);
		},
		conversationAt(at) {
			if (folded > 0 && (times[folded - 1] ?? 0) > at) rewind();
			for (; folded < events.length && (times[folded] ?? 0) <= at; folded++)
				apply(conversation, events[folded] as StreamEvent);
			return conversation;
		},
	};
}

/** Pieces of a text and the agent's own bookkeeping are no step of a reader. */
const isMoment = ([, , , type]: StreamEvent): boolean => !type.endsWith(".delta") && !housekeeping(type);
