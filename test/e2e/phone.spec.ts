import { expect, test } from "../support/app.ts";
import { openTown } from "../support/pages.ts";

const TOWN = "harbor-lights";
const OWNER = "oauth/google:110248495921238986420";

test.use({ viewport: { width: 390, height: 844 }, hasTouch: true });

test("design-ui §2: on a phone attention comes first, every tab is reached, and nothing scrolls sideways", async ({
	page,
	signIn,
}) => {
	/** What scrolls sideways though it was not made to: the page itself, or a panel in it. */
	const sideways = () =>
		page.evaluate(() =>
			[...document.querySelectorAll<HTMLElement>("html, body, body *")]
				.filter(
					(one) =>
						one.scrollWidth > one.clientWidth + 1 &&
						["auto", "scroll"].includes(getComputedStyle(one).overflowX) &&
						!one.className.includes("overflow-x-auto"),
				)
				.map((one) => `${one.tagName} ${one.className} ${one.scrollWidth - one.clientWidth} px`),
		);
	await signIn();
	for (const path of ["/users?q=olive", `/users/${encodeURIComponent(OWNER)}`, "/ledger"]) {
		await page.goto(path);
		await expect(page.getByText(/Olive Park|entr/).first()).toBeVisible();
		expect(await sideways(), path).toEqual([]);
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
		await expect(page.getByText(/^(Reading|Loading)/)).toHaveCount(0);
		expect(await sideways(), tab).toEqual([]);
	}

	// A bead and its agent fill the screen, and lead back.
	await view.selectOption("agents");
	const first = page.locator("[data-row]").first();
	expect((await first.boundingBox())?.height).toBeGreaterThanOrEqual(44);
	await first.click();
	await expect(page.locator("[data-inspector]")).toBeVisible();
	expect(await sideways(), "inspector").toEqual([]);
	await page.locator("[data-inspector]").getByRole("button").first().click();
	await expect(view).toBeVisible();

	// The quick actions of the town, and the way back to its owner.
	await page.getByRole("button", { name: "Town", exact: true }).click();
	await expect(page.getByRole("menuitem", { name: "Save incident…" })).toBeVisible();
	await page.keyboard.press("Escape");
	await page.getByRole("link", { name: "Back to Olive Park" }).click();
	await expect(page).toHaveURL(/\/users\//);
});
