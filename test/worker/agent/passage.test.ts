import { describe, expect, test } from "vitest";
import type { Passage } from "../../../shared/protocol/index.ts";
import { agentOf, note, type TestAgent, TOWN } from "./support.ts";

/** Asks for a passage and gives its one row, the seqs in it, and whether there is more. */
async function passage(agent: TestAgent, attempt: string, more: Record<string, unknown> = {}) {
	const asked = { kind: "passage" as const, agent: agent.id, attempt, after: null, before: null, at: null };
	const answer = await agent.stub.query(TOWN, { ...asked, bytes: 100_000, ...more });
	if ("ok" in answer) throw new Error(answer.code);
	const row = answer.rows[0] as Passage;
	const seqs = row.segments.flatMap(({ events }) => events.map(([seq]) => seq));
	return { kept: row.kept, horizon: row.horizon, seqs, more: answer.more };
}

/** Three attempts of one agent; the second has three segments of two events each. */
async function workedThrice(id: string): Promise<TestAgent> {
	const agent = agentOf(id);
	await agent.send([note(1), note(2)], { attempt: "first" });
	for (const n of [3, 5, 7]) await agent.send([note(n), note(n + 1)], { attempt: "second" });
	await agent.send([note(9)], { attempt: "third" });
	return agent;
}

test("SEC-4: a passage is hidden as the stream is, until it was revealed to this reader", async () => {
	const agent = agentOf("passage-hidden");
	await agent.send([{ ...note(1), properties: { note: "a secret plan" } }], { attempt: "only" });
	await agent.inside((object) => {
		object.hides = true;
	});
	const question = { kind: "passage" as const, agent: agent.id, attempt: "only", bytes: 100_000 };
	const asked = { ...question, after: null, before: null, at: null };
	const hidden = JSON.stringify(await agent.stub.query(TOWN, asked));
	expect(hidden).toContain('"hidden":true');
	expect(hidden).toContain("Hidden: 3 words");
	expect(hidden).not.toContain("secret");
	const revealed = JSON.stringify(await agent.stub.query(TOWN, asked, true));
	expect(revealed).toContain("a secret plan");
	expect(revealed).toContain('"hidden":false');
});

describe("STREAM-3: a replay reads one attempt out of a stream, page by page", () => {
	test("only what the attempt said, from its beginning, with where and when it lies", async () => {
		const agent = await workedThrice("passage-whole");
		expect(await passage(agent, "second")).toEqual({
			kept: { from: 3, to: 8, began_at: 1_003, ended_at: 1_008 },
			horizon: 1,
			seqs: [3, 4, 5, 6, 7, 8],
			more: false,
		});
	});

	test("without bytes it only says what there is", async () => {
		const agent = await workedThrice("passage-extent");
		const { kept, seqs } = await passage(agent, "third", { bytes: 0 });
		expect(kept).toMatchObject({ from: 9, to: 9 });
		expect(seqs).toEqual([]);
	});

	test("forwards, backwards and from a moment, a page is whole segments in order", async () => {
		const agent = await workedThrice("passage-pages");
		expect(await passage(agent, "second", { bytes: 1 })).toMatchObject({ seqs: [3, 4], more: true });
		expect(await passage(agent, "second", { after: 4, bytes: 1 })).toMatchObject({
			seqs: [5, 6],
			more: true,
		});
		expect(await passage(agent, "second", { after: 6 })).toMatchObject({ seqs: [7, 8], more: false });
		expect(await passage(agent, "second", { before: 7, bytes: 1 })).toMatchObject({
			seqs: [5, 6],
			more: true,
		});
		expect(await passage(agent, "second", { before: 7 })).toMatchObject({ seqs: [3, 4, 5, 6], more: false });
		expect(await passage(agent, "second", { at: 1_006, bytes: 1 })).toMatchObject({ seqs: [5, 6] });
		expect(await passage(agent, "second", { at: 0 })).toMatchObject({ seqs: [3, 4, 5, 6, 7, 8] });
		expect(await passage(agent, "second", { at: 9_999 })).toMatchObject({ seqs: [7, 8], more: false });
	});

	test("an attempt that said nothing, or of which nothing is kept any more, is told apart from a page", async () => {
		const agent = await workedThrice("passage-none");
		expect(await passage(agent, "fourth")).toMatchObject({ kept: null, seqs: [], more: false });
		await agent.inside((instance) => {
			instance.clock = () => Date.now() + 31 * 24 * 3_600_000;
		});
		await agent.alarm();
		expect(await passage(agent, "second")).toMatchObject({ kept: null, horizon: 9 });
	});

	test("an attempt whose beginning was pruned begins at the horizon", async () => {
		const agent = await workedThrice("passage-pruned");
		await agent.inside((_, state) => {
			state.storage.sql.exec("DELETE FROM segment WHERE to_seq <= 6");
		});
		expect(await passage(agent, "second")).toMatchObject({ kept: { from: 7, to: 8 }, seqs: [7, 8] });
	});

	test("a stream that is over says so, and one of another town is refused", async () => {
		const agent = agentOf("passage-empty");
		await expect(passage(agent, "first")).rejects.toThrow("no-stream");
		await agent.send([note(1)], { town: "town-2" });
		await expect(passage(agent, "first")).rejects.toThrow("foreign-town");
	});
});
