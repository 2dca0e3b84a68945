import { env, runInDurableObject } from "cloudflare:test";
import { expect, test } from "vitest";
import type { Batch } from "../../../shared/protocol/index.ts";
import type { LiveOps } from "../../../worker/live-ops/live-ops.ts";
import { sqlOf } from "../../../worker/live-ops/sql.ts";
import { because, type WatchedDO } from "../support/watched-do.ts";

const watched = () => env.WATCHED.get(env.WATCHED.newUniqueId());
const inWatched = (fn: (live: LiveOps, ctx: DurableObjectState) => void | Promise<void>) =>
	runInDurableObject(watched(), (object: WatchedDO, ctx) => fn(object.live, ctx));

const put = (live: LiveOps, id: string) => live.sql.run("INSERT INTO things (id) VALUES (?)", id);

/** `what` of each batch with the keys that changed in it, oldest first. */
const steps = (live: LiveOps) =>
	live
		.changesBefore(null, 500)
		.rows.reverse()
		.map((batch: Batch) => [batch.cause?.what ?? null, ...batch.changes.map((change) => change[2])]);

test("FEED-5: one batch per synchronous run and cause, closed at the end of the run", () =>
	inWatched(async (live, ctx) => {
		live.run(because("first"), () => {
			put(live, "a");
			put(live, "b");
		});
		expect(ctx.storage.sql.exec("SELECT * FROM change_batch").toArray(), "open within the run").toEqual([]);
		await Promise.resolve();
		expect(
			ctx.storage.sql.exec("SELECT * FROM change_batch").toArray(),
			"closed by a microtask",
		).toMatchObject([{ first_seq: 1, last_seq: 2 }]);
		live.run(because("second"), () => put(live, "c"));
		await Promise.resolve();
		expect(steps(live)).toEqual([
			["first", "a", "b"],
			["second", "c"],
		]);
	}));

test("FEED-5: causes within one run are batches of their own, reads between do not cut them", () =>
	inWatched((live) => {
		live.run(because("outer"), () => {
			put(live, "a");
			live.run(because("only reads"), () => live.sql.all("SELECT * FROM things"));
			put(live, "b");
			live.run(because("inner"), () => put(live, "c"));
			put(live, "d");
		});
		live.run(because("next"), () => put(live, "e"));
		put(live, "f");
		expect(steps(live)).toEqual([
			["outer", "a", "b"],
			["inner", "c"],
			["outer", "d"],
			["next", "e"],
			[null, "f"],
		]);
	}));

test("FEED-5: what a run awaits belongs to its cause, though others run meanwhile", () =>
	inWatched(async (live) => {
		const slow = live.run(because("slow"), async () => {
			put(live, "a");
			await scheduler.wait(1);
			put(live, "c");
		});
		live.run(because("quick"), () => put(live, "b"));
		await slow;
		expect(steps(live)).toEqual([
			["slow", "a"],
			["quick", "b"],
			["slow", "c"],
		]);
	}));

test("FEED-2: a rollback leaves no hole, no batch, and the right causes", () =>
	inWatched((live) => {
		const fails = (fn: () => void) =>
			expect(() =>
				live.sql.transaction(() => {
					fn();
					throw new Error("undone");
				}),
			).toThrow("undone");
		live.run(because("one"), () => {
			put(live, "a");
			fails(() => {
				put(live, "x");
				live.run(because("undone"), () => put(live, "y"));
				live.run(because("two"), () => put(live, "z"));
			});
		});
		live.run(because("two"), () => {
			fails(() => put(live, "x"));
			put(live, "b");
			fails(() => put(live, "x"));
		});
		live.run(because("nothing"), () => fails(() => put(live, "x")));
		live.run(because("three"), () => put(live, "c"));
		expect(steps(live)).toEqual([
			["one", "a"],
			["two", "b"],
			["three", "c"],
		]);
		expect(live.head().seq).toBe(3);
	}));

test("FEED-5: a cause that goes on after a rollback does not pass for one that was undone", () =>
	inWatched((live) => {
		live.run(because("outer"), () => {
			live.run(because("inner"), () => put(live, "a"));
			expect(() =>
				live.sql.transaction(() => {
					live.run(because("undone"), () => put(live, "x"));
					put(live, "y");
					throw new Error("undone");
				}),
			).toThrow("undone");
			put(live, "b");
		});
		expect(steps(live)).toEqual([
			["inner", "a"],
			["outer", "b"],
		]);
	}));

