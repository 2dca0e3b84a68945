import { expect, test } from "../support/app.ts";

test("PAGE-9: a first visit is offered a practice incident, which leads from the lookup to the entry of what was pressed", async ({
	page,
	signIn,
}) => {
	test.setTimeout(240_000);
	await signIn();
	await page.goto("/users");
	const practice = page.getByRole("region", { name: "Practice" });
	await practice.getByRole("button", { name: "Start" }).click();
	await practice.getByRole("link", { name: "Open the town" }).click({ timeout: 60_000 });

	await expect(practice).toHaveAttribute("data-step", "open", { timeout: 60_000 });
	const rail = page.getByRole("complementary", { name: "Attention" });
	const cause = rail.locator('[data-finding="agent.container-died"]');
	await cause.locator("button").first().click();
	await expect(practice).toHaveAttribute("data-step", "press");
	// A reload goes on where it was.
	await page.reload();
	await expect(practice).toHaveAttribute("data-step", "press");
	await cause.getByRole("button", { name: /Restart/ }).click();
	await page
		.locator("[data-sheet]")
		.getByRole("button", { name: /^Restart/ })
		.click();
	await expect(practice).toHaveAttribute("data-step", /effect|cleared|ledger/);
	await expect(practice).toHaveAttribute("data-step", "ledger", { timeout: 90_000 });
	await page.getByRole("link", { name: /^Interventions/ }).click();
	await page
		.locator("[data-story]")
		.filter({ hasText: "estart" })
		.first()
		.getByRole("button")
		.first()
		.click();
	await expect(practice).toHaveAttribute("data-step", "done");
	await expect(practice).toContainText(/Mended in .*found \d:\d\d, pressed \d:\d\d, effect \d:\d\d/);
	await practice.getByRole("button", { name: "Done" }).click();
	await expect(practice).toHaveCount(0);
	// It was had: offered no more.
	await page.goto("/users");
	await expect(page.getByRole("searchbox")).toBeVisible();
	await expect(page.getByRole("button", { name: "Start" })).toHaveCount(0);
});

test("PAGE-9: the practice incident ends with Escape, is put away for good, and is not offered where no town can be broken", async ({
	page,
	signIn,
}) => {
	await signIn("noah@townwatch.example");
	const offer = page.getByRole("button", { name: "Start" });
	await page.route("**/api/me", async (route) => {
		const response = await route.fetch();
		await route.fulfill({ response, json: { ...(await response.json()), drills: false } });
	});
	await page.goto("/users");
	await expect(page.getByRole("searchbox")).toBeFocused();
	await page.waitForLoadState("networkidle");
	await expect(offer).toHaveCount(0);
	await page.unroute("**/api/me");
	await page.goto("/users");
	await offer.click();
	const practice = page.getByRole("region", { name: "Practice" });
	await expect(practice).toContainText("1 of 7");
	await page.keyboard.press("Escape");
	await expect(practice).toHaveCount(0);
	await page.reload();
	await expect(page.getByRole("searchbox")).toBeFocused();
	await page.waitForLoadState("networkidle");
	await expect(offer).toHaveCount(0);
	// It stays under the keys.
	await page.getByRole("searchbox").blur();
	await page.keyboard.press("?");
	await expect(
		page.getByRole("dialog", { name: "Keys" }).getByRole("button", { name: /^Practice/ }),
	).toBeVisible();
});
