import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
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

/** What the browser is handed by this export. */
async function saved(page: Page, of: string, how: string): Promise<{ name: string; text: string }> {
	await page.getByRole("button", { name: `Export ${of}`, exact: true }).click();
	const [download] = await Promise.all([
		page.waitForEvent("download"),
		page.getByRole("menuitem", { name: how }).click(),
	]);
	return { name: download.suggestedFilename(), text: await readFile(await download.path(), "utf8") };
}
