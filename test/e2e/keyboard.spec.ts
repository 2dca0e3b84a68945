import { expect, test } from "../support/app.ts";
import { liveBar, openTown } from "../support/pages.ts";

const TOWN = "harbor-lights";

test("design-ui §8: from the lookup to an effect that was seen, by keyboard alone", async ({
	page,
	signIn,
}) => {
	test.setTimeout(240_000);
	await signIn();
	await page.goto("/users");
	await expect(page.getByRole("searchbox")).toBeFocused();
	await page.keyboard.type("olive");
	const user = page.getByRole("link", { name: /Olive Park/ }).first();
	await expect(user).toBeVisible();
	await page.keyboard.press("Enter");
	await expect(page.getByRole("main").getByRole("heading", { name: "Olive Park" })).toBeVisible();

	await openTown(page, TOWN);
	// The tabs.
	for (const [key, tab] of [
		["a", "agents"],
		["c", "container"],
		["i", "interventions"],
	] as const) {
		await page.keyboard.press("g");
		await page.keyboard.press(key);
		await expect(page).toHaveURL(new RegExp(`/${tab}`));
	}
	await act("pause dispatch", "Pause dispatch");
	await expect(page.getByRole("button", { name: "In force 1" })).toBeVisible();
	await act("resume dispatch", "Resume dispatch");
	await expect(page.getByRole("button", { name: /^In force/ })).toHaveCount(0);

	async function act(words: string, label: string) {
		await page.keyboard.press("Control+k");
		await page.keyboard.type(`> ${words}`);
		await expect(page.getByRole("option", { name: new RegExp(`^${label}`) }).first()).toBeVisible();
		await page.keyboard.press("Enter");
		await expect(page.getByRole("button", { name: label, exact: true })).toBeVisible();
		await page.keyboard.press("Control+Enter");
		// In its entry, which stands first in the list.
		await expect(page.locator("[data-story]").first()).toContainText(label);
		await expect(page.locator("[data-story]").first()).toContainText(/Effect seen after/, {
			timeout: 30_000,
		});
		await page.keyboard.press("Escape");
	}
});

test("LEDGER-1: the restart of a user's page opens the town and asks; the link alone does nothing", async ({
	page,
	signIn,
}) => {
	await signIn();
	await page.goto(`/users/${encodeURIComponent("oauth/google:110248495921238986420")}`);
	await page.getByRole("link", { name: /^Restart container… of Harbor Lights/ }).click();
	const why = page.getByLabel("Why do you open this town?");
	const confirm = page.getByRole("button", { name: /^Restart( the container)?$/ });
	await expect(why.or(confirm).first()).toBeVisible();
	if (await why.isVisible()) {
		await why.fill("case 4711");
		await why.press("Enter");
	}
	await expect(confirm).toBeVisible();
	await expect(page.getByText(/end \d+ session|Start the container/).first()).toBeVisible();
	await page.keyboard.press("Escape");
	await expect(confirm).toHaveCount(0);
	await page.goto("/towns/harbor-lights/interventions");
	await expect(liveBar(page)).toHaveAttribute("data-live", "live");
	await expect(page.getByText("container.restart")).toHaveCount(0);
});
