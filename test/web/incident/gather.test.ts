import { expect, test } from "vitest";
import { gather } from "../../../web/incident/gather.ts";
import type { Asked } from "../../../web/town/open-town.ts";

const MINUTE = 60_000;
const T0 = Date.parse("2026-11-26T12:00:00Z");
const at = (minute: number) => T0 + minute * MINUTE;
const iso = (minute: number) => new Date(at(minute)).toISOString();

/** A town of 3,000 changes, one every minute, whose answers come in the pages that it is asked for. */
function town() {
	const asked: Asked[] = [];
	const attempts = [
		{
			attempt_id: "a3",
			agent_id: "toast",
			bead_id: "b",
			n: 1,
			outcome: "started",
			at: iso(2_950),
			ended_at: null,
		},
		{
			attempt_id: "a2",
			agent_id: "maple",
			bead_id: "b",
			n: 1,
			outcome: "started",
			at: iso(2_800),
			ended_at: iso(2_850),
		},
	];
	const ask = async (question: Asked) => {
		asked.push(question);
		if (question.kind === "changes") {
			const below = question.before ?? 3_001;
			const from = Math.max(1, below - (question.limit ?? 100));
			const rows = Array.from({ length: below - from }, (_, n) => below - 1 - n).map((seq) => ({
				from: seq,
				to: seq,
				at: at(seq),
			}));
			return { rows, more: from > 1 };
		}
		if (question.kind === "ledger")
			return {
				rows: [
					{ n: 2, at: at(2_940) },
					{ n: 1, at: at(10) },
				],
				more: false,
			};
		if (question.kind === "journal") {
			const all =
				question.where?.ended_at === null ? attempts.filter((row) => row.ended_at === null) : attempts;
			return { rows: all, more: false };
		}
		if (question.kind !== "passage") throw new Error(`not expected: ${question.kind}`);
		const first = question.after ?? 0;
		const events = [[first + 1, at(2_951 + first), null, "x", {}]];
		return {
			rows: [
				{
					hidden: false,
					horizon: 1,
					kept: { from: 1, to: 3, began_at: at(2_800), ended_at: at(2_953) },
					segments: [{ events }],
				},
			],
			more: first < 2,
		};
	};
	return { ask, asked };
}

test("an incident has every change, entry and word of its range, oldest first, and no other", async () => {
	const { ask } = town();
	const got = await gather(ask, { from: at(2_400), to: at(2_960) }, () => {});
	expect([got.changes[0]?.from, got.changes.at(-1)?.from, got.changes.length]).toEqual([2_400, 2_960, 561]);
	expect(got.ledger.map(({ n }) => n)).toEqual([2]);
	expect(got.conversations.map(({ attempt, events }) => [attempt.attempt_id, events.length])).toEqual([
		["a2", 3],
		["a3", 3],
	]);
	expect(got.leftOut).toEqual([]);
});

test("who ended before the range, and what was said after it, is not in it", async () => {
	const { ask, asked } = town();
	const got = await gather(ask, { from: at(2_900), to: at(2_951) }, () => {});
	expect(got.conversations.map(({ attempt, events }) => [attempt.attempt_id, events.length])).toEqual([
		["a3", 1],
	]);
	expect(asked).not.toContainEqual(expect.objectContaining({ kind: "passage", attempt: "a2" }));
});

test("what a file has no room for is named in it", async () => {
	const { ask } = town();
	const long = (question: Asked) =>
		question.kind === "passage"
			? Promise.resolve({
					rows: [{ segments: [{ events: [[(question.after ?? 0) + 1, at(2_951), null, "x", {}]] }] }],
					more: true,
				})
			: ask(question);
	const got = await gather(long, { from: at(2_800), to: at(2_960) }, () => {});
	expect(got.leftOut).toHaveLength(2);
	expect(got.leftOut.join()).toContain("a2");
	expect(got.conversations).toHaveLength(1);
});

test("a read that fails saves nothing", async () => {
	const ask = () => Promise.reject(new Error("The connection was lost before the answer came."));
	await expect(gather(ask, { from: 0, to: T0 }, () => {})).rejects.toThrow("connection was lost");
});

test("what is no longer kept of the range is named in it", async () => {
	const { ask } = town();
	const pruned = (question: Asked) =>
		question.kind === "changes"
			? Promise.resolve({ rows: [{ from: 2_700, to: 2_700, at: at(2_700) }], more: false })
			: question.kind === "passage"
				? Promise.resolve({ rows: [{ kept: null, horizon: 9, hidden: false, segments: [] }], more: false })
				: ask(question);
	const got = await gather(pruned, { from: at(2_600), to: at(2_960) }, () => {});
	expect(got.leftOut.join()).toContain("no longer kept");
	expect(got.leftOut.filter((what) => what.includes("What was said in attempt"))).toHaveLength(2);
	expect(got.leftOut[0]).toContain("The beginning of the change log");
});
