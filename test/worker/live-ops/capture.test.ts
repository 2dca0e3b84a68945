import { env, runInDurableObject } from "cloudflare:test";
import { expect, test } from "vitest";
import { table, text, textOrNull } from "../../../shared/gastown/table.ts";
import { captureTriggers, installCapture } from "../../../worker/live-ops/capture.ts";
import { LIVE_OPS_TABLES, LiveOps } from "../../../worker/live-ops/live-ops.ts";
import { type Sql, sqlOf } from "../../../worker/live-ops/sql.ts";
import { uncapturedTables } from "../support/uncaptured-tables.ts";
import { because, things, WATCHED_TABLES, type WatchedDO } from "../support/watched-do.ts";

type Logged = { entity: string; key: string; op: string; row: string | null };

const watched = () => env.WATCHED.get(env.WATCHED.newUniqueId());

/** What the log gained by `fn`, rows parsed. */
function logged(live: LiveOps, sql: Sql, fn: (sql: Sql) => void) {
	const before = sql.one<{ seq: number }>("SELECT coalesce(max(seq), 0) AS seq FROM change_log")?.seq ?? 0;
	live.run(because("test"), () => fn(live.sql));
	return sql
		.all<Logged>("SELECT entity, key, op, row FROM change_log WHERE seq > ? ORDER BY seq", before)
		.map(({ entity, key, op, row }) => [entity, key, op, row && JSON.parse(row)]);
}

const inWatched = (fn: (live: LiveOps, sql: Sql) => void | Promise<void>) =>
	runInDurableObject(watched(), (object: WatchedDO, ctx) => fn(object.live, sqlOf(ctx.storage)));

const thing = { id: "a", title: "A", count: 0, ratio: null, data: null, token: null };

test("FEED-1: insert, update and delete of a captured table are in the log, whoever writes them", () =>
	inWatched((live, sql) => {
		expect(logged(live, sql, (db) => db.run("INSERT INTO things (id, title) VALUES ('a', 'A')"))).toEqual([
			["things", "a", "put", thing],
		]);
		expect(logged(live, sql, (db) => db.run("UPDATE things SET count = 2 WHERE id = 'a'"))).toEqual([
			["things", "a", "put", { ...thing, count: 2 }],
		]);
		expect(logged(live, sql, (db) => db.run("DELETE FROM things"))).toEqual([["things", "a", "del", null]]);
	}));

test("FEED-1: an update that changes nothing to be seen is not in the log", () =>
	inWatched((live, sql) => {
		logged(live, sql, (db) => db.run("INSERT INTO things (id, title, token) VALUES ('a', 'A', 'one')"));
		expect(logged(live, sql, (db) => db.run("UPDATE things SET title = 'A', token = 'two'"))).toEqual([]);
	}));

test("FEED-1: a changed key logs its deletion and its insertion, single and composite", () =>
	inWatched((live, sql) => {
		logged(live, sql, (db) => {
			db.run("INSERT INTO things (id, title) VALUES ('a', 'A')");
			db.run("INSERT INTO pairs (a, b) VALUES ('x\"y', 1)");
		});
		expect(logged(live, sql, (db) => db.run("UPDATE things SET id = 'b'"))).toEqual([
			["things", "a", "del", null],
			["things", "b", "put", { ...thing, id: "b" }],
		]);
		expect(logged(live, sql, (db) => db.run("UPDATE pairs SET b = 2"))).toEqual([
			["pairs", '["x\\"y",1]', "del", null],
			["pairs", '["x\\"y",2]', "put", { a: 'x"y', b: 2, note: null }],
		]);
	}));

test("FEED-1: INSERT OR REPLACE leaves no ghost of the row that it pushed out", () =>
	inWatched((live, sql) => {
		sql.run("CREATE UNIQUE INDEX one_title ON things (title)");
		logged(live, sql, (db) => db.run("INSERT INTO things (id, title) VALUES ('a', 'A')"));
		expect(
			logged(live, sql, (db) => db.run("INSERT OR REPLACE INTO things (id, title) VALUES ('b', 'A')")),
		).toEqual([
			["things", "a", "del", null],
			["things", "b", "put", { ...thing, id: "b" }],
		]);
	}));

test("FEED-1: text over 4,096 characters is its head and true length, the rest by cell", () =>
	inWatched((live, sql) => {
		const body = "é".repeat(5_000);
		const [change] = logged(live, sql, (db) =>
			db.run("INSERT INTO things (id, title, data) VALUES ('a', ?, ?)", body, JSON.stringify({ body })),
		);
		expect(change?.[3]).toMatchObject({
			title: "é".repeat(4_096),
			data: { body },
			_cut: { title: 5_000 },
		});
		expect(live.cell("things", "a", "title")).toEqual({ rows: [body], more: false });
	}));

