import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, expect, test, vi } from "vitest";
import type { Down } from "../../../shared/protocol/index.ts";
import type { AgentDO } from "../../../worker/agent-do.ts";
import { agentStub } from "../../../worker/stubs.ts";
import { seedDirectory } from "../support/directory.ts";
import { TEST_USERS } from "../support/identities.ts";
import { abort, comeBack, newTown, type Page, watch } from "./console.ts";

beforeAll(seedDirectory);

const SECRET_PLAN = "paint the door of the harbour office green";

/** A town with an agent whose conversation is hidden, and who has been told something. */
async function hiddenAgent() {
	const town = await newTown();
	const agent = `agent-${crypto.randomUUID()}`;
	await town.must("createAgent", { id: agent, role: "polecat", name: "Nux", rig_id: "rig-1" });
	await runInDurableObject(env.AGENT.getByName(agent), (instance) => {
		(instance as unknown as AgentDO).hides = true;
	});
	let producerSeq = 0;
	const say = async (text: string) => {
		producerSeq++;
		const part = { id: `prt_${producerSeq}`, messageID: "msg_1", sessionID: "ses_1", type: "text", text };
		await agentStub(env, agent).append({
			...{ town: town.id, agent, producer: "p", producerSeq, attempt: null, bead: null },
			events: [
				{ at: Date.now(), id: null, type: "message.part.updated", properties: { sessionID: "ses_1", part } },
			],
		});
	};
	await say(SECRET_PLAN);
	return { town, agent, say };
}

const streamsOf = (page: Page): Extract<Down, { t: "stream" }>[] =>
	page.messages.filter((message): message is Extract<Down, { t: "stream" }> => message.t === "stream");
const knows = (page: Page, text = SECRET_PLAN) => JSON.stringify(page.messages).includes(text);
const hears = (page: Page, seq: number) =>
	vi.waitFor(() => expect(streamsOf(page).at(-1)?.to).toBe(seq), { timeout: 8_000, interval: 10 });
const disclosures = (page: Page) =>
	page.messages.flatMap((message) =>
		message.t === "intervention" ? message.entries.filter(({ step }) => step === "disclosure") : [],
	);

test("SEC-4 LEDGER-11: hidden text is sent only to the admin who revealed it, after the entry that says so", async () => {
	const { town, agent, say } = await hiddenAgent();
	const [ada, bo] = [await watch(town.id), await watch(town.id, "bo")];
	for (const page of [ada, bo]) {
		expect(await page.ask({ t: "follow", agent, cursor: null })).toMatchObject({ ok: true });
		await hears(page, 1);
		expect(streamsOf(page)[0]).toMatchObject({ hidden: true });
		const read = await page.ask({ t: "query", question: { kind: "stream", agent, before: 2 } });
		expect(JSON.stringify(read)).toContain("Hidden: 8 words");
	}
	expect([ada, bo].map((page) => knows(page))).toEqual([false, false]);

	expect(await ada.ask({ t: "reveal", agent })).toMatchObject({ ok: true, value: { entries: [{}] } });
	await vi.waitFor(() => expect(disclosures(bo)).toHaveLength(1));
	expect(disclosures(ada)[0]).toMatchObject({
		admin: { id: TEST_USERS.ada.id },
		body: { target: agent, target_name: "Nux", case: "case 7" },
	});
	expect(knows(ada)).toBe(false);
	await ada.ask({ t: "follow", agent, cursor: null });
	await vi.waitFor(() => expect(knows(ada)).toBe(true));
	await say("then oil its hinges");
	await hears(bo, 2);
	await vi.waitFor(() => expect(knows(ada, "oil its hinges")).toBe(true));
	// Who has revealed reads it once, not in both encodings.
	expect(streamsOf(ada).filter(({ from, hidden }) => from === 2 && hidden)).toEqual([]);
	expect([SECRET_PLAN, "oil its hinges"].map((text) => knows(bo, text))).toEqual([false, false]);
	const sockets = await runInDurableObject(
		env.AGENT.getByName(agent),
		(_, state) => state.getWebSockets().length,
	);
	expect(sockets).toBe(2);

	// Again, from another page of the same case: there is nothing more to record.
	expect(await ada.ask({ t: "reveal", agent })).toMatchObject({ ok: true, value: { entries: [] } });
	expect(disclosures(bo)).toHaveLength(1);
});

test("SEC-4: what was revealed outlives a crash of the session, and no other admin gets it by that", async () => {
	const { town, agent, say } = await hiddenAgent();
	const [ada, bo] = [await watch(town.id), await watch(town.id, "bo")];
	await ada.ask({ t: "reveal", agent });
	for (const page of [ada, bo]) await page.ask({ t: "follow", agent, cursor: null });
	await abort(env.ADMIN_SESSION, town.id);
	const [adaAgain, boAgain] = [await comeBack(town.id, ada), await comeBack(town.id, bo, "bo")];
	for (const page of [adaAgain, boAgain]) await page.ask({ t: "follow", agent, cursor: null });
	await say("and lock it");
	await vi.waitFor(() => expect(knows(adaAgain, "and lock it")).toBe(true));
	await hears(boAgain, 2);
	expect([SECRET_PLAN, "and lock it"].map((text) => knows(boAgain, text))).toEqual([false, false]);
});

test("SEC-4: cut texts and older pages stay hidden too, and a foreign agent is nobody's to reveal", async () => {
	const { town, agent, say } = await hiddenAgent();
	await say("long ".repeat(10_000));
	const page = await watch(town.id);
	const ref = await runInDurableObject(
		env.AGENT.getByName(agent),
		(_, state) => state.storage.sql.exec("SELECT ref FROM body").one().ref,
	);
	const body = { t: "query", question: { kind: "body", agent, ref, piece: 0 } };
	expect(await page.ask(body)).toMatchObject({ ok: false, error: { code: "hidden" } });
	expect(await page.ask({ t: "query", question: { kind: "stream", agent, before: 3 } })).toMatchObject({
		ok: true,
	});
	expect(knows(page, "long long") || knows(page)).toBe(false);
	await page.ask({ t: "reveal", agent });
	expect(await page.ask(body)).toMatchObject({ ok: true });

	const other = await hiddenAgent();
	expect(await page.ask({ t: "reveal", agent: other.agent })).toMatchObject({
		ok: false,
		error: { code: "foreign_agent" },
	});
});
