import { env, runInDurableObject } from "cloudflare:test";
import { expect, test } from "vitest";
import type { Moment, Position } from "../../../shared/protocol/index.ts";
import { LOG_LIMITS, type LogLimits } from "../../../worker/live-ops/compaction.ts";
import { keyBy, Subscriber } from "../support/subscriber.ts";
import { because, WATCHED_TABLES, type WatchedDO } from "../support/watched-do.ts";

const DAY = 24 * 3_600_000;
const keyOf = keyBy(WATCHED_TABLES);

/** An object of the tests', its log as it is, and ways to write and to compact it. */
function watched() {
	const id = env.WATCHED.newUniqueId();
	const inside = <T>(fn: (object: WatchedDO, ctx: DurableObjectState) => T): Promise<T> =>
		runInDurableObject(env.WATCHED.get(id), fn as never) as Promise<T>;
	const self = {
		stub: env.WATCHED.get(id),
		inside,
		/** One batch each: its statement. */
		write: (...statements: string[]) =>
			inside(async ({ live }) => {
				for (const sql of statements) {
					live.run(because("write"), () => live.sql.run(sql));
					await scheduler.wait(0);
				}
				return live.head();
			}) as unknown as Promise<Position>,
		limit: (limits: Partial<LogLimits>) =>
			inside(({ live }) => {
				live.limits = { ...LOG_LIMITS, ...limits };
			}),
		/** Steps until there is nothing more to be done now. Answers how many it took, and when the next look is due. */
		compact: () =>
			inside(({ live }) => {
				for (let steps = 1; ; steps++) {
					const due = live.compact();
					if (due === null || due > Date.now()) return { steps, due };
				}
			}),
		seqs: () =>
			inside((_, ctx) =>
				ctx.storage.sql
					.exec<{ seq: number }>("SELECT seq FROM change_log ORDER BY seq")
					.toArray()
					.map(({ seq }) => seq),
			),
		/** `id:count` of the things at a position; null where it cannot be told. */
		thingsAt: (seq: number) =>
			inside(({ live }) => {
				const answer = live.moment({ seq, at: null, after: null });
				if ("ok" in answer) return null;
				return (answer.rows as Moment[]).flatMap(({ rows }) =>
					rows.flatMap(([entity, key, row]) =>
						entity === "things" ? [`${key}:${(row as { count: number }).count}`] : [],
					),
				);
			}),
	};
	return self;
}

const put = (id: string, count: number) =>
	`INSERT OR REPLACE INTO things (id, count) VALUES ('${id}', ${count})`;
const note = "INSERT INTO notes (body) VALUES ('a')";

test("FEED-4: the state at any seq above the horizon is what it was before compaction", async () => {
	const it = watched();
	const { seq: last } = await it.write(
		put("a", 1), put("b", 1), note, "DELETE FROM things WHERE id = 'b'", put("a", 2), put("c", 1), note,
		put("a", 3), put("b", 2), "DELETE FROM things WHERE id = 'c'",
	); // biome-ignore format: one a line says no more
	const before = await Promise.all(Array.from({ length: last + 1 }, (_, seq) => it.thingsAt(seq)));
	await it.limit({ changes: 5 });
	await it.compact();
	const [first = 0] = await it.seqs();
	expect(first).toBeGreaterThan(5);
	for (let seq = 0; seq <= last; seq++)
		expect(await it.thingsAt(seq)).toEqual(seq < first ? null : before[seq]);
	expect(await it.thingsAt(last + 1)).toBeNull();
});

test("FEED-4: below the horizon a state table keeps the newest row of each key, a journal table none", async () => {
	const it = watched();
	await it.write(
		put("a", 1),
		note,
		put("a", 2),
		put("gone", 1),
		"DELETE FROM things WHERE id = 'gone'",
		note,
		note,
	);
	await it.limit({ changes: 1 });
	await it.compact();
	const base = await it.inside((_, ctx) =>
		ctx.storage.sql
			.exec("SELECT entity, key, json_extract(row, '$.count') AS count FROM change_base")
			.toArray(),
	);
	expect(base).toEqual([{ entity: "things", key: "a", count: 2 }]);
	expect(await it.inside((_, ctx) => ctx.storage.sql.exec("SELECT count(*) AS n FROM notes").one().n)).toBe(
		3,
	);
});

