import { expect, test } from "vitest";
import { askThen } from "../../../web/past/ask-then.ts";
import type { Asked } from "../../../web/town/open-town.ts";

const T0 = Date.parse("2026-11-26T12:00:00Z");
const iso = (minute: number) => new Date(T0 + minute * 60_000).toISOString();
const past = { seq: 50, at: T0 + 50 * 60_000 };

/** Answers a journal of one row a minute, newest first, in pages as asked. */
function journal(rows: Record<string, unknown>[], key: string) {
	const asked: Asked[] = [];
	const ask = async (question: Asked) => {
		asked.push(question);
		const { before, limit } = question as { before: string | null; limit: number };
		const from =
			before === null || before === undefined ? 0 : rows.findIndex((row) => row[key] === before) + 1;
		return { rows: rows.slice(from, from + limit), more: from + limit < rows.length };
	};
	return { ask, asked };
}

const minutes = Array.from({ length: 100 }, (_, n) => 100 - n);

test("L9: a journal ends at the moment, however much came later", async () => {
	const { ask } = journal(
		minutes.map((minute) => ({ bead_event_id: `e${minute}`, created_at: iso(minute) })),
		"bead_event_id",
	);
	const answer = await askThen(
		ask,
		past,
	)({ kind: "journal", entity: "bead_events", where: {}, before: null, limit: 20 });
	expect((answer.rows as { bead_event_id: string }[]).map((row) => row.bead_event_id)).toEqual(
		Array.from({ length: 10 }, (_, n) => `e${50 - n}`),
	);
	expect(answer.more).toBe(true);
});

test("L9: an attempt that ended later had not ended then", async () => {
	const rows = [
		{ attempt_id: "a2", at: iso(45), ended_at: iso(60), exit_code: 1, signal: null, end_reason: "crashed" },
		{ attempt_id: "a1", at: iso(40), ended_at: iso(44), exit_code: 0, signal: null, end_reason: "completed" },
	];
	const { ask } = journal(rows, "attempt_id");
	const { rows: then } = await askThen(
		ask,
		past,
	)({ kind: "journal", entity: "dispatch_attempts", where: {}, before: null, limit: 20 });
	expect(then).toEqual([{ ...rows[0], ended_at: null, exit_code: null, end_reason: null }, rows[1]]);
});

test("L9: what waited in the inbox then is told, though it was done since, and nothing else", async () => {
	const rows = [
		{ event_id: "later", created_at: iso(55), processed_at: null },
		{ event_id: "done since", created_at: iso(48), processed_at: iso(52) },
		{ event_id: "waits still", created_at: iso(47), processed_at: null },
		{ event_id: "done before", created_at: iso(46), processed_at: iso(49) },
	];
	const { ask, asked } = journal(rows, "event_id");
	const answer = await askThen(
		ask,
		past,
	)({ kind: "journal", entity: "town_events", where: { processed_at: null }, before: null, limit: 20 });
	expect(answer.rows).toEqual([{ ...rows[1], processed_at: null }, rows[2]]);
	expect(asked[0]).toMatchObject({ where: {} });
});

test("L9: the change log is read up to the moment, the ledger's later entries are left out", async () => {
	const asked: Asked[] = [];
	const then = askThen(async (question) => {
		asked.push(question);
		if (question.kind === "changes")
			return {
				rows: [
					{ from: 49, to: 51 },
					{ from: 48, to: 48 },
				],
				more: false,
			};
		return {
			rows: [
				{ n: 3, at: past.at + 1 },
				{ n: 2, at: past.at },
			],
			more: false,
		};
	}, past);
	expect((await then({ kind: "changes", before: null, limit: 10 })).rows).toEqual([{ from: 48, to: 48 }]);
	expect(asked[0]).toMatchObject({ before: 51 });
	expect((await then({ kind: "ledger", before: null, limit: 10 })).rows).toEqual([{ n: 2, at: past.at }]);
});

test("PAGE-1: what is not kept of the past is refused in words, never answered with what is now", async () => {
	const then = askThen(async () => ({ rows: [], more: false }), past);
	await expect(then({ kind: "plan" })).rejects.toThrow("not kept");
	await expect(then({ kind: "cell", entity: "beads", key: "b", column: "body" })).rejects.toThrow("4 KB");
});
