import type { Page } from "@playwright/test";
import { expect, test } from "../support/app.ts";
import { openTown } from "../support/pages.ts";
import { numbered, testTown } from "../support/test-town.ts";

const log = (page: Page) => page.getByRole("log", { name: /stream|events/i });
const mode = (page: Page) => page.locator("[data-mode-word]");

test("PAGE-3: a stream follows its end until its reader scrolls, and can be paused without losing anything", async ({
	app,
	page,
	signIn,
}) => {
	const town = await testTown(app.settings, ["talker"]);
	const [agent = ""] = town.agents;
	const stream = town.stream(agent);
	let said = 0;
	const say = async (count: number) => {
		for (let n = 0; n < count; n++) stream.push(numbered(++said));
		await stream.flush();
	};
	await say(300);
	await signIn();
	await openTown(page, town.id, `agents?open=agent:${agent}:raw`);
	await expect(mode(page)).toHaveText("Following");
	await expect(log(page)).toContainText("300 words");

	await say(50);
	await expect(log(page)).toContainText("350 words");

	await log(page).hover();
	await page.mouse.wheel(0, -1_500);
	await expect(mode(page)).toHaveText("Reading");
	const top = await log(page).evaluate((element) => element.scrollTop);
	await say(50);
	await expect(page.getByRole("button", { name: /new/ })).toBeVisible();
	expect(Math.abs((await log(page).evaluate((element) => element.scrollTop)) - top)).toBeLessThanOrEqual(1);
	await page.getByRole("button", { name: /new/ }).click();
	await expect(mode(page)).toHaveText("Following");
	await expect(log(page)).toContainText("400 words");

	await page.getByRole("button", { name: "Pause" }).click();
	await say(40);
	await expect(mode(page)).toHaveText(/Paused at .*, 40 lines wait, none lost/);
	await expect(log(page)).not.toContainText("440 words");
	await page.getByRole("button", { name: /Resume/ }).click();
	await expect(log(page)).toContainText("440 words");
	await stream.close();
});
