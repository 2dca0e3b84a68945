import { describe, expect, test } from "vitest";
import type { Conversation } from "../../../shared/conversation/index.ts";
import { headOf } from "../../../shared/conversation/index.ts";
import { axisOf } from "../../../web/replay/axis.ts";
import { nextFailure } from "../../../web/replay/failures.ts";
import { type Joined, joiner } from "../../../web/replay/joined.ts";
import { played, SILENCE_MS, stepBack, stepOn } from "../../../web/replay/moments.ts";
import { parseTime } from "../../../web/replay/parse-time.ts";
import { reelOf } from "../../../web/replay/reel.ts";
import { tracksOf } from "../../../web/replay/track.ts";
import { aTrack, passageOf, ran, said, wholeReel } from "./fixtures.ts";

const words = ({ messages }: Conversation) =>
	messages.flatMap(({ parts }) => parts.map((part) => headOf("text" in part ? part.text : "")));

describe("a reel tells the conversation of any moment", () => {
	const one = said(1, 1_000, "a", "Hello there");
	const two = said(6, 2_000, "b", "Goodbye");

	test("half-said text is half said, and going back unsays it", () => {
		const reel = wholeReel(aTrack(), one, two);
		expect(words(reel.conversationAt(1_020))).toEqual(["Hel"]);
		expect(words(reel.conversationAt(5_000))).toEqual(["Hello there", "Goodbye"]);
		expect(words(reel.conversationAt(1_030))).toEqual(["Hello there"]);
		expect(words(reel.conversationAt(999))).toEqual([]);
	});

	test("pages join after and before; only what is here is covered", () => {
		const all = [one, two, said(11, 3_000, "c", "Again")];
		const reel = reelOf(aTrack());
		reel.take(passageOf(all, [two]), true, "anew");
		expect([reel.covers(1_500), reel.covers(2_010), reel.covers(3_500)]).toEqual([false, true, false]);
		expect([reel.begins, reel.ends]).toEqual([false, false]);
		reel.take(passageOf(all, all.slice(2)), false, "after");
		reel.take(passageOf(all, [one]), false, "before");
		expect([reel.begins, reel.ends, reel.covers(0), reel.covers(9_000)]).toEqual([true, true, true, true]);
		expect(reel.events.map(([seq]) => seq)).toEqual(Array.from({ length: 15 }, (_, n) => n + 1));
		expect(words(reel.conversationAt(9_000))).toEqual(["Hello there", "Goodbye", "Again"]);
	});

	test("an event that was emitted before its forerunner counts as of the same moment", () => {
		const late = said(1, 1_000, "a", "Hello").map((event, n) => (n === 3 ? event.with(1, 400) : event));
		const reel = wholeReel(aTrack(), late as never);
		expect(words(reel.conversationAt(1_010))).toEqual([""]);
		expect(words(reel.conversationAt(1_020))).toEqual(["Hello"]);
	});

	test("what was let go is read again", () => {
		const reel = wholeReel(aTrack(), one);
		reel.drop();
		expect([reel.covers(1_000), reel.events.length, reel.kept?.from]).toEqual([false, 0, 1]);
	});
});

describe("steps go from moment to moment of all tracks", () => {
	const first = () => wholeReel(aTrack(), said(1, 1_000, "a", "Hello"));
	const second = () =>
		wholeReel(aTrack({ attempt: "attempt-2", agent: "maple", from: 1_015 }), said(1, 1_015, "b", "Hi"));

	test("forwards and backwards alike, pieces of a text passed over", () => {
		const reels = [first(), second()];
		const on: number[] = [];
		for (let step = stepOn(reels, 0); step && "to" in step; step = stepOn(reels, on.at(-1) ?? 0))
			on.push(step.to);
		expect(on).toEqual([1_000, 1_010, 1_015, 1_025, 1_040, 1_055]);
		const back: number[] = [];
		for (let step = stepBack(reels, 9_999); step && "to" in step; step = stepBack(reels, back.at(-1) ?? 0))
			back.push(step.to);
		expect(back).toEqual(on.toReversed());
	});

	test("a track that may have an earlier moment is read first", () => {
		const all = [said(1, 1_000, "a", "Hello"), said(6, 2_000, "b", "Bye")];
		const half = reelOf(aTrack());
		half.take(passageOf(all, all.slice(0, 1)), true, "anew");
		expect(stepOn([half, second()], 1_040)).toEqual({ load: half, place: "after" });
		const unread = reelOf(aTrack());
		unread.take(passageOf(all, []), true, "anew");
		expect(stepOn([unread], 500)).toEqual({ to: 1_000 });
		expect(stepOn([unread], 1_500)).toEqual({ load: unread, place: "anew" });
		expect(stepBack([unread], 5_000)).toEqual({ to: 2_040 });
	});

	test("a silence is cut short and no moment is passed over", () => {
		expect(played(0, 50, 2, 1_000)).toBe(100);
		expect(played(990, 50, 2, 1_000)).toBe(1_000);
		const far = 3_600_000;
		expect(played(0, 50, 2, far)).toBe(far - SILENCE_MS * 2 + 100);
	});

	test("the next failure is the end of a command that exits with another code than 0, though it completed", () => {
		const good = wholeReel(aTrack(), ran(1, 1_000, "a", 0), ran(4, 2_000, "b", 1), ran(7, 3_000, "c", 2));
		expect(nextFailure([good], 0)).toMatchObject({ at: 2_050, load: null });
		expect(nextFailure([good], 2_050)).toMatchObject({ at: 3_050, load: null });
		expect(nextFailure([good], 3_050)).toMatchObject({ at: null, load: null });
	});

	test("what may hold an earlier failure is read before a later one is told", () => {
		const all = [ran(1, 1_000, "a", 0), ran(4, 2_000, "b", 1)];
		const half = reelOf(aTrack());
		half.take(passageOf(all, all.slice(0, 1)), true, "anew");
		const later = wholeReel(aTrack({ attempt: "attempt-2" }), ran(1, 5_000, "c", 1));
		expect(nextFailure([later, half], 0)).toMatchObject({ at: null, load: half, place: "after" });
	});
});

