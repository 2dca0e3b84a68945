import { describe, expect, test } from "vitest";
import { agentOf, Follower, note, TOWN } from "./support.ts";

const DAY = 24 * 3_600_000;

/** A stream of `count` segments of about `bytes` each, that may hold `streamBytes`. */
async function longStream(name: string, count: number, streamBytes: number) {
	const agent = agentOf(name);
	await agent.send([note(0)]);
	await agent.limit({ streamBytes, pruneEveryBytes: 20_000 });
	for (let n = 1; n <= count; n++) await agent.send([note(n, `${n}`.padEnd(10_000, "x"))]);
	return agent;
}

describe("STREAM-3: pruning", () => {
	test("STREAM-3: whole segments go from the beginning, and readers see the horizon", async () => {
		const agent = await longStream("pruned", 30, 100_000);
		const events = await agent.events();
		const [[first] = [0]] = events;
		expect(first).toBeGreaterThan(15);
		expect(events.map(([seq]) => seq)).toEqual(events.map((_, n) => first + n));
		expect(events.at(-1)?.[0]).toBe(31);
		const follower = new Follower();
		await follower.open(agent);
		await follower.subscribe(null).reach(31);
		expect(follower.frames[0]?.horizon).toBe(first);
	});

	test("STREAM-3: a cursor below the horizon gets a reset that says so, never a part", async () => {
		const agent = agentOf("behind");
		await agent.send([note(0)]);
		const follower = new Follower();
		await follower.open(agent);
		await follower.subscribe(null).reach(1);
		const cursor = follower.position;
		follower.drop();
		await agent.limit({ streamBytes: 50_000, pruneEveryBytes: 20_000 });
		for (let n = 1; n <= 30; n++) await agent.send([note(n, "x".repeat(10_000))]);
		if (!cursor) throw new Error("no cursor");
		expect(await agent.stub.page(TOWN, cursor, 100_000)).toEqual({ reset: "horizon" });
		const again = new Follower();
		await again.open(agent);
		await again.subscribe(cursor).reach(31);
		expect(again.frames[0]?.reset).toBe("horizon");
	});

	test("STREAM-3: it is not done at each append, and costs nothing in between", async () => {
		const agent = agentOf("amortised");
		await agent.send([note(0)]);
		await agent.limit({ streamBytes: 1_000, pruneEveryBytes: 100_000 });
		const counts: number[] = [];
		for (let n = 1; n <= 25; n++) {
			await agent.send([note(n, "x".repeat(10_000))]);
			counts.push((await agent.segments()).length);
		}
		const moves = counts.filter((count, n) => count < (counts[n - 1] ?? 0));
		expect(moves).toHaveLength(2);
	});

	test("STREAM-3: a body goes with the last event that refers to it", async () => {
		const agent = agentOf("bodies-pruned");
		const [old, again] = ["old ".repeat(6_000), "again ".repeat(6_000)];
		await agent.send([note(1, old), note(2, again)]);
		await agent.limit({ streamBytes: 100_000, pruneEveryBytes: 20_000 });
		for (let n = 3; n < 30; n++) await agent.send([note(n, "x".repeat(10_000))]);
		expect(await agent.value("SELECT COUNT(*) FROM body")).toBe(0);
		await agent.send([note(30, again)]);
		await agent.send([note(31, "x".repeat(10_000))]);
		expect(await agent.value("SELECT COUNT(*) FROM body")).toBe(1);
		expect(await agent.value("SELECT COUNT(*) FROM body_piece")).toBe(1);
	});

	test("STREAM-3: what is older than 30 days may go", async () => {
		const agent = agentOf("old");
		await agent.send([note(1)]);
		await agent.inside((instance) => {
			instance.clock = () => Date.now() + 31 * DAY;
			instance.limits = { ...instance.limits, pruneEveryBytes: 100 };
		});
		await agent.send([note(2, "x".repeat(200))]);
		expect((await agent.events()).map(([seq]) => seq)).toEqual([2]);
	});

	test("STREAM-3: what is older than 30 days goes from a stream that nobody writes to, but for its newest segment", async () => {
		const agent = agentOf("idle");
		for (const n of [1, 2, 3]) await agent.send([note(n)]);
		await agent.inside((instance) => {
			instance.clock = () => Date.now() + 31 * DAY;
		});
		await agent.alarm();
		expect((await agent.events()).map(([seq]) => seq)).toEqual([3]);
		expect(await agent.value("SELECT COUNT(*) FROM agenda WHERE name = 'prune'")).toBe(0);
	});

	test("STREAM-3: the stream outlives its agent by 30 days, and then is forgotten", async () => {
		const agent = agentOf("retired");
		await agent.send([note(1)]);
		await agent.stub.retire("another-town");
		expect(
			await agent.inside((_, state) =>
				state.storage.sql.exec("SELECT * FROM agenda WHERE name = 'expire'").toArray(),
			),
		).toEqual([]);
		await agent.stub.retire(TOWN);
		await agent.inside((instance) => {
			instance.clock = () => Date.now() + 29 * DAY;
		});
		await agent.alarm();
		expect(await agent.events()).toHaveLength(1);
		await agent.inside((instance) => {
			instance.clock = () => Date.now() + 31 * DAY;
		});
		await agent.alarm();
		expect(await agent.events()).toEqual([]);
		expect(
			await agent.stub.query(TOWN, { kind: "stream", agent: "retired", before: 10, bytes: 1_000 }),
		).toMatchObject({ ok: false });
	});

	test("STREAM-3: an agent of the same id that is made again keeps its stream", async () => {
		const agent = agentOf("remade");
		await agent.send([note(1)]);
		await agent.stub.retire(TOWN);
		expect(await agent.stub.claim(TOWN, "remade")).toBe(true);
		await agent.inside((instance) => {
			instance.clock = () => Date.now() + 31 * DAY;
		});
		await agent.alarm();
		expect(await agent.events()).toHaveLength(1);
	});
});
