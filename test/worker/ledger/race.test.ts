import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeAll, expect, test, vi } from "vitest";
import type { Down } from "../../../shared/protocol/index.ts";
import type { AdminSessionDO } from "../../../worker/admin-session-do.ts";
import { newTown, watch } from "../session/console.ts";
import { seedDirectory } from "../support/directory.ts";
import { TEST_USERS } from "../support/identities.ts";
import { ledgerOf, priorityOf, proposal, steps, value } from "./kit.ts";

beforeAll(seedDirectory);
afterEach(() => {
	vi.restoreAllMocks();
});

test("SESSION-7: of two proposals for one target within 50 ms one is applied, the other refused naming the first admin, and both are entries", async () => {
	const town = await newTown();
	const [ada, bo] = [await watch(town.id), await watch(town.id, "bo")];
	const [high, low] = [proposal(), proposal({ params: { priority: "low" } })];
	// However slow this machine is, no 50 ms pass between the two.
	const now = Date.now();
	await runInDurableObject(env.ADMIN_SESSION.getByName(town.id), (session: AdminSessionDO) => {
		session.clock = () => now;
	});
	const asked = [ada.ask(high), bo.ask(low)];
	const [first, second] = (await Promise.all(asked)).map((answer) => value(answer).receipt);
	const [won, lost, by] =
		first?.outcome === "applied" ? [first, second, TEST_USERS.ada] : [second, first, TEST_USERS.bo];
	expect(won?.outcome).toBe("applied");
	expect(lost).toMatchObject({
		...{ outcome: "refused", code: "rival" },
		message: expect.stringMatching(
			new RegExp(
				`^Not done: ${by.name} asked for "Set the priority of Fix the door" 0\\.00 s earlier; see entry \\d\\.`,
			),
		),
	});
	expect(await priorityOf(town)).toBe(by === TEST_USERS.ada ? "high" : "low");
	expect((await steps(town)).filter((step) => step === "intent")).toHaveLength(2);
	expect(
		(await ledgerOf(town))
			.filter(({ step }) => step === "outcome")
			.map(({ admin }) => admin?.id)
			.sort(),
	).toEqual([TEST_USERS.ada.id, TEST_USERS.bo.id].sort());
});

test("SESSION-7: one admin's own clicks are done in their order, however fast", async () => {
	const town = await newTown();
	const ada = await watch(town.id);
	expect(value(await ada.ask(proposal())).receipt.outcome).toBe("applied");
	const again = proposal({ params: { priority: "low" }, saw: { priority: "high" } });
	expect(value(await ada.ask(again)).receipt.outcome).toBe("applied");
});

test("SESSION-7: another admin sees what somebody looks at and is about to do, without what must not be seen", async () => {
	const town = await newTown();
	const [ada, bo] = [await watch(town.id), await watch(town.id, "bo")];
	const intention = { name: "agent.reset", target: town.toast, label: "Reset Toast" };
	await ada.ask({ t: "focus", on: `agent:${town.toast}`, intention });
	const seen = (label: string) => (message: Down) =>
		message.t === "session" &&
		message.viewers.some(
			({ name, focus, intention }) =>
				name === TEST_USERS.ada.name && focus === `agent:${town.toast}` && intention?.label === label,
		);
	await bo.until(seen("Reset Toast"));
	await ada.ask({
		...{ t: "focus", on: `agent:${town.toast}` },
		intention: { ...intention, label: "Reset ghp_0123456789abcdef0123" },
	});
	await bo.until(seen("Reset [redacted]"));
	await ada.ask({ t: "focus", on: null });
	await bo.until(
		(message) =>
			message.t === "session" &&
			message.viewers.every(({ intention }) => intention === null) &&
			message.viewers.length === 2,
	);
});