test("FEED-4: the horizon is the first reached of an age, a number of changes and of bytes", async () => {
	const big = `INSERT INTO notes (body) VALUES ('${"x".repeat(3_000)}')`;
	for (const [limits, left] of [
		[{ ageMs: -1 }, 1],
		[{ changes: 4 }, 4],
		[{ bytes: 10_000 }, 3],
		[{}, 10],
	] as const) {
		const it = watched();
		await it.write(...Array.from({ length: 10 }, () => big));
		await it.limit(limits);
		await it.compact();
		expect(await it.seqs(), JSON.stringify(limits)).toHaveLength(left);
	}
});

test("FEED-4: the newest batch stays, and positions go on from it", async () => {
	const it = watched();
	const head = await it.write(put("a", 1), put("a", 2));
	await it.limit({ changes: 0 });
	await it.compact();
	expect(await it.inside(({ live }) => live.head())).toEqual(head);
	const next = await it.write(put("a", 3));
	expect(next.seq).toBe(head.seq + 2);
});

test("FEED-4: it is done in bounded steps, and looked for again only while there is something to take", async () => {
	const it = watched();
	expect((await it.compact()).due).toBeNull();
	await it.write(note);
	expect((await it.compact()).due).toBeNull();
	await it.write(...Array.from({ length: 40 }, () => note));
	expect((await it.compact()).due).toBeGreaterThan(Date.now() + 1_000);
	await it.limit({ changes: 10, stepChanges: 5 });
	const { steps } = await it.compact();
	expect(steps).toBeGreaterThan(5);
	expect(await it.seqs()).toHaveLength(10);
});

test("FEED-4: a cursor at the horizon goes on without a seam; one below it gets a whole state that says why", async () => {
	const it = watched();
	const cursors = [await it.write(put("a", 1)), await it.write(put("b", 1)), await it.write(put("a", 2))];
	await it.write(put("c", 1), put("c", 2));
	const [first = 0] = await it.limit({ changes: 4 }).then(it.compact).then(it.seqs);
	for (const cursor of cursors) {
		const reader = new Subscriber(keyOf);
		reader.position = cursor;
		await (await reader.open(it.stub)).subscribe(cursor);
		await reader.until(({ heard }) => heard.some(({ t }) => t === "head"));
		const below = cursor.seq < first - 1;
		expect(reader.of("state").map(({ reason }) => reason)).toEqual(below ? ["horizon"] : []);
		expect(reader.of("head")[0]?.horizon).toBe(first - 1);
		const page = await it.inside(({ live }) => live.page(cursor, 1_000_000));
		expect("reset" in page ? page.reset : null).toBe(below ? "horizon" : null);
	}
});

test("FEED-4: a cursor at the horizon of another past is known by its mark", async () => {
	const it = watched();
	const at = await it.write(put("a", 1));
	await it.write(put("a", 2), put("a", 3));
	await it.limit({ ageMs: -1 });
	await it.inside(({ live }) => {
		live.limits = { ...live.limits, stepChanges: 1 };
		live.compact();
	});
	const [first = 0] = await it.seqs();
	expect(first - 1).toBeGreaterThanOrEqual(at.seq);
	const cursor = { ...at, seq: first - 1, mark: "of another past" };
	expect(await it.inside(({ live }) => live.page(cursor, 1_000))).toEqual({ reset: "mark" });
});

test("FEED-4: older changes are paged down to the horizon and end there", async () => {
	const it = watched();
	await it.write(...Array.from({ length: 10 }, (_, n) => put("a", n)));
	await it.limit({ changes: 6 });
	await it.compact();
	const [first = 0] = await it.seqs();
	const { rows, more } = await it.inside(({ live }) => live.changesBefore(null, 100));
	expect(rows.at(-1)?.from).toBe(first);
	expect(more).toBe(false);
});

test("FEED-4: a log whose batches are older than seven days keeps its newest batch alone", async () => {
	const it = watched();
	await it.write(put("a", 1), put("a", 2), put("a", 3));
	await it.inside((_, ctx) =>
		ctx.storage.sql.exec("UPDATE change_batch SET at = at - ?", 7 * DAY + 1).toArray(),
	);
	await it.compact();
	expect(
		await it.inside((_, ctx) => ctx.storage.sql.exec("SELECT count(*) AS n FROM change_batch").one().n),
	).toBe(1);
});
