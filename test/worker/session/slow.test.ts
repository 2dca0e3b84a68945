import { beforeAll, expect, test, vi } from "vitest";
import { type Down, LIMITS, sizeOf } from "../../../shared/protocol/index.ts";
import { seedDirectory } from "../support/directory.ts";
import { logOf, newTown, type Page, watch } from "./console.ts";

beforeAll(seedDirectory);

const received = (page: Page) =>
	page.messages
		.filter(({ t }) => ["state", "changes", "stream", "pulse"].includes(t))
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

test("SESSION-5: pulses cost credit as frames do: a page that folds nothing is sent one window of them", async () => {
	const town = await newTown();
	const page = await watch(town.id);
	page.slow = true;
	const before = received(page);
	const line = "x".repeat(4_000);
	for (let n = 0; n < 40; n++) {
		// Each of its own quarter of a second, by the town's clock.
		await town.setClock(Date.now() + n * 250);
		await town.report("log", { lines: Array.from({ length: 50 }, () => line) });
	}
	await vi.waitFor(() => expect(received(page) - before).toBeGreaterThan(LIMITS.windowBytes - 64 * 1024));
	expect(await page.ask({ t: "ping" })).toMatchObject({ ok: true });
	expect(received(page) - before).toBeLessThan(LIMITS.windowBytes + 64 * 1024);
	page.slow = false;
	page.credit();
	await town.setClock(Date.now() + 100 * 250);
	await town.report("log", { lines: ["the newest"] });
	await page.until(({ t, ...rest }) => t === "pulse" && JSON.stringify(rest).includes("the newest"));
}, 20_000);
