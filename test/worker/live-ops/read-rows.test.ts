import { env, runInDurableObject } from "cloudflare:test";
import { expect, test } from "vitest";
import type { LiveOps } from "../../../worker/live-ops/live-ops.ts";
import { because, type WatchedDO } from "../support/watched-do.ts";

const inWatched = (fn: (live: LiveOps) => void) =>
	runInDurableObject(env.WATCHED.get(env.WATCHED.newUniqueId()), ({ live }: WatchedDO) =>
		live.run(because("read"), () => fn(live)),
	);

test("FEED-3: a row is read by its wire key as the feed shows it", () =>
	inWatched((live) => {
		live.sql.run("INSERT INTO things (id, data) VALUES ('a', '[1]')");
		live.sql.run("INSERT INTO pairs (a, b) VALUES ('x\"y', 7)");
		expect(live.row("things", "a")).toMatchObject({ id: "a", data: [1] });
		expect(live.row("pairs", '["x\\"y",7]')).toEqual({ a: 'x"y', b: 7, note: null });
		expect(live.row("things", "b")).toBeNull();
		for (const key of ["7", "[]", '["x\\"y",{}]', "{", '["x\\"y",7,8]'])
			expect(live.row("pairs", key)).toBeNull();
		expect(live.row("change_log", "1"), "not a table to be seen").toBeNull();
		expect(live.row("constructor", "1")).toBeNull();
	}));

test("FEED-4: older rows of a journal are read by column, newest first, in pages", () =>
	inWatched((live) => {
		for (let i = 1; i <= 7; i++)
			live.sql.run("INSERT INTO notes (thing, at) VALUES (?, ?)", i % 2 ? "odd" : null, i);
		const page = (where: Record<string, string | null>, before: string | null, limit: number) => {
			const answer = live.older("notes", { where, before, limit });
			if ("ok" in answer) throw new Error(answer.message);
			return [...answer.rows.map((row) => (row as { id: number }).id), answer.more];
		};
		expect(page({}, null, 3)).toEqual([7, 6, 5, true]);
		expect(page({}, "5", 3)).toEqual([4, 3, 2, true]);
		expect(page({}, "2", 3)).toEqual([1, false]);
		expect(page({ thing: "odd" }, "5", 10)).toEqual([3, 1, false]);
		expect(page({ thing: null }, null, 10)).toEqual([6, 4, 2, false]);
		expect(page({ at: "4" }, null, 10)).toEqual([4, false]);
	}));

test("FEED-4: a read that cannot be done says why, never an empty list", () =>
	inWatched((live) => {
		live.sql.run("INSERT INTO things (id, title) VALUES ('a', CAST(x'ff00' AS BLOB))");
		const older = (entity: string, where = {}, before: string | null = null) =>
			live.older(entity, { where, before, limit: 1 });
		expect(older("nothing")).toMatchObject({ ok: false, code: "unknown-entity" });
		expect(older("notes", { "1=1 --": "x" })).toMatchObject({ ok: false, code: "unknown-column" });
		expect(older("notes", { toString: "x" })).toMatchObject({ ok: false, code: "unknown-column" });
		expect(older("notes", {}, "99")).toMatchObject({ ok: false, code: "no-such-row" });
		expect(live.cell("nothing", "a", "title")).toMatchObject({ ok: false, code: "unknown-entity" });
		expect(live.cell("things", "a", "nothing")).toMatchObject({ ok: false, code: "unknown-column" });
		expect(live.cell("things", "b", "title")).toMatchObject({ ok: false, code: "no-such-row" });
		expect(live.cell("things", "a", "title")).toMatchObject({ ok: false, code: "not-text" });
	}));
