import { expect, test } from "../support/app.ts";
import { openTown, row } from "../support/pages.ts";
import { testTown } from "../support/test-town.ts";

const BEADS = 200;
const CHANGES = 1_000;
const PRIORITIES = ["low", "medium", "high", "critical"] as const;

test("PAGE-2: 1,000 changes that re-sort and remove move the reader's row by at most a pixel, and lose neither focus nor selection", async ({
	app,
	page,
	signIn,
}) => {
	const town = await testTown(app.settings, ["one"]);
	const beads = await town.beads(BEADS);
	await signIn();
	await openTown(page, town.id, "state?sort=-priority");
	const grid = page.getByRole("grid", { name: "Beads" });
	await expect(grid).toHaveAttribute("aria-rowcount", String(BEADS + 1));

	// The reader scrolls to the middle, focuses a row and selects it.
	await grid
		.getByRole("rowgroup")
		.last()
		.evaluate((body) => body.scrollTo(0, 2_400));
	await expect.poll(() => grid.locator("[data-row]").count()).toBeGreaterThan(20);
	const shown = grid.locator("[data-row]");
	const middle = shown.nth(Math.floor((await shown.count()) / 2));
	const key = (await middle.getAttribute("data-row")) ?? "";
	await row(page, key).focus();
	await page.keyboard.press("x");
	await expect(row(page, key)).toHaveAttribute("aria-selected", "true");
	await expect(row(page, key)).toBeFocused();

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

	let made = 0;
	const others = beads.filter((bead) => bead !== key);
	const change = async (n: number) => {
		const bead = others[(n * 37) % others.length] ?? "";
		// Every tenth change ends a bead, which leaves the list of those that have not ended.
		if (n % 10 === 9) await town.client.gastown("closeBead", { bead_id: bead }).catch(() => undefined);
		else
			await town.client
				.gastown("updateBead", { bead_id: bead, fields: { priority: PRIORITIES[(n * 7) % 4] } })
				.catch(() => undefined);
		made += 1;
	};
	for (let n = 0; n < CHANGES; n += 10)
		await Promise.all(Array.from({ length: 10 }, (_, m) => change(n + m)));
	expect(made).toBe(CHANGES);
	await page.waitForFunction(() => performance.now() > 0);

	const moved = await page.evaluate(
		() => (window as unknown as { moved: { most: number; frames: number } }).moved,
	);
	expect(moved.frames).toBeGreaterThan(30);
	expect(moved.most).toBeLessThanOrEqual(1);
	await expect(row(page, key)).toBeFocused();
	await expect(row(page, key)).toHaveAttribute("aria-selected", "true");
	// What would have moved waits at the edge, with a count; asked for, the order is right again.
	await expect(page.getByRole("button", { name: /Apply, r/ }).first()).toBeVisible();
});
