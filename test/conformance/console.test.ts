import { beforeAll, expect, test, vi } from "vitest";
import type { Down, LedgerEntry, Stream } from "../../shared/protocol/index.ts";
import { proposal, value } from "../worker/ledger/kit.ts";
import { type Page, watch } from "../worker/session/console.ts";
import { seedDirectory } from "../worker/support/directory.ts";
import { foreignAgent, newForeignTown } from "./foreign/town.ts";

beforeAll(seedDirectory);

const stepsOf = (page: Page): string[] =>
	page.messages.flatMap((message) =>
		message.t === "intervention" ? (message.entries as LedgerEntry[]).map(({ step }) => step) : [],
	);

test("FEED-10: an admin mends a town of another script over the console's own socket, with a receipt", async () => {
	const { id, stub } = await newForeignTown();
	const page = await watch(id);
	const done = value(await page.ask(proposal()));
	expect(done.receipt).toMatchObject({
		outcome: "applied",
		before: { "beads/bead-1": { priority: "medium" } },
		after: { "beads/bead-1": { priority: "high" } },
	});
	await page.reaches(done.receipt.seq);
	expect(page.changes.at(-1)?.cause).toMatchObject({ kind: "intervention", what: "bead.priority" });
	await vi.waitFor(() =>
		expect(stepsOf(page)).toEqual(expect.arrayContaining(["intent", "outcome", "proof"])),
	);
	const [row] = await stub.rows([{ entity: "beads", key: "bead-1" }]);
	expect(row).toMatchObject({ priority: "high" });
	const receipts = await stub.receipts("", 10);
	expect(receipts).toHaveLength(1);
});

test("FEED-10: a handler that throws leaves nothing behind, and its words are the refusal", async () => {
	const { id, stub } = await newForeignTown();
	const page = await watch(id);
	const order = { name: "bead.fail", params: {}, saw: { status: "open", hooked_by: [] } };
	const refused = value(await page.ask(proposal({ ...order, reason: "half way" })));
	expect(refused.receipt).toMatchObject({ outcome: "refused", message: "The forge holds it." });
	expect(await stub.rows([{ entity: "beads", key: "bead-1" }])).toMatchObject([{ status: "open" }]);
	const done = value(await page.ask(proposal(order)));
	expect(done.receipt.outcome).toBe("applied");
	await vi.waitFor(async () =>
		expect(await stub.rows([{ entity: "beads", key: "bead-1" }])).toMatchObject([
			{ status: "failed", body: "told outside" },
		]),
	);
});

test("FEED-10: a repeat gives the same receipt, what was settled never happens, what nobody takes is refused in words", async () => {
	const { id, stub } = await newForeignTown();
	const order = (more: object) => ({
		...{ id: crypto.randomUUID(), name: "bead.priority", target: "bead-1", params: { priority: "low" } },
		...{ saw: { priority: "medium" }, admin: "user/ada", reason: "try", ...more },
	});
	const first = order({});
	const receipt = await stub.applyIntervention(first);
	expect(await stub.applyIntervention(first)).toEqual(receipt);
	const late = order({ saw: { priority: "low" }, params: { priority: "high" } });
	expect(await stub.settleIntervention(late.id)).toMatchObject({ outcome: "never" });
	expect(await stub.applyIntervention(late)).toMatchObject({ outcome: "never" });
	expect(await stub.applyIntervention(order({}))).toMatchObject({ outcome: "noop" });
	expect(
		await stub.applyIntervention(order({ params: { priority: "high" } })),
		"LEDGER-5: it was low by then",
	).toMatchObject({ outcome: "refused", code: "changed" });
	const page = await watch(id);
	const none = value(await page.ask(proposal({ name: "bead.retry-dispatch", params: {}, saw: {} })));
	expect(none.receipt).toMatchObject({ outcome: "refused", code: "not-here" });
});

test("FEED-10: an agent of another script is followed live, redacted and whole, whatever the host prunes", async () => {
	const { id, stub } = await newForeignTown();
	const agent = `toast-${id}`;
	await stub.createAgent(agent, agent);
	const other = foreignAgent(agent);
	const token = `ghp_${"a1B2c3D4e5".repeat(4)}`;
	for (let n = 1; n <= 80; n++) await other.appendEvent("session.status", { sessionID: "s", n });
	const page = await watch(id);
	expect(await page.ask({ t: "follow", agent, cursor: null, tail_bytes: 1_000_000 })).toMatchObject({
		ok: true,
	});
	const seen = () =>
		page.messages
			.filter((message: Down): message is Stream & { t: "stream" } => message.t === "stream")
			.flatMap(({ segments }) => segments.flatMap(({ events }) => events));
	await vi.waitFor(() => expect(seen()).toHaveLength(80));
	await other.appendEvent("file.edited", { file: `https://x:${token}@forge.test/r.git` });
	await vi.waitFor(() => expect(seen()).toHaveLength(81));
	expect(seen().map(([seq]) => seq)).toEqual(Array.from({ length: 81 }, (_, n) => n + 1));
	expect(JSON.stringify(seen())).not.toContain(token);
	expect(await other.getEvents(), "the host's own rows are its own affair").toHaveLength(50);
	expect(await other.query("another-town", { kind: "stream", agent, before: 9, bytes: 1_000 })).toMatchObject(
		{
			code: "foreign-town",
		},
	);
});