describe("the conversations of a bead are joined in time", () => {
	const told = (items: readonly Joined[]) =>
		items.map((item) =>
			item.kind === "line"
				? headOf("part" in item.line && "text" in item.line.part ? item.line.part.text : item.line.kind)
				: item.kind === "speaker"
					? `[${item.reel.track.agent}]`
					: `(${item.why} ${item.reel.track.agent})`,
		);

	test("by time, with who speaks wherever that changes", () => {
		const toast = wholeReel(aTrack(), said(1, 1_000, "a", "I begin"), said(6, 3_000, "b", "I end"));
		const maple = wholeReel(
			aTrack({ attempt: "attempt-2", agent: "maple" }),
			said(1, 2_000, "c", "I look at it"),
		);
		const join = joiner();
		expect(told(join([toast, maple], 9_999))).toEqual([
			...["[toast]", "I begin", "[maple]", "I look at it", "[toast]", "I end"],
		]);
		expect(told(join([toast, maple], 2_020))).toEqual(["[toast]", "I begin", "[maple]", "I l"]);
		expect(told(join([toast, maple], 500))).toEqual([]);
	});

	test("what is not loaded, pruned, lost or never ran is a row in its place (L8)", () => {
		const all = [said(1, 1_000, "a", "One"), said(6, 2_000, "b", "Two")];
		const unread = reelOf(aTrack());
		unread.take(passageOf(all, []), true, "anew");
		const half = reelOf(aTrack({ attempt: "half", agent: "maple" }));
		half.take(passageOf(all, all.slice(1)), false, "anew");
		const cut = [said(6, 2_500, "c", "Three")];
		const pruned = reelOf(aTrack({ attempt: "pruned", agent: "clove" }));
		pruned.take(passageOf(cut, cut, 6), false, "anew");
		const lost = reelOf(aTrack({ attempt: "lost", agent: "fern", from: 2_600 }));
		lost.take({ horizon: 9, kept: null, segments: [], hidden: false }, false, "anew");
		const never = reelOf(aTrack({ attempt: "never", agent: "moss", outcome: "failed", from: 2_700 }));
		never.take({ horizon: 1, kept: null, segments: [], hidden: false }, false, "anew");
		expect(told(joiner()([unread, half, pruned, lost, never], 9_999))).toEqual([
			...["(unread toast)", "[maple]", "(earlier maple)", "Two", "[clove]", "(pruned clove)", "Three"],
			...["(lost fern)", "(never-ran moss)"],
		]);
	});
});

describe("the axis", () => {
	test("a pause of days between two tracks takes little, and each moment stands where it is found again", () => {
		const day = 86_400_000;
		const axis = axisOf(
			[
				{ from: 0, to: 100_000 },
				{ from: 3 * day, to: 3 * day + 100_000 },
				{ from: 50_000, to: 120_000 },
			],
			0,
		);
		expect(axis.pauses).toEqual([{ from: 120_000, to: 3 * day }]);
		expect(axis.shareOf(3 * day) - axis.shareOf(120_000)).toBeCloseTo(0.03, 5);
		for (const at of [0, 60_000, 120_000, 2 * day, 3 * day + 50_000, 3 * day + 100_000])
			expect(Math.abs(axis.momentAt(axis.shareOf(at)) - at)).toBeLessThanOrEqual(1);
		expect([axis.shareOf(-5), axis.shareOf(9 * day)]).toEqual([0, expect.closeTo(1, 5)]);
	});

	test("without tracks it is a point", () => {
		expect(axisOf([], 7)).toMatchObject({ from: 7, to: 7, pauses: [] });
	});
});

test("attempts become tracks: each once, oldest first, a start that failed over at once", () => {
	const row = { attempt_id: "b", bead_id: "bead", agent_id: "toast", n: 2, ended_at: null };
	const rows = [
		{ ...row, at: "2026-11-22T12:00:05.000Z", outcome: "started" },
		{ ...row, attempt_id: "a", n: 1, at: "2026-11-22T12:00:00.000Z", outcome: "failed" },
		{ ...row, at: "2026-11-22T12:00:05.000Z", outcome: "started", ended_at: "2026-11-22T12:01:00.000Z" },
	];
	const tracks = tracksOf(rows as never);
	expect(tracks.map(({ attempt, until, from }) => [attempt, until === null ? null : until - from])).toEqual([
		...[
			["a", 0],
			["b", 55_000],
		],
	]);
});

test("a typed time is of the same day; anything else is none", () => {
	const near = new Date(2026, 10, 22, 9, 0, 0, 0).getTime();
	expect(parseTime("12:04:31.204", near)).toBe(new Date(2026, 10, 22, 12, 4, 31, 204).getTime());
	expect(parseTime("7:05", near)).toBe(new Date(2026, 10, 22, 7, 5).getTime());
	for (const typed of ["", "noon", "25:00", "12:61"]) expect(parseTime(typed, near)).toBeNull();
});
