import { env, runInDurableObject } from "cloudflare:test";
import { expect, test } from "vitest";
import { whyReset } from "../../../worker/live-ops/epoch.ts";
import { because, type WatchedDO } from "../support/watched-do.ts";

const log = {
	epoch: "e1",
	head: () => ({ epoch: "e1", seq: 20, mark: "m20" }),
	horizon: () => 5,
	markAt: (seq: number) => (seq % 10 === 0 ? `m${seq}` : null),
};

test.each([
	["first", null],
	["epoch", { epoch: "e0", seq: 10, mark: "m10" }],
	["ahead", { epoch: "e1", seq: 21, mark: "m21" }],
	["horizon", { epoch: "e1", seq: 4, mark: "m4" }],
	["mark", { epoch: "e1", seq: 10, mark: "other" }],
	["mark", { epoch: "e1", seq: 11, mark: "m10" }],
	[null, { epoch: "e1", seq: 10, mark: "m10" }],
	[null, { epoch: "e1", seq: 20, mark: "m20" }],
] as const)("FEED-2: a cursor gets a reset for reason %s", (reason, cursor) => {
	expect(whyReset(log, cursor)).toBe(reason);
});

test("FEED-2: a restored past does not pass for the present", async () => {
	const stub = env.WATCHED.get(env.WATCHED.newUniqueId());
	await runInDurableObject(stub, async ({ live }: WatchedDO, ctx) => {
		const write = (id: string) =>
			live.run(because("write"), () => live.sql.run("INSERT INTO things (id) VALUES (?)", id));
		expect(live.head()).toEqual({ epoch: live.epoch, seq: 0, mark: "" });
		expect(live.page(live.head(), 1_000)).toMatchObject({ frames: [], more: false });
		write("a");
		await Promise.resolve();
		write("b");
		await Promise.resolve();
		const seen = live.head();
		// A point-in-time restore, then another history of the same length.
		for (const table of ["change_log", "change_batch"])
			ctx.storage.sql.exec(`DELETE FROM ${table} WHERE ${table === "change_log" ? "seq" : "last_seq"} > 1`);
		ctx.storage.sql.exec("UPDATE sqlite_sequence SET seq = 1 WHERE name = 'change_log'");
		expect(live.page(seen, 1_000)).toEqual({ reset: "ahead" });
		write("c");
		await Promise.resolve();
		expect(live.head().seq).toBe(seen.seq);
		expect(live.page(seen, 1_000)).toEqual({ reset: "mark" });
		expect(live.page({ ...live.head(), epoch: "other" }, 1_000)).toEqual({ reset: "epoch" });
	});
});
