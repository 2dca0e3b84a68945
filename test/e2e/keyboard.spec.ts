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
	await act("resume dispatch", "Resume dispatch");

	async function act(words: string, label: string) {
		await page.keyboard.press("Control+k");
		await page.keyboard.type(`> ${words}`);
		await expect(page.getByRole("option", { name: new RegExp(`^${label}`) }).first()).toBeVisible();
		await page.keyboard.press("Enter");
		await expect(page.getByRole("button", { name: label, exact: true })).toBeVisible();
		await page.keyboard.press("Control+Enter");
		await expect(page.getByText(/Effect seen after/).first()).toBeVisible({ timeout: 30_000 });
		await page.keyboard.press("Escape");
		await expect(liveBar(page)).toHaveAttribute("data-live", "live");
	}
});
