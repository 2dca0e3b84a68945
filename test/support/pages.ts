import type { Page } from "@playwright/test";
import { expect } from "./app.ts";

/** Opens a town's page as a link does, says why where it asks, and waits until it is live. */
export async function openTown(page: Page, town: string, rest = "state"): Promise<void> {
	await page.goto(`/towns/${town}/${rest}`);
	const why = page.getByLabel("Why do you open this town?");
	const live = liveBar(page);
	await expect(why.or(live).first()).toBeVisible();
	if (await why.isVisible()) {
		await why.fill("case 4711");
		await why.press("Enter");
	}
	await expect(live).toHaveAttribute("data-live", "live");
}

export const liveBar = (page: Page) => page.getByRole("region", { name: "Live", exact: true });

/** A row of a live table by its key. */
export const row = (page: Page, key: string) => page.locator(`[data-row="${key}"]`);

/** How far in the town's change log the page says that it is. */
export const seenSeq = async (page: Page): Promise<number> =>
	Number(/seq ([\d,]+)/.exec(await liveBar(page).innerText())?.[1]?.replaceAll(",", "") ?? Number.NaN);

/** Nothing has changed in the town for two seconds: also its look at its own health is over. */
export async function settled(page: Page): Promise<void> {
	let before = Number.NaN;
	await expect
		.poll(
			async () => {
				const now = await seenSeq(page);
				const same = now === before;
				before = now;
				return same;
			},
			{ intervals: [2_000], timeout: 30_000 },
		)
		.toBe(true);
}
