import { env, runInDurableObject } from "cloudflare:test";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Changes, Moment } from "../../../shared/protocol/index.ts";
import { LOG_LIMITS } from "../../../worker/live-ops/compaction.ts";
import { readMoment } from "../../../worker/live-ops/moment.ts";
import { type Sql, type SqlValue, sqlOf } from "../../../worker/live-ops/sql.ts";
import { because, type WatchedDO } from "../support/watched-do.ts";

const STATES = ["things", "pairs"];

type Inside = (object: WatchedDO, ctx: DurableObjectState) => Promise<void> | void;
const inside = (part: Inside) =>
	runInDurableObject(env.WATCHED.get(env.WATCHED.newUniqueId()), part as never) as Promise<void>;

const id = fc.constantFrom("a", "b", "c", "d é'", "e");
const n = fc.integer({ min: 0, max: 3 });
/** A write as it comes: new, replaced, changed, moved to another key, gone; also of a journal, which is no part of a state. */
const write = fc.oneof(
	fc.tuple(id, n).map(([of, to]) => ({
		sql: "INSERT OR REPLACE INTO things (id, count) VALUES (?, ?)",
		values: [of, to],
	})),
	fc.tuple(n, id).map(([to, of]) => ({ sql: "UPDATE things SET count = ? WHERE id = ?", values: [to, of] })),
	fc
		.tuple(id, id)
		.map(([to, of]) => ({ sql: "UPDATE OR REPLACE things SET id = ? WHERE id = ?", values: [to, of] })),
	id.map((of) => ({ sql: "DELETE FROM things WHERE id = ?", values: [of] })),
	id.map((of) => ({ sql: "UPDATE things SET token = 'secret' WHERE id = ?", values: [of] })),
	fc
		.tuple(id, n, id)
		.map((values) => ({ sql: "INSERT OR REPLACE INTO pairs (a, b, note) VALUES (?, ?, ?)", values })),
	n.map((of) => ({ sql: "DELETE FROM pairs WHERE b = ?", values: [of] })),
	id.map((of) => ({ sql: "INSERT INTO notes (thing) VALUES (?)", values: [of] })),
);
const history = fc.record({
	/** Each is a batch of its own. */
	batches: fc.array(fc.array(write, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 25 }),
	kept: fc.integer({ min: 1, max: 60 }),
	bytes: fc.integer({ min: 1, max: 400 }),
});

/** Follows the feed as a page does. Answers the state after each batch. */
function follow({ live }: WatchedDO): (now: Map<number, string>) => void {
	const state = new Map<string, unknown>();
	let cursor = live.head();
	return (at) => {
		const page = live.page(cursor, Number.MAX_SAFE_INTEGER);
		if ("reset" in page) throw new Error(page.reset);
		for (const frame of page.frames)
			for (const batch of (JSON.parse(frame.text) as Changes).batches) {
				for (const [, entity, key, op, row] of batch.changes) {
					if (!STATES.includes(entity)) continue;
					if (op === "del") state.delete(`${entity}/${key}`);
					else state.set(`${entity}/${key}`, row);
				}
				at.set(batch.to, words(state));
			}
		cursor = live.head();
	};
}

const words = (state: Iterable<[string, unknown]>) =>
	JSON.stringify([...state].sort(([a], [b]) => (a < b ? -1 : 1)));

/** The whole state of a moment, in pages of so many bytes; null where it is refused. */
function momentAt(object: WatchedDO, ctx: DurableObjectState, seq: number, bytes: number): string | null {
	const state = new Map<string, unknown>();
	let after: Moment["after"] = null;
	do {
		const log = { epoch: object.live.epoch, states: STATES, now: Date.now() };
		const answer = readMoment(sqlOf(ctx.storage), log, { seq, at: null, after }, bytes);
		if ("ok" in answer) return null;
		const [page] = answer.rows as Moment[];
		if (!page) throw new Error("an answer without its moment");
		for (const [entity, key, row] of page.rows) {
			expect(state.has(`${entity}/${key}`)).toBe(false);
			state.set(`${entity}/${key}`, row);
		}
		after = page.after;
	} while (after !== null);
	return words(state);
}

test("FEED-4: whatever happened, the moment of each batch that is kept is what a live reader had then", {
	timeout: 60_000,
}, async () => {
	let compared = 0;
	let gone = 0;
	await fc.assert(
		fc.asyncProperty(history, async ({ batches, kept, bytes }) => {
			await inside(async (object, ctx) => {
				const seen = new Map<number, string>();
				const read = follow(object);
				for (const writes of batches) {
					object.live.run(because("write"), () => {
						for (const { sql, values } of writes) object.live.sql.run(sql, ...values);
					});
					await Promise.resolve();
					await scheduler.wait(0);
					read(seen);
				}
				object.live.limits = { ...LOG_LIMITS, changes: kept };
				while ((object.live.compact() ?? Number.POSITIVE_INFINITY) <= Date.now());
				const first = sqlOf(ctx.storage).one<{ seq: number }>(
					"SELECT min(last_seq) AS seq FROM change_batch",
				);
				for (const [seq, state] of seen) {
					const then = momentAt(object, ctx, seq, bytes);
					expect(then, `seq ${seq}`).toBe(seq < (first?.seq ?? 0) ? null : state);
					if (then === null) gone++;
					else compared++;
				}
			});
		}),
		{ numRuns: 30 },
	);
	expect(compared).toBeGreaterThan(10);
	expect(gone).toBeGreaterThan(0);
});

test(
	"FEED-4: of 100,000 changes a page of a moment is one pass over the log, not one for each row",
	{
		timeout: 60_000,
	},
	() =>
		inside(async ({ live }, ctx) => {
			live.run(because("make"), () =>
				live.sql.run(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
				INSERT INTO things (id, title, count) SELECT printf('thing %04d', i), printf('%.500c', 'x'), 0 FROM n`),
			);
			live.run(because("change"), () => {
				for (let round = 0; round < 99; round++) live.sql.run("UPDATE things SET count = count + 1");
			});
			await scheduler.wait(0);
			expect(live.head().seq).toBe(100_000);
			let read = 0;
			const counting: Sql = {
				...sqlOf(ctx.storage),
				all: <T>(sql: string, ...bindings: SqlValue[]) => {
					const cursor = ctx.storage.sql.exec(sql, ...bindings);
					const rows = cursor.toArray();
					read += cursor.rowsRead;
					return rows as T[];
				},
			};
			const keys: string[] = [];
			let after: Moment["after"] = null;
			do {
				read = 0;
				const log = { epoch: live.epoch, states: STATES, now: Date.now() };
				const answer = readMoment(counting, log, { seq: 100_000, at: null, after }, 262_144);
				if ("ok" in answer) throw new Error(answer.message);
				const [page] = answer.rows as [Moment];
				// The log once, once more its names and numbers to be sorted, and the rows of the page.
				expect(read).toBeLessThan(2 * 100_000 + 4 * 1_000);
				for (const [, key, row] of page.rows) {
					keys.push(key);
					expect(row).toMatchObject({ count: 99 });
				}
				after = page.after;
			} while (after !== null);
			expect(new Set(keys).size).toBe(1_000);
			expect(keys).toHaveLength(1_000);
		}),
);
