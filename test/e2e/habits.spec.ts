import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { SHORTCUTS } from "../../web/routes/shortcuts.ts";
import { expect, test } from "../support/app.ts";
import { openTown } from "../support/pages.ts";

const TOWN = "harbor-lights";

test("PAGE-6: what a list shows, with its filter, is saved as CSV and as JSON that name the town and the moment", async ({
	page,
	signIn,
}) => {
	await signIn();
	// What is closed does not move on.
	await openTown(page, TOWN, "state?q=status:closed");
	await expect(page.locator("[data-row]").first()).toBeVisible({ timeout: 60_000 });
	const shown = Number(/^(\d+) of/.exec(await page.locator("[data-count]").innerText())?.[1]);
	const csv = await saved(page, "beads", "Save as CSV");
	expect(csv.name).toMatch(/^beads-Harbor-Lights-\d{8}T\d{6}Z\.csv$/);
	const [head, ...lines] = csv.text.split("\r\n").filter(Boolean);
	expect(head).toMatch(/^id,title,type,status,state,since,/);
	expect(lines.length).toBeGreaterThanOrEqual(shown);
	for (const line of lines) expect(line).toContain(",closed,");
	const json = JSON.parse((await saved(page, "beads", "Save as JSON")).text);
	expect(json).toMatchObject({
		of: "beads",
		filter: "status:closed",
		town: { id: TOWN, name: "Harbor Lights" },
	});
	expect(json.address).toContain("q=status:closed");
	expect(json.rows.length).toBeGreaterThanOrEqual(lines.length);

	// Every other list of the town has the same.
	for (const [tab, of] of [
		["agents", "agents"],
		["review", "review-queue"],
		["spend", "spend-by-agent"],
		["credentials", "credential-events"],
		["events", "events"],
		["interventions", "interventions"],
	] as const) {
		await openTown(page, TOWN, tab);
		const { name, text } = await saved(page, of, "Save as CSV");
		expect(name).toMatch(new RegExp(`^${of}-Harbor-Lights-`));
		expect(text).toMatch(/^[a-z_]+,[a-z_,]+\r\n/);
	}
});

test("PAGE-8: ? lists every key on every page, and the keys lead where it says", async ({ page, signIn }) => {
	await signIn();
	await page.goto("/ledger");
	await expect(page.getByRole("heading", { name: "Ledger" })).toBeVisible();
	await page.keyboard.press("?");
	const sheet = page.getByRole("dialog", { name: "Keys" });
	await expect(sheet).toBeVisible();
	for (const [where, keys] of Object.entries(SHORTCUTS))
		for (const key of Object.keys(keys))
			await expect(sheet.locator(`[data-key="${key.replaceAll('"', '\\"')}"]`).first(), where).toBeAttached();
	await page.keyboard.press("Escape");
	await expect(sheet).toHaveCount(0);
	await page.keyboard.press("g");
	await page.keyboard.press("u");
	await expect(page).toHaveURL(/\/users/);
	await openTown(page, TOWN);
	for (const [key, tab] of [
		["k", "credentials"],
		["p", "spend"],
		["v", "convoys"],
	] as const) {
		await page.keyboard.press("g");
		await page.keyboard.press(key);
		await expect(page).toHaveURL(new RegExp(`/${tab}`));
	}
	await page.keyboard.press("?");
	await expect(sheet).toBeVisible();
	// Turned off there, single keys do nothing, for this admin and from now on.
	await sheet.getByLabel("Single keys act").uncheck();
	await page.keyboard.press("Escape");
	await page.keyboard.press("g");
	await page.keyboard.press("s");
	await expect(page).toHaveURL(/\/convoys/);
});

test("PAGE-7: density, columns and the filter that a tab was left with are there again, for this admin alone", async ({
	page,
	signIn,
}) => {
	await signIn();
	await openTown(page, TOWN);
	await page.getByRole("button", { name: "You" }).click();
	await page.getByRole("menuitemcheckbox", { name: "Comfortable rows" }).click();
	await page.keyboard.press("Escape");
	await page.getByRole("button", { name: "Columns of beads" }).click();
	await page.getByRole("menuitemcheckbox", { name: "Priority" }).click();
	await page.keyboard.press("Escape");
	const head = page.getByRole("columnheader", { name: "Priority" });
	await expect(head).toHaveCount(0);
	await page.getByRole("textbox", { name: "Filter" }).fill("helper");
	await page.keyboard.press("Enter");
	await expect(page).toHaveURL(/q=/);
	await page.getByRole("link", { name: /^Agents/ }).click();
	await expect(page).toHaveURL(/\/agents(?!.*q=)/);
	await page.getByRole("link", { name: /^State/ }).click();
	await expect(page).toHaveURL(/\/state\?.*q=.*helper/);

	await openTown(page, TOWN, "state?q=");
	await expect(head).toHaveCount(0);
	await expect(page.locator("[data-row]").first()).toHaveCSS("height", "36px");
	await signIn("noah@townwatch.example");
	await openTown(page, TOWN, "state?q=");
	await expect(head).toHaveCount(1);
	await expect(page.locator("[data-row]").first()).toHaveCSS("height", "28px");
});

test("PAGE-7: settings that are broken break no page", async ({ page, signIn }) => {
	await signIn();
	await openTown(page, TOWN);
	await page.evaluate(() => {
		for (const key of Object.keys(localStorage))
			if (key.startsWith("townwatch.")) localStorage.setItem(key, '{"state":{"list":7,"tabs":7},"version":');
	});
	await openTown(page, TOWN);
	await expect(page.locator("[data-row]").first()).toBeVisible();
});

/** What the browser is handed by this export. */
async function saved(page: Page, of: string, how: string): Promise<{ name: string; text: string }> {
	await page.getByRole("button", { name: `Export ${of}`, exact: true }).click();
	const [download] = await Promise.all([
		page.waitForEvent("download"),
		page.getByRole("menuitem", { name: how }).click(),
	]);
	return { name: download.suggestedFilename(), text: await readFile(await download.path(), "utf8") };
}
