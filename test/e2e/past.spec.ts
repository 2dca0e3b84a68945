import { expect, test } from "../support/app.ts";
import { liveBar, openTown, row, seenSeq } from "../support/pages.ts";

const TOWN = "harbor-lights";

test("PAGE-5 P7: the town is seen as it was, cannot be acted on, is stepped through and compared, and is left for now", async ({
	page,
	signIn,
}) => {
	test.setTimeout(120_000);
	await signIn();
	await openTown(page, TOWN, "agents");
	// Somebody works; by and by the town goes on.
	await expect(page.getByRole("grid", { name: "Agents" }).getByText("Working").first()).toBeVisible({
		timeout: 60_000,
	});
	const then = await seenSeq(page);
	await expect.poll(() => seenSeq(page), { timeout: 60_000 }).toBeGreaterThan(then + 40);

	await page.keyboard.press("t");
	await page.getByLabel("A time or a change").fill(String(then));
	await page.keyboard.press("Enter");
	const bar = page.getByRole("region", { name: "The past", exact: true });
	await expect(bar).toHaveAttribute("data-past", "there");
	await expect(bar).toContainText(/since then [\d,]+ changes/);
	await expect(page).toHaveTitle(/^⟲ \d\d:\d\d:\d\d Harbor Lights/);
	await expect(page).toHaveURL(new RegExp(`at=${then}`));
	await expect(liveBar(page)).toHaveCount(0);
	const shown = () => bar.locator("[data-at]").getAttribute("data-at");
	const first = Number(await shown());

	// An agent that worked then: how it stood, what it had said, and nothing to press.
	const working = page
		.getByRole("grid", { name: "Agents" })
		.locator("[data-row]", { hasText: "Working" })
		.first();
	const agent = (await working.getAttribute("data-row")) ?? "";
	await row(page, agent).click();
	const inspector = page.locator("[data-inspector]");
	// Beside its finding, where it has one, and among its actions.
	const reset = inspector.getByRole("button", { name: /^Reset / }).first();
	await expect(reset).toHaveAttribute("aria-disabled", "true");
	await expect(inspector).toContainText("This is the past");
	await expect(inspector.locator('[role="log"]')).toBeVisible();

	// Step by step, and the clock stands.
	await page.keyboard.press(".");
	await expect(bar).not.toContainText(`seq ${then.toLocaleString("en-US")} `);
	await expect.poll(async () => Number(await shown())).toBeGreaterThanOrEqual(first);
	await expect(page).not.toHaveURL(new RegExp(`at=${then}(&|$)`));
	await page.keyboard.press(",");
	await expect(page).toHaveURL(new RegExp(`at=${then}(&|$)`));
	await expect.poll(shown).toBe(String(first));

	// Compared with now: what the agents do has changed since.
	await page.keyboard.press("d");
	await expect(page.getByRole("button", { name: "Compared with now" })).toBeVisible();
	await expect(page.locator("[data-then]").first()).toBeVisible({ timeout: 60_000 });

	// A link opens the same sight for a colleague, and a moment that is not kept is no empty town.
	await page.reload();
	await expect(bar).toHaveAttribute("data-past", "there");
	await expect(bar.locator("[data-at]")).toHaveAttribute("data-at", String(first));

	// From a line of an inspector's timeline, further back.
	await page.goto(`/towns/${TOWN}/agents?open=agent:${agent}:timeline&at=${then}`);
	await expect(inspector.getByText("not kept").first()).toBeVisible();
	await inspector
		.getByRole("button", { name: /^See the town at this moment, \d\d:\d\d:\d\d/ })
		.last()
		.click();
	await expect(page).toHaveURL(/at=\d{4}-\d\d-\d\dT/);
	await expect.poll(async () => Number(await shown())).toBeLessThanOrEqual(first);

	await page.goto(`/towns/${TOWN}/state?at=2020-01-01T00:00:00.000Z`);
	await expect(bar).toHaveAttribute("data-past", "failed");
	await expect(page.getByText("The town keeps its changes since").first()).toBeVisible();
	await page.keyboard.press("l");
	await expect(liveBar(page)).toHaveAttribute("data-live", "live");
	await expect(page).not.toHaveURL(/at=/);
});
