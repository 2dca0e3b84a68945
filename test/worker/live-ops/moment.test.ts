import { env, runInDurableObject } from "cloudflare:test";
import { expect, test } from "vitest";
import type { Moment } from "../../../shared/protocol/index.ts";
import { LOG_LIMITS } from "../../../worker/live-ops/compaction.ts";
import { readMoment } from "../../../worker/live-ops/moment.ts";
import { sqlOf } from "../../../worker/live-ops/sql.ts";
import { because, type WatchedDO } from "../support/watched-do.ts";

type Inside = (object: WatchedDO, ctx: DurableObjectState) => Promise<void>;
const inside = (part: Inside) =>
	runInDurableObject(env.WATCHED.get(env.WATCHED.newUniqueId()), part as never) as Promise<void>;

/** Writes each statement as a batch of its own. */
async function write({ live }: WatchedDO, ...statements: string[]): Promise<void> {
	for (const sql of statements) {
		live.run(because("write"), () => live.sql.run(sql));
		await scheduler.wait(2);
	}
}

const put = (id: string, count: number) => `INSERT INTO things (id, count) VALUES ('${id}', ${count})`;
const set = (id: string, count: number) => `UPDATE things SET count = ${count} WHERE id = '${id}'`;
const which = (of: { seq?: number; at?: number; after?: Moment["after"] }) => ({
	seq: null,
	at: null,
	after: null,
	...of,
});

function told(answer: ReturnType<WatchedDO["live"]["moment"]>): Moment {
	if ("ok" in answer) throw new Error(answer.message);
	return answer.rows[0] as Moment;
}
const things = ({ rows }: Moment) =>
	rows.flatMap(([entity, key, row]) =>
		entity === "things" ? [`${key}:${(row as { count: number }).count}`] : [],
	);

test("FEED-4: a moment is found by its time or by a change, and says what is beside it and how much came later", () =>
	inside(async (object) => {
		await write(object, put("a", 1), put("b", 1), set("a", 2));
		const second = told(object.live.moment(which({ seq: 2 })));
		expect(things(second)).toEqual(["a:1", "b:1"]);
		expect(second).toMatchObject({
			seq: 2,
			before: { seq: 1 },
			next: { seq: 3 },
			later: 1,
			oldest: { seq: 1 },
		});
		expect(second.cause).toMatchObject({ what: "write" });
		expect(second.position).toMatchObject({ epoch: object.live.epoch, seq: 2 });
		// Until the next one nothing was otherwise.
		const between = told(object.live.moment(which({ at: (second.next?.at ?? 0) - 1 })));
		expect(between.seq).toBe(2);
		const newest = told(object.live.moment(which({})));
		expect([newest.seq, newest.next, newest.later]).toEqual([3, null, 0]);
	}));

test("FEED-4: what is not kept any more, and what has not happened, is refused in words", () =>
	inside(async (object) => {
		expect(object.live.moment(which({ seq: 1 }))).toMatchObject({ code: "no-moment" });
		await write(object, put("a", 1), put("b", 1), set("a", 2), set("a", 3));
		object.live.limits = { ...LOG_LIMITS, changes: 2 };
		while ((object.live.compact() ?? Number.POSITIVE_INFINITY) <= Date.now());
		const refused = object.live.moment(which({ seq: 1 }));
		expect(refused).toMatchObject({
			ok: false,
			code: "gone",
			message: expect.stringContaining("since seq 3"),
		});
		expect(object.live.moment(which({ at: 1 }))).toMatchObject({ code: "gone" });
		expect(object.live.moment(which({ seq: 5 }))).toMatchObject({ code: "ahead" });
		for (const at of [Date.now() + 60_000, Number.MAX_VALUE])
			expect(object.live.moment(which({ at }))).toMatchObject({ ok: false, code: "ahead" });
		expect(things(told(object.live.moment(which({ seq: 3 }))))).toEqual(["a:2", "b:1"]);
	}));

test("FEED-4: a large state comes in pages that leave nothing out and tell nothing twice", () =>
	inside(async (object, ctx) => {
		await write(
			object,
			`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300)
			INSERT INTO things (id, count) SELECT 'thing ' || i, i FROM n`,
			"UPDATE things SET count = count + 1000 WHERE count % 2 = 0",
			"DELETE FROM things WHERE count % 3 = 0 AND count < 1000",
		);
		const log = { epoch: object.live.epoch, states: ["things"], now: Date.now() };
		const all = (seq: number) => {
			const rows: string[] = [];
			let pages = 0;
			for (let after: Moment["after"] = null; pages === 0 || after !== null; pages++) {
				const page = told(readMoment(sqlOf(ctx.storage), log, which({ seq, after }), 2_000));
				rows.push(...things(page));
				after = page.after;
			}
			expect(pages).toBeGreaterThan(3);
			expect(new Set(rows).size).toBe(rows.length);
			return rows;
		};
		expect(all(300)).toHaveLength(300);
		expect(all(450).filter((row) => Number(row.split(":")[1]) > 1_000)).toHaveLength(150);
		expect(all(500)).toHaveLength(250);
	}));