test("FEED-1: JSON is embedded where it is valid, and shown as text where it is not", () =>
	inWatched((live, sql) => {
		const changes = logged(live, sql, (db) => {
			db.run("INSERT INTO things (id, data) VALUES ('a', ?)", '{"x": [1, 2]}');
			db.run("INSERT INTO things (id, data) VALUES ('b', ?)", '{"x": [1, 2}');
			db.run("INSERT INTO things (id, data) VALUES ('c', ?)", JSON.stringify(["y".repeat(20_000)]));
		});
		expect(changes.map((change) => change[3].data)).toEqual([
			{ x: [1, 2] },
			'{"x": [1, 2}',
			`["${"y".repeat(4_094)}`,
		]);
		expect(changes[2]?.[3]._cut).toEqual({ data: 20_004 });
	}));

test("FEED-6: a secret column shows only whether it holds something, in the log, in a row and by cell", () =>
	inWatched((live, sql) => {
		const changes = logged(live, sql, (db) => {
			db.run("INSERT INTO things (id, token) VALUES ('a', 's3cret-token')");
			db.run("UPDATE things SET token = NULL");
			db.run("UPDATE things SET token = 's3cret-token'");
		});
		expect(changes.map((change) => change[3].token)).toEqual(["masked", null, "masked"]);
		expect(live.row("things", "a")).toMatchObject({ token: "masked" });
		expect(live.cell("things", "a", "token")).toMatchObject({ ok: false, code: "secret-column" });
		expect(live.older("things", { where: { token: "s3cret-token" }, before: null, limit: 1 })).toMatchObject({
			ok: false,
		});
		for (const { name } of sql.all<{ name: string }>("SELECT name FROM sqlite_master WHERE type = 'table'"))
			if (name !== "things" && !name.startsWith("_cf_"))
				expect(JSON.stringify(sql.all(`SELECT * FROM "${name}"`))).not.toContain("s3cret");
	}));

test("FEED-1: stored triggers are made exactly the generated ones", () =>
	inWatched((_live, sql) => {
		const stored = () =>
			sql.all<{ name: string; sql: string }>(
				"SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name",
			);
		const good = stored();
		expect(good).toEqual(
			Object.values(WATCHED_TABLES)
				.flatMap(captureTriggers)
				.sort((a, b) => (a.name < b.name ? -1 : 1)),
		);
		sql.run("DROP TRIGGER capture_things_update");
		sql.run("DROP TRIGGER capture_things_delete");
		sql.run("CREATE TRIGGER capture_things_delete AFTER DELETE ON things BEGIN SELECT 1; END");
		sql.run("CREATE TRIGGER capture_old_insert AFTER INSERT ON notes BEGIN SELECT 1; END");
		installCapture(sql, Object.values(WATCHED_TABLES));
		expect(stored()).toEqual(good);
	}));

test("FEED-1: every table is captured or on the list of those left out", () =>
	inWatched((_live, sql) => {
		const tables = Object.values(WATCHED_TABLES);
		expect(uncapturedTables(sql, tables, LIVE_OPS_TABLES)).toEqual([]);
		sql.run("CREATE TABLE forgotten (a)");
		expect(uncapturedTables(sql, tables, LIVE_OPS_TABLES)).toEqual(["forgotten"]);
	}));

test("FEED-1: a descriptor that gains a column adds it to the table and to the log", () =>
	runInDurableObject(env.BARE.get(env.BARE.newUniqueId()), (_object, ctx) => {
		const old = table("things", "state", ["id"], { id: text(), title: textOrNull() });
		const options = { ctx, clock: () => 1, random: () => crypto.randomUUID() };
		const sql = sqlOf(ctx.storage);
		const first = new LiveOps({ ...options, tables: { things: old } });
		logged(first, sql, (db) => db.run("INSERT INTO things VALUES ('a', 'A')"));
		const second = new LiveOps({ ...options, tables: { things } });
		expect(second.row("things", "a")).toEqual(thing);
		expect(logged(second, sql, (db) => db.run("UPDATE things SET count = 1"))).toEqual([
			["things", "a", "put", { ...thing, count: 1 }],
		]);
		expect(second.epoch, "FEED-2: rows of another shape are another epoch").not.toBe(first.epoch);
		expect(new LiveOps({ ...options, tables: { things } }).epoch).toBe(second.epoch);
	}));
