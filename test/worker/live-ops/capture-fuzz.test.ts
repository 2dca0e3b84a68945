import { env, runInDurableObject } from "cloudflare:test";
import fc from "fast-check";
import { expect, test } from "vitest";
import { z } from "zod";
import { json, real, secret, table, text, textOrNull } from "../../../shared/gastown/table.ts";
import type { Changes } from "../../../shared/protocol/index.ts";
import { LiveOps } from "../../../worker/live-ops/live-ops.ts";
import { JSON_WHOLE, TEXT_HEAD } from "../../../worker/live-ops/row-expression.ts";
import { type SqlValue, sqlOf } from "../../../worker/live-ops/sql.ts";
import { because } from "../support/watched-do.ts";

const bytes = { sql: "BLOB", schema: z.unknown(), json: false, secret: false, notNull: false } as const;
const odd = table("odd", "state", ["k", "n"], {
	k: text(),
	n: real(),
	plain: textOrNull(),
	data: json(z.unknown()),
	number: real({ default: "0" }),
	bytes,
	hidden: secret(),
});

/** Text as it comes: any UTF-16, NULs, quotes, JSON of all sorts, long and very long. */
const someText = fc.oneof(
	fc.string({ unit: "binary" }),
	fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)) }),
	fc.json(),
	fc.json().map((text) => `${text}\0rest`),
	fc.constantFrom("", "\0", "null", "01", "+1", "{a:1}", "'x'", "[1,]", "\u00a01", "1 // x", "NaN", "1e999"),
	fc
		.tuple(
			fc.constantFrom("x", "é", "漢", "🚀", "\0", '"', "\u0001", "\\"),
			fc.integer({ min: 4_000, max: 20_000 }),
		)
		.map(([unit, length]) => unit.repeat(length)),
	fc.integer({ min: 0, max: 20_000 }).map((length) => JSON.stringify({ list: ["é".repeat(length)] })),
);
const someValue: fc.Arbitrary<SqlValue> = fc.oneof(
	{ arbitrary: someText, weight: 3 },
	fc.double(),
	fc.constantFrom(2 ** 53 + 2, -(2 ** 62), Infinity, -Infinity, Number.NaN, -0, Number.MIN_VALUE, 1e308),
	fc.uint8Array({ maxLength: 40 }).map((array) => array.slice().buffer as ArrayBuffer),
	fc.constant(null),
);
const someRow = fc.record({
	k: fc.oneof(someText, someValue),
	n: fc.oneof(fc.double({ noNaN: true }), someText),
	plain: someValue,
	data: someValue,
	number: fc.oneof(someValue, fc.double({ noNaN: true })),
	bytes: someValue,
	hidden: someValue,
});

/** What SQLite counts and cuts: the characters before a NUL. */
const counted = (value: string) => [...(value.split("\0", 1)[0] ?? "")];
const isLong = (value: string) =>
	Buffer.byteLength(value) > 4 * TEXT_HEAD || counted(value).length > TEXT_HEAD;

/** What a value that SQLite gives back should look like on the wire; a second account of what the SQL says. */
function shown(value: SqlValue, isJson: boolean): unknown {
	if (value instanceof ArrayBuffer) return { $blob: value.byteLength };
	// JSON has no infinities, and SQLite spells no negative zero.
	if (typeof value === "number") return Number.isFinite(value) ? value + 0 : null;
	if (value === null) return null;
	if (isJson && Buffer.byteLength(value) <= JSON_WHOLE) {
		try {
			return JSON.parse(value);
		} catch {
			// A string, then.
		}
	}
	return isLong(value) ? counted(value).slice(0, TEXT_HEAD).join("") : value;
}

/** NOT NULL is the table's own rule, not capture's; SQLite stores NaN as NULL. */
const filled = (value: SqlValue, empty: SqlValue) => (value === null || Number.isNaN(value) ? empty : value);

const COLUMNS = ["k", "n", "plain", "data", "number", "bytes"] as const;

test("FEED-1: capture makes no write fail, and what it logs is JSON and true, whatever the values", {
	timeout: 30_000,
}, async () => {
	await runInDurableObject(env.BARE.get(env.BARE.newUniqueId()), async (_object, ctx) => {
		const sql = sqlOf(ctx.storage);
		const live = new LiveOps({ ctx, tables: { odd }, clock: () => 1, random: () => crypto.randomUUID() });
		fc.assert(
			fc.property(someRow, someRow, (first, second) => {
				const cursor = live.head();
				live.run(because("fuzz"), () => {
					live.sql.run("DELETE FROM odd");
					const insert =
						"INSERT OR REPLACE INTO odd (k, n, plain, data, number, bytes, hidden) VALUES (?,?,?,?,?,?,?)";
					const { k, n, plain, data, number, bytes, hidden } = first;
					live.sql.run(insert, filled(k, ""), n, plain, data, filled(number, 0), bytes, hidden);
					live.sql.run(
						"UPDATE odd SET k = ?, n = ?, plain = ?, data = ?, number = ?, bytes = ?, hidden = ?",
						filled(second.k, ""),
						second.n,
						second.plain,
						second.data,
						filled(second.number, 0),
						second.bytes,
						second.hidden,
					);
				});
				const page = live.page(cursor, Number.MAX_SAFE_INTEGER);
				if ("reset" in page) throw new Error(page.reset);
				const changes = page.frames.flatMap((frame) =>
					(JSON.parse(frame.text) as Changes).batches.flatMap((batch) => batch.changes),
				);
				const last = changes.at(-1);
				const row = last?.[4] as Record<string, unknown> & { _cut?: Record<string, number> };
				const stored = sql.one("SELECT * FROM odd");
				expect(stored).not.toBeNull();
				for (const column of COLUMNS) {
					const value = stored?.[column] ?? null;
					expect(row[column], column).toEqual(shown(value, column === "data"));
				}
				expect(row.hidden).toBe(stored?.hidden === null ? null : "masked");
				for (const [column, length] of Object.entries(row._cut ?? {})) {
					const value = String(stored?.[column]);
					expect(length).toBe(value.includes("\0") ? Buffer.byteLength(value) : [...value].length);
				}
				for (const column of ["k", "plain"] as const)
					if (typeof stored?.[column] === "string" && isLong(stored[column]))
						expect(row._cut).toHaveProperty(column);
			}),
			{ numRuns: 400, seed: 20261122 },
		);
	});
});

test("FEED-1: text that is not UTF-8 passes capture and gives readable JSON", {
	timeout: 30_000,
}, async () => {
	await runInDurableObject(env.BARE.get(env.BARE.newUniqueId()), async (_object, ctx) => {
		const live = new LiveOps({ ctx, tables: { odd }, clock: () => 1, random: () => crypto.randomUUID() });
		fc.assert(
			fc.property(fc.uint8Array({ minLength: 1, maxLength: 30 }), (array) => {
				const cursor = live.head();
				const raw = array.slice().buffer as ArrayBuffer;
				live.run(because("fuzz"), () => {
					live.sql.run("DELETE FROM odd");
					live.sql.run(
						"INSERT INTO odd (k, n, plain, data) VALUES ('k', 1, CAST(? AS TEXT), '{\"a\":\"' || CAST(? AS TEXT) || '\"}')",
						raw,
						raw,
					);
				});
				const page = live.page(cursor, 1_000_000);
				if ("reset" in page) throw new Error(page.reset);
				for (const frame of page.frames) JSON.parse(frame.text);
			}),
			{ numRuns: 300, seed: 20261122 },
		);
	});
});
