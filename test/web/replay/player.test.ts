import { describe, expect, test } from "vitest";
import type { Passage, RowsAnswer, StreamEvent } from "../../../shared/protocol/index.ts";
import { player } from "../../../web/replay/player.ts";
import type { Asked } from "../../../web/town/open-town.ts";
import { aTrack, passageOf, ran, said } from "./fixtures.ts";

type Wanted = Extract<Asked, { kind: "passage" }> & Record<string, unknown>;

/** An agent that answers like AgentDO, one segment a page; `asked` says what was asked of it, without the first looks. */
function agents(streams: Record<string, StreamEvent[][]>) {
	const asked: string[] = [];
	let fails: string | null = null;
	const ask = async (question: Asked): Promise<RowsAnswer> => {
		const { attempt = "", after, before, at, bytes } = question as Wanted;
		const all = streams[String(attempt)] ?? [];
		const whole: Passage =
			all.length === 0 ? { horizon: 1, kept: null, segments: [], hidden: false } : passageOf(all, []);
		if (bytes === 0) return { rows: [whole], more: true };
		asked.push(`${attempt} ${after ? `after ${after}` : before ? `before ${before}` : `at ${at}`}`);
		if (fails !== null) throw new Error(fails);
		const starts = (segment: StreamEvent[] | undefined) => segment?.[0]?.[0] ?? 0;
		let n = 0;
		if (after) n = all.findIndex((segment) => starts(segment) > Number(after));
		else if (before) n = all.findLastIndex((segment) => starts(segment) < Number(before));
		else if (at)
			n = Math.max(
				0,
				all.findLastIndex((segment) => (segment[0]?.[1] ?? 0) <= Number(at)),
			);
		const page = n === -1 ? [] : all.slice(n, n + 1);
		return { rows: [passageOf(all, page)], more: before ? n > 0 : n !== -1 && n < all.length - 1 };
	};
	return {
		ask,
		asked,
		fail: (words: string | null) => (fails = words),
		/** Nothing of any of them is kept any more. */
		prune: () => {
			for (const attempt of Object.keys(streams)) streams[attempt] = [];
		},
	};
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

const STREAMS = {
	one: [said(1, 1_000, "a", "Hello"), ran(2_006, 5_000, "b", 0), ran(5_009, 9_000, "c", 1)],
	two: [said(1, 20_000, "d", "Bye")],
};
const TRACKS = [aTrack({ attempt: "one" }), aTrack({ attempt: "two", agent: "maple", from: 20_000 })];

async function begun(startAt: number | null = null) {
	const world = agents({ ...STREAMS });
	const it = player(world.ask, startAt);
	it.tracks(TRACKS);
	for (let n = 0; n < 20; n++) await settled();
	return { ...world, it, state: it.store.getState };
}

describe("a replay reads pages as it needs them", () => {
	test("it begins with the first words and one page", async () => {
		const { asked, state } = await begun();
		expect(state().at).toBe(1_010);
		expect(asked).toEqual(["one at 1000"]);
	});

	test("a step reads the next page when its turn comes, a step back none that is here", async () => {
		const { it, asked, state } = await begun();
		const seen: (number | null)[] = [];
		for (let n = 0; n < 5; n++) {
			await it.step(1);
			seen.push(state().at);
		}
		expect(seen).toEqual([1_040, 5_000, 5_010, 5_050, 9_000]);
		await it.step(-1);
		expect(state().at).toBe(5_050);
		expect(asked).toEqual(["one at 1000", "one after 5", "one after 2008"]);
	});

	test("a link to a moment reads that part alone; going back reads what is before it", async () => {
		const { it, asked, state } = await begun(9_020);
		expect(asked).toEqual(["one at 9020"]);
		await it.step(-1);
		await it.step(-1);
		await it.step(-1);
		expect(state().at).toBe(5_050);
		expect(asked.at(-1)).toBe("one before 5009");
	});

	test("a short track is read from its beginning, wherever in it one lands", async () => {
		const { asked, state } = await begun(20_020);
		expect(asked).toEqual(["two at null"]);
		expect(state().reels[1]?.begins).toBe(true);
	});

	test("a jump between two tracks shows how the one before ended", async () => {
		const { it, state } = await begun();
		await it.jump(15_000);
		const [one] = state().reels;
		expect([one?.covers(15_000), one?.ends]).toEqual([true, true]);
	});

	test("of two jumps that wait for their pages the later one counts, each with the page of its own moment", async () => {
		const { it, asked, state } = await begun();
		const first = it.jump(9_010);
		const second = it.jump(5_010);
		await Promise.all([first, second]);
		expect(state().at).toBe(5_010);
		expect(asked.slice(1, 3)).toEqual(["one at 9010", "one at 5010"]);
		expect(state().reels[0]?.covers(5_010)).toBe(true);
	});

	test("what was pruned since it was first asked for is not asked for again and again", async () => {
		const { it, asked, prune, state } = await begun();
		prune();
		await it.jump(20_005);
		expect(asked.length).toBeLessThan(5);
		expect(state().at).toBe(20_005);
	});

	test("to the next failure, through pages that are not here", async () => {
		const { it, state } = await begun();
		await it.failure();
		expect(state().at).toBe(9_050);
		await it.failure();
		expect(state().at).toBe(9_050);
	});

	test("playing passes every page and track, cuts silences short and halts at the end", async () => {
		const { it, state } = await begun();
		it.play();
		await settled();
		let ticks = 0;
		for (; state().playing && ticks < 2_000; ticks++) {
			it.tick(50);
			await settled();
		}
		expect(state().at).toBe(20_040);
		// Three silences at most 1.5 s of the reader's time each, and the moments between.
		expect(ticks * 50).toBeLessThan(8_000);
		it.play();
		for (let n = 0; n < 5; n++) await settled();
		expect([state().at, state().playing]).toEqual([1_000, true]);
	});

	test("a read that fails says so and halts; another try goes on", async () => {
		const { it, fail, state } = await begun();
		fail("It could not be read just now.");
		await it.jump(9_000);
		expect(state()).toMatchObject({ failed: "It could not be read just now.", at: 1_010, playing: false });
		fail(null);
		await it.jump(9_000);
		expect(state()).toMatchObject({ failed: null, at: 9_000 });
	});
});
