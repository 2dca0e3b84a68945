import { env, runInDurableObject } from "cloudflare:test";
import { expect, test } from "vitest";
import { TOWN_TABLES } from "../../../shared/gastown/index.ts";
import { integer, real, table, text, textOrNull } from "../../../shared/gastown/table.ts";
import { columnsOf, migrateTable } from "../../../worker/live-ops/ddl.ts";
import { type Sql, sqlOf } from "../../../worker/live-ops/sql.ts";

const withSql = (fn: (sql: Sql) => void) =>
	runInDurableObject(env.BARE.get(env.BARE.newUniqueId()), (_object, ctx) => fn(sqlOf(ctx.storage)));

test("FEED-1: every table of a town is made from its descriptor, once and again", () =>
	withSql((sql) => {
		const schema = () => sql.all("SELECT type, name, sql FROM sqlite_master ORDER BY type, name");
		for (const described of Object.values(TOWN_TABLES)) migrateTable(sql, described);
		const made = schema();
		for (const described of Object.values(TOWN_TABLES)) {
			migrateTable(sql, described);
			expect(columnsOf(sql, described.name)).toEqual(Object.keys(described.columns));
		}
		expect(schema()).toEqual(made);
	}));

test("FEED-1: an integer key counts by itself, defaults and NOT NULL hold, indexes are made", () =>
	withSql((sql) => {
		const old = table("t", "journal", ["id"], { id: integer(), name: text({ default: "'x'" }) }, [
			"unique name",
		]);
		migrateTable(sql, old);
		sql.run("INSERT INTO t DEFAULT VALUES");
		expect(sql.all("SELECT * FROM t")).toEqual([{ id: 1, name: "x" }]);
		expect(() => sql.run("INSERT INTO t DEFAULT VALUES")).toThrow(/UNIQUE/);
		expect(() => sql.run("INSERT INTO t (name) VALUES (NULL)")).toThrow(/NOT NULL/);
	}));

test("FEED-1: columns and indexes that a descriptor gains are added, with a value where null is not allowed", () =>
	withSql((sql) => {
		const columns = { id: integer(), name: text() };
		migrateTable(sql, table("t", "state", ["id"], columns));
		sql.run("INSERT INTO t VALUES (1, 'a')");
		const more = { ...columns, note: textOrNull(), kind: text(), n: real(), size: integer({ default: "7" }) };
		migrateTable(sql, table("t", "state", ["id"], more, ["kind, n"]));
		expect(sql.all("SELECT * FROM t")).toEqual([{ id: 1, name: "a", note: null, kind: "", n: 0, size: 7 }]);
		expect(sql.one("SELECT name FROM sqlite_master WHERE type = 'index'")).toEqual({ name: "t_by_kind_n" });
		expect(() => migrateTable(sql, table("t", "state", ["key"], { key: text() }))).toThrow(/key column/);
	}));
