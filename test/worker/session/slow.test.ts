import { beforeAll, expect, test, vi } from "vitest";
import { type Down, LIMITS, sizeOf } from "../../../shared/protocol/index.ts";
import { seedDirectory } from "../support/directory.ts";
import { logOf, newTown, type Page, watch } from "./console.ts";

beforeAll(seedDirectory);

const received = (page: Page) =>
	page.messages
		.filter(({ t }) => t === "state" || t === "changes" || t === "stream")
		.reduce((sum, message) => sum + sizeOf(JSON.stringify(message)), 0);

/** About 1.2 MB of changes. */
async function busy(town: Awaited<ReturnType<typeof newTown>>): Promise<void> {
	const body = "é".repeat(3_000);
	for (let n = 0; n < 400; n++)
		await town.must("updateBead", { bead_id: "bead-1", fields: { body: `${n}${body}` } });
}

test("SESSION-5: a page without credit is sent one window, hears how far it is behind, and loses nothing", async () => {
	const town = await newTown();
	const fast = await watch(town.id, "bo");
	const slow = await watch(town.id);
	const seq = slow.position?.seq ?? 0;
	slow.slow = true;
	const before = received(slow);
	await busy(town);
	const log = await logOf(town, seq);
	const end = log.at(-1)?.to ?? 0;
	await fast.reaches(end);
	const frame = 64 * 1024;
	expect(received(slow) - before).toBeLessThan(LIMITS.windowBytes + frame);
	expect(slow.position?.seq).toBeLessThan(end);
	const told = await slow.until((message) => message.t === "session" && message.behind_bytes > 500_000);
	expect((told as Down & { t: "session" }).say_hello).toBe(false);

	slow.slow = false;
	slow.credit();
	await slow.reaches(end);
	expect(
		slow.changes.filter(({ to }) => to > seq && to <= end).map(({ to, mark }) => ({ to, mark })),
	).toEqual(log.map(({ to, mark }) => ({ to, mark })));
	expect(slow.messages.filter(({ t }) => t === "state").length).toBe(1);
	await vi.waitFor(
		() => expect(slow.messages.findLast(({ t }) => t === "session")).toMatchObject({ behind_bytes: 0 }),
		{ timeout: 3_000 },
	);
}, 20_000);

test("SESSION-5: credit beyond the window is worth no more than the window", async () => {
	const town = await newTown();
	const page = await watch(town.id);
	page.slow = true;
	for (let n = 0; n < 10; n++) page.send({ t: "credit", bytes: 16_000_000 });
	const before = received(page);
	await busy(town);
	expect(await page.ask({ t: "ping" })).toMatchObject({ ok: true });
	expect(received(page) - before).toBeLessThan(LIMITS.windowBytes + 64 * 1024);
}, 20_000);
