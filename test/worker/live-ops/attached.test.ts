import { runInDurableObject } from "cloudflare:test";
import { DurableObject, env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { table, text, textOrNull } from "../../../shared/gastown/table.ts";
import type { Moment } from "../../../shared/protocol/index.ts";
import { Attached } from "../../../worker/attach/attached.ts";
import { liveTown } from "../../../worker/attach/index.ts";

const TABLES = {
	things: table("things", "state", ["id"], { id: text(), title: textOrNull(), later: textOrNull() }),
};

/** A storage that a host has filled before it was attached. */
const inHost = (
	fn: (ctx: DurableObjectState, attach: (clock?: () => number) => Attached) => void | Promise<void>,
) =>
	runInDurableObject(env.BARE.get(env.BARE.newUniqueId()), (_, ctx) => {
		ctx.storage.sql.exec("CREATE TABLE things (id TEXT PRIMARY KEY, title TEXT)");
		ctx.storage.sql.exec("INSERT INTO things VALUES ('a', 'before'), ('b', 'before')");
		return fn(ctx, (clock = Date.now) => new Attached({ ctx, tables: TABLES, kept: {}, clock }));
	});
/** Until the batch of the turn is closed. */
const turn = () => scheduler.wait(0);
const momentOf = ({ live }: Attached) => {
	const answer = live.moment({ seq: null, at: null, after: null });
	if ("ok" in answer) throw new Error(answer.message);
	return (answer.rows[0] as Moment).rows.map(([, key, row]) => [key, (row as { title: string }).title]);
};

test("FEED-10: what a host had before it was attached is part of its past from then on", () =>
	inHost(async (ctx, attach) => {
		const attached = attach();
		expect(momentOf(attached)).toEqual([
			["a", "before"],
			["b", "before"],
		]);
		ctx.storage.sql.exec("UPDATE things SET title = 'after' WHERE id = 'a'");
		ctx.storage.sql.exec("DELETE FROM things WHERE id = 'b'");
		await turn();
		expect(momentOf(attached)).toEqual([["a", "after"]]);
	}));

test("FEED-10: a column that the host adds later is captured from then on, in a new epoch", () =>
	inHost(async (ctx, attach) => {
		const { live } = attach();
		const { epoch } = live.head();
		ctx.storage.sql.exec("ALTER TABLE things ADD COLUMN later TEXT");
		ctx.storage.sql.exec("UPDATE things SET later = 'x' WHERE id = 'a'");
		expect(live.row("things", "a")).toEqual({ id: "a", title: "before", later: "x" });
		expect(live.head().epoch).not.toBe(epoch);
	}));

test("FEED-10: an asynchronous transaction that is rolled back leaves the log as it was", () =>
	inHost(async (ctx, attach) => {
		const { live } = attach();
		await turn();
		const before = live.head();
		await expect(
			ctx.storage.transaction(async () => {
				ctx.storage.sql.exec("UPDATE things SET title = 'half' WHERE id = 'a'");
				await turn();
				throw new Error("no");
			}),
		).rejects.toThrow("no");
		expect(live.head()).toEqual(before);
		ctx.storage.sql.exec("UPDATE things SET title = 'whole' WHERE id = 'a'");
		await turn();
		expect(live.head().seq).toBe(before.seq + 1);
	}));

test("FEED-10: the log of a host is kept within its limits without an alarm", () =>
	inHost(async (ctx, attach) => {
		let passed = 0;
		const { live } = attach(() => Date.now() + passed);
		live.limits = { ...live.limits, changes: 3 };
		const write = async (title: string) => {
			ctx.storage.sql.exec("UPDATE things SET title = ? WHERE id = 'a'", title);
			await turn();
		};
		for (let n = 0; n < 10; n++) await write(`${n}`);
		passed = 2 * 3_600_000;
		await write("last");
		await turn();
		const kept = ctx.storage.sql.exec<{ n: number }>("SELECT count(*) AS n FROM change_log").one().n;
		expect(kept).toBeLessThanOrEqual(4);
		expect(await ctx.storage.getAlarm()).toBeNull();
	}));

test("FEED-10: a host with a method of a name that the console asks by is refused when it is wrapped", () => {
	class Host extends DurableObject {
		async page(): Promise<string> {
			return "its own";
		}
	}
	expect(() => liveTown(Host, { describe: () => null })).toThrow('"page"');
});
