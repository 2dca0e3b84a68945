import { expect, test } from "../support/app.ts";
import { openTown } from "../support/pages.ts";

const TOWN = "harbor-lights";

test.use({ viewport: { width: 390, height: 844 }, hasTouch: true });

test("design-ui §2: on a phone attention comes first, every tab is reached, and nothing scrolls sideways", async ({
	page,
	signIn,
}) => {
	const sideways = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
	await signIn();
	for (const path of ["/users?q=olive", "/ledger"]) {
		await page.goto(path);
		await expect(page.getByText(/Olive Park|entr/).first()).toBeVisible();
		expect(await sideways(), path).toBe(0);
	}
	await openTown(page, TOWN, "agents");
	await expect(page.getByRole("complementary", { name: "Attention" })).toBeVisible();
	const view = page.getByRole("combobox", { name: "View", exact: true });
	const tabs = await view
		.locator("option")
		.evaluateAll((all) => all.map((one) => (one as HTMLOptionElement).value));
	expect(tabs).toHaveLength(12);
	for (const tab of tabs.slice(1)) {
		await view.selectOption(tab);
		await expect(page).toHaveURL(new RegExp(`/${tab}(\\?|$)`));
		await expect(page.locator("main")).toBeVisible();
		expect(await sideways(), tab).toBe(0);
	}

	// A bead and its agent fill the screen, and lead back.
	await view.selectOption("agents");
	const first = page.locator("[data-row]").first();
	expect((await first.boundingBox())?.height).toBeGreaterThanOrEqual(44);
	await first.click();
	await expect(page.locator("[data-inspector]")).toBeVisible();
	expect(await sideways(), "inspector").toBe(0);
	await page.locator("[data-inspector]").getByRole("button").first().click();
	await expect(view).toBeVisible();
});
