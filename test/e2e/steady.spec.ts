import { expect, test } from "../support/app.ts";
import { scriptBytes, watchFigures } from "../support/page-figures.ts";
import { openTown, seenSeq } from "../support/pages.ts";
import { stir } from "../support/stir.ts";
import { testTown } from "../support/test-town.ts";

/** A figure that stands right in its column begins further left when it gets a digit: such a shift is of that one text. */
const LEAST = 0.0001;

test("PAGE-10: nothing of the page shifts while changes come", async ({ app, page, signIn }) => {
	test.setTimeout(180_000);
	const town = await testTown(app.settings, ["one", "two"]);
	const beads = await town.beads(300);
	const figures = await watchFigures(page);
	const found: Record<string, unknown[]> = {};
	await signIn();
	for (const tab of ["state?sort=-priority", "agents", "events", "spend", "scheduler"]) {
		await openTown(page, town.id, tab);
		const before = await seenSeq(page);
		// What is read on demand stands there.
		await expect(page.getByText(/^(Reading|Loading)/)).toHaveCount(0);
		await page.waitForTimeout(1_000);
		await figures.shifts();
		await stir(town, beads.splice(0, 50), 50);
		await expect.poll(() => seenSeq(page)).toBeGreaterThan(before + 25);
		await page.waitForTimeout(500);
		const shifts = await figures.shifts();
		found[tab] = shifts.filter(({ value }) => value >= LEAST);
		expect(
			shifts.reduce((sum, { value }) => sum + value, 0),
			tab,
		).toBeLessThan(0.001);
	}
	expect(found).toEqual(Object.fromEntries(Object.keys(found).map((tab) => [tab, []])));
});

test("PAGE-10: who signs in, looks somebody up or opens a town waits for no more script than its budget", async ({
	page,
	signIn,
}) => {
	const kB = async () => Math.round((await scriptBytes(page)) / 1_000);
	await page.goto("/");
	await expect(page.getByRole("link", { name: /Continue/ })).toBeVisible();
	expect(await kB(), "sign-in").toBeLessThan(300);
	await signIn();
	await page.goto("/users");
	await expect(page.getByRole("searchbox")).toBeVisible();
	await page.waitForLoadState("networkidle");
	expect(await kB(), "lookup").toBeLessThan(400);
	await openTown(page, "harbor-lights");
	await expect(page.locator("[data-row]").first()).toBeVisible();
	expect(await kB(), "town").toBeLessThan(700);
});
