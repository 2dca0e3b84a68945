import type { Page } from "@playwright/test";
import { nodeViewers, until } from "../../scripts/lib/node-viewer.ts";
import { expect, test } from "../support/app.ts";
import { openTown, row, seenSeq } from "../support/pages.ts";
import { PRIORITIES, stir } from "../support/stir.ts";
import { type TestTown, testTown } from "../support/test-town.ts";

const BEADS = 200;
const CHANGES = 1_000;
const ORDER: readonly string[] = PRIORITIES;

const listOf = (page: Page) => page.getByRole("grid", { name: "Beads" });

/** Opens a town of its own, sorted by priority, scrolled to its middle. */
async function scrolledTown(page: Page, town: TestTown) {
	const beads = await town.beads(BEADS);
	await openTown(page, town.id, "state?sort=-priority");
	const grid = listOf(page);
	await expect(grid).toHaveAttribute("aria-rowcount", String(BEADS + 1));
	const body = grid.getByRole("rowgroup").last();
	await body.evaluate((element) => element.scrollTo(0, 2_400));
	await expect.poll(() => grid.locator("[data-row]").count()).toBeGreaterThan(20);
	return { beads, grid, body };
}

/** From now on keeps in the page how far a row moves at most, looked at in every frame. */
async function watchRow(page: Page, key: string) {
	await page.evaluate((rowKey) => {
		const find = () =>
			document.querySelector(`[data-row="${rowKey}"]`)?.getBoundingClientRect().top ?? Number.NaN;
		const from = find();
		const moved = { most: 0, frames: 0 };
		Object.assign(window, { moved });
		const look = () => {
			const by = Math.abs(find() - from);
			moved.most = Number.isNaN(by) ? Number.POSITIVE_INFINITY : Math.max(moved.most, by);
			moved.frames += 1;
			requestAnimationFrame(look);
		};
		requestAnimationFrame(look);
	}, key);
	return () => page.evaluate(() => (window as unknown as { moved: { most: number; frames: number } }).moved);
}

test("PAGE-2: 1,000 changes that re-sort and remove move the reader's row by at most a pixel, and lose neither focus nor selection", async ({
	app,
	page,
	signIn,
}) => {
	const town = await testTown(app.settings, ["one"]);
	await signIn();
	const { beads, grid } = await scrolledTown(page, town);
	const shown = grid.locator("[data-row]");
	const middle = shown.nth(Math.floor((await shown.count()) / 2));
	const key = (await middle.getAttribute("data-row")) ?? "";
	await row(page, key).focus();
	await page.keyboard.press("x");
	await expect(row(page, key)).toHaveAttribute("aria-selected", "true");
	await expect(row(page, key)).toBeFocused();

	const movedOf = await watchRow(page, key);
	await stir(
		town,
		beads.filter((bead) => bead !== key),
		CHANGES,
	);
	const log = (await nodeViewers(app.settings))(town.id);
	await until(log, "live", () => log.store.getState().connection.is === "live");
	const { tables, position } = log.store.getState().view;
	log.close();
	await expect.poll(() => seenSeq(page)).toBeGreaterThanOrEqual(position?.seq ?? Number.NaN);

	const moved = await movedOf();
	expect(moved.frames).toBeGreaterThan(30);
	expect(moved.most).toBeLessThanOrEqual(1);
	await expect(row(page, key)).toBeFocused();
	await expect(row(page, key)).toHaveAttribute("aria-selected", "true");
	// What would have moved waits at the edge, with a count; asked for, the order is right again.
	await expect(page.getByRole("button", { name: /Apply, r/ }).first()).toBeVisible();
	await page.keyboard.press("r");
	const open = [...tables.beads.values()].filter(
		({ type, status }) => type !== "agent" && status !== "closed",
	);
	expect(open).toHaveLength(BEADS - CHANGES / 10);
	const rank = new Map(open.map(({ bead_id, priority }) => [bead_id, ORDER.indexOf(priority)]));
	await expect(async () => {
		const keys = await shown.evaluateAll((rows) =>
			rows
				.map((one) => one as HTMLElement)
				.sort((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top)
				.map((one) => one.dataset.row ?? ""),
		);
		// Those that have just ended stand among them until they have been seen to go.
		const order = keys.flatMap((one) => rank.get(one) ?? []);
		expect(order.length).toBeGreaterThan(10);
		expect(order).toEqual(order.toSorted((a, b) => b - a));
	}).toPass({ timeout: 5_000 });
	// When the hand has left the list, those that have ended leave it too.
	await row(page, key).press("x");
	await row(page, key).blur();
	await expect(grid).toHaveAttribute("aria-rowcount", String(open.length + 1));
});

test("PAGE-2 L1: with no hand on the list it is sorted as it changes, and what is read stays where it is", async ({
	app,
	page,
	signIn,
}) => {
	const town = await testTown(app.settings, ["one"]);
	await signIn();
	const { beads, grid, body } = await scrolledTown(page, town);
	await expect(body).toHaveAttribute("data-held", "false");
	const key = await body.evaluate((element) => {
		const { top } = element.getBoundingClientRect();
		const rows = [...element.querySelectorAll<HTMLElement>("[data-row]")];
		const below = (one: HTMLElement) => one.getBoundingClientRect().bottom - top;
		const inView = rows.filter((one) => below(one) > 0).sort((a, b) => below(a) - below(b));
		return inView[0]?.dataset.row ?? "";
	});
	const indexOf = () => row(page, key).getAttribute("aria-rowindex");
	const before = await indexOf();
	const movedOf = await watchRow(page, key);
	await stir(
		town,
		beads.filter((bead) => bead !== key),
		300,
	);
	await expect.poll(indexOf).not.toBe(before);
	await expect(grid.getByRole("button", { name: /Apply, r/ })).toHaveCount(0);
	const moved = await movedOf();
	expect(moved.frames).toBeGreaterThan(10);
	expect(moved.most).toBeLessThanOrEqual(1);
});