test("FEED-5: a failed statement leaves neither change nor batch", () =>
	inWatched((live) => {
		live.run(because("one"), () => {
			put(live, "a");
			expect(() => put(live, "a")).toThrow(/UNIQUE/);
		});
		expect(steps(live)).toEqual([["one", "a"]]);
	}));

test("FEED-5: writes that went past the wrapper are a batch without a cause", () =>
	inWatched((live, ctx) => {
		live.run(because("one"), () => put(live, "a"));
		expect(steps(live)).toEqual([["one", "a"]]);
		sqlOf(ctx.storage).run("INSERT INTO things (id) VALUES ('b')");
		expect(steps(live)).toEqual([
			["one", "a"],
			[null, "b"],
		]);
	}));

test("FEED-5: the batch is in the transaction of its changes: after a crash none is without", async () => {
	const id = env.WATCHED.newUniqueId();
	for (let round = 0; round < 5; round++) {
		const crashed = runInDurableObject(env.WATCHED.get(id), async (object: WatchedDO, ctx) => {
			object.bump("kept");
			await ctx.storage.sync();
			object.bump("lost");
			// The batch's microtask has run, the turn's commit has not.
			await Promise.resolve();
			ctx.abort("crash");
		});
		await expect(crashed).rejects.toThrow("crash");
		await runInDurableObject(env.WATCHED.get(id), (object: WatchedDO, ctx) => {
			const seqs = ctx.storage.sql.exec<{ n: number }>("SELECT count(*) AS n FROM change_log").one().n;
			expect(seqs).toBe(round + 1);
			expect(object.live.head().seq).toBe(seqs);
			expect(steps(object.live)).toEqual(Array(round + 1).fill(["bump", "kept"]));
		});
	}
});

test("FEED-5: frames are cut at the ends of batches only, a large batch stays whole", () =>
	inWatched((live) => {
		const start = live.head();
		for (let batch = 0; batch < 40; batch++)
			live.run(because("many"), () => {
				for (let i = 0; i < 1 + (batch % 7); i++)
					live.sql.run("INSERT INTO notes (body) VALUES (?)", "é".repeat(100));
			});
		live.run(because("large"), () => {
			for (let i = 0; i < 50; i++) live.sql.run("INSERT INTO notes (body) VALUES (?)", "x".repeat(100));
		});
		for (let bytes = 1_500; bytes <= 6_000; bytes += 150) {
			let cursor = start;
			let pages = 0;
			const seen: number[] = [];
			for (let more = true; more; pages++) {
				const page = live.page(cursor, bytes);
				if ("reset" in page) throw new Error(page.reset);
				for (const frame of page.frames) {
					const batches = (JSON.parse(frame.text) as { batches: Batch[] }).batches;
					expect(Buffer.byteLength(frame.text) <= bytes || batches.length === 1).toBe(true);
					expect([batches[0]?.from, batches.at(-1)?.to]).toEqual([frame.from, frame.to]);
					seen.push(...batches.flatMap((batch) => batch.changes.map((change) => change[0])));
				}
				cursor = page.position;
				more = page.more;
			}
			expect(pages).toBeGreaterThan(3);
			expect(cursor).toEqual(live.head());
			expect(seen).toEqual(Array.from({ length: live.head().seq }, (_, i) => i + 1));
		}
	}));

test("FEED-5: older batches are read newest first, by limit and by size", () =>
	inWatched((live) => {
		for (let i = 0; i < 5; i++) live.run(because(`n${i}`), () => put(live, `t${i}`));
		const newest = live.changesBefore(null, 2);
		expect(newest.rows.map((batch) => batch.cause?.what)).toEqual(["n4", "n3"]);
		expect(newest.more).toBe(true);
		const rest = live.changesBefore(newest.rows[1]?.from ?? 0, 10);
		expect(rest.rows.map((batch) => batch.cause?.what)).toEqual(["n2", "n1", "n0"]);
		expect(rest.more).toBe(false);
	}));
