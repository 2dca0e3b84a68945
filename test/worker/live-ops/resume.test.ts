import { env, evictDurableObject, runInDurableObject } from "cloudflare:test";
import fc from "fast-check";
import { expect, test } from "vitest";
import { LIMITS } from "../../../shared/protocol/index.ts";
import { keyBy, Subscriber } from "../support/subscriber.ts";
import { because, WATCHED_TABLES, type WatchedDO } from "../support/watched-do.ts";

/** What happens to a town and to those who watch it; `n` and `m` choose rows, columns and sizes. */
type Step = { what: (typeof STEPS)[number]; n: number; m: number };
const STEPS = [
	"write", "write", "write", "write", "burst", "rekey", "replace", "remove", "rollback", "wait",
	"drop", "connect", "connect", "evict", "crash", "compact",
] as const; // biome-ignore format: a list

const step: fc.Arbitrary<Step> = fc.record({
	what: fc.constantFrom(...STEPS),
	n: fc.nat(9),
	m: fc.nat(1_000),
});

const keyOf = keyBy(WATCHED_TABLES);

/** Writers of one turn, each its own cause, some of them undone. */
function write({ live }: WatchedDO, { what, n, m }: Step): void {
	const { sql } = live;
	const id = `t${n}`;
	const put = (key: string) =>
		sql.run(
			`INSERT INTO things (id, title, data) VALUES (?, ?, ?)
			ON CONFLICT (id) DO UPDATE SET count = count + 1, ratio = ? / 7.0, title = excluded.title`,
			key,
			`é"${m}`.repeat(1 + (m % 50)),
			JSON.stringify({ m }),
			m,
		);
	live.run(because(what), () => {
		switch (what) {
			case "write":
				put(id);
				sql.run("INSERT OR REPLACE INTO pairs (a, b, note) VALUES (?, ?, ?)", id, m % 3, `n${m}`);
				return sql.run("INSERT INTO notes (thing, at) VALUES (?, ?)", id, m);
			case "burst":
				for (let i = 0; i < 20 + m; i++) sql.run("INSERT INTO notes (body) VALUES (?)", "x".repeat(n * 300));
				return;
			case "rekey":
				return sql.run("UPDATE OR REPLACE things SET id = ? WHERE id = ?", `t${m % 10}`, id);
			case "replace":
				return sql.run("INSERT OR REPLACE INTO things (id, count) VALUES (?, ?)", id, m);
			case "remove":
				return sql.run(m % 2 ? "DELETE FROM pairs WHERE a = ?" : "DELETE FROM things WHERE id = ?", id);
			case "rollback":
				try {
					sql.transaction(() => {
						put(id);
						live.run(because("within"), () => put(`t${m % 10}`));
						if (m % 3) throw new Error("undone");
					});
				} catch {
					// As it was meant.
				}
				return put(`t${m % 7}`);
		}
	});
}

/** The tables as they are, by a reading of their own. */
const stored = (id: DurableObjectId) =>
	runInDurableObject(env.WATCHED.get(id), ({ live }: WatchedDO, ctx) => {
		const rows = ["things", "pairs"].map((name) => [
			name,
			ctx.storage.sql
				.exec(`SELECT * FROM ${name}`)
				.toArray()
				.map((row) => ("data" in row ? { ...row, data: JSON.parse(String(row.data)) } : row)),
		]);
		return { head: live.head(), rows: Object.fromEntries(rows) as Record<string, Record<string, unknown>[]> };
	});

/** A subscriber's rows in the same form. */
const folded = (reader: Subscriber, entity: string) =>
	new Map([...(reader.rows.get(entity) ?? [])].sort(([a], [b]) => (a < b ? -1 : 1)));

const asMap = (entity: string, rows: Record<string, unknown>[]) =>
	new Map(rows.map((row) => [keyOf(entity, row), row] as const).sort(([a], [b]) => (a < b ? -1 : 1)));

async function play(steps: Step[]): Promise<void> {
	const id = env.WATCHED.newUniqueId();
	const readers = [new Subscriber(keyOf), new Subscriber(keyOf)];
	const [first, second] = readers as [Subscriber, Subscriber];
	await first.connect(env.WATCHED.get(id), "first");
	for (const { what, n, m } of steps) {
		const reader = m % 2 ? first : second;
		const name = reader === first ? "first" : "second";
		if (what === "wait") await scheduler.wait(n);
		else if (what === "drop") reader.drop();
		// Over an open socket, too: the newer one takes its place.
		else if (what === "connect") await reader.connect(env.WATCHED.get(id), name);
		else if (what === "compact")
			await runInDurableObject(env.WATCHED.get(id), ({ live }: WatchedDO) => {
				live.limits = { ...live.limits, changes: m, stepChanges: 1 + n * 20 };
				live.compact();
			});
		else if (what === "evict") {
			// Only what runs can be evicted, and a crash before this has ended it.
			await runInDurableObject(env.WATCHED.get(id), () => undefined);
			await evictDurableObject(env.WATCHED.get(id));
		} else if (what === "crash")
			await runInDurableObject(env.WATCHED.get(id), (object: WatchedDO, ctx) => {
				write(object, { what: "write", n, m });
				ctx.abort("crash");
			}).catch(() => undefined);
		else
			await runInDurableObject(env.WATCHED.get(id), async (object: WatchedDO) => {
				write(object, { what, n, m });
				// A second writer of the same turn, and a third of the next.
				write(object, { what: "write", n: m % 10, m: n });
				if (m % 4 === 0) await scheduler.wait(1);
				write(object, { what: "write", n: (n + m) % 10, m });
			});
	}
	const { head, rows } = await stored(id);
	for (const [i, reader] of readers.entries()) {
		// Whoever was cut off comes back with the cursor it has.
		await reader.connect(env.WATCHED.get(id), i === 0 ? "first" : "second");
		await reader.reach(head.seq);
		expect(reader.position).toEqual(head);
		for (const entity of ["things", "pairs"])
			expect(folded(reader, entity)).toEqual(asMap(entity, rows[entity] ?? []));
		// No change twice, none out of order; without a state in between, none missing.
		expect(reader.applied).toEqual([...new Set(reader.applied)].sort((a, b) => a - b));
		if (reader.of("state").every((chunk) => chunk.position.seq === 0))
			expect(reader.applied).toEqual(Array.from({ length: head.seq }, (_, seq) => seq + 1));
		for (const text of reader.texts)
			if (text.length > LIMITS.chunkBytes) expect(JSON.parse(text).batches).toHaveLength(1);
	}
}

test(
	"FEED-3: whatever happens, compaction too, the fold of what a subscriber got is what the tables hold",
	{ timeout: 120_000 },
	() =>
		fc.assert(
			fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), (steps) => play(steps)),
			{ numRuns: 50, seed: 20261122 },
		),
);
