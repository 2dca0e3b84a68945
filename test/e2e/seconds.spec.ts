import { PEOPLE } from "../../local/people.ts";
import { expect, test } from "../support/app.ts";
import { openTown } from "../support/pages.ts";

const TOWN = "harbor-lights";

test("LEDGER-7: what one admin has pressed another sees counted, and cancels", async ({
	page,
	signIn,
	browser,
}) => {
	test.setTimeout(240_000);
	// The longest that the session grants, so that a slow machine cannot end it before somebody has read it.
	await page.addInitScript(
		(id) =>
			localStorage.setItem(
				`townwatch.countdown:${id}`,
				JSON.stringify({ state: { seconds: 60 }, version: 0 }),
			),
		PEOPLE.find(({ email }) => email === "ada@townwatch.example")?.id,
	);
	await signIn();
	await openTown(page, TOWN);
	const noahs = await browser.newContext({ baseURL: new URL(page.url()).origin });
	await signIn("noah@townwatch.example", noahs);
	const noah = await noahs.newPage();
	await openTown(noah, TOWN);

	await page.getByRole("button", { name: "Town", exact: true }).click();
	await page.getByRole("menuitem", { name: "Pause dispatch…" }).click();
	await page.getByRole("button", { name: "Pause dispatch", exact: true }).click();
	await expect(page.getByText(/Pause dispatch in \d+ s/)).toBeVisible();
	await expect(page.getByRole("button", { name: "Cancel it" })).toBeFocused();

	const strip = noah.getByRole("region", { name: "About to be done" });
	await expect(strip).toContainText(/Ada Berg: Pause dispatch in Harbor Lights\s*in \d+ s/);
	await strip.getByRole("button", { name: /^Cancel: Pause dispatch/ }).click();
	await expect(strip).toHaveCount(0);
	await expect(page.getByText(/Cancelled by Noah \w+\. Nothing was changed\./)).toBeVisible();
	await noahs.close();
});
