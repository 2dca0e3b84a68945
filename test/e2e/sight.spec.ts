import type { Page } from "@playwright/test";
import { expect, test } from "../support/app.ts";
import { liveBar, openTown } from "../support/pages.ts";
import { testTown } from "../support/test-town.ts";

/** Stands between the page and the worker: passes everything on, nothing, or lets nobody in. */
async function between(page: Page) {
	const line = { is: "open" as "open" | "silent" | "cut", cut: () => {} };
	await page.routeWebSocket(/\/ws\/towns\//, (socket) => {
		if (line.is === "cut") return void socket.close({ code: 1011 });
		const server = socket.connectToServer();
		socket.onMessage((message) => line.is === "open" && server.send(message));
		server.onMessage((message) => line.is === "open" && socket.send(message));
		line.cut = () => {
			line.is = "cut";
			void socket.close({ code: 1011 });
			void server.close();
		};
	});
	return line;
}

/** Sign and word of the live bar in this state, as somebody sees them who sees no colours; both of one moment. */
async function signAndWord(page: Page, state: string): Promise<{ sign: string; words: string }> {
	let seen = { live: "", sign: "", words: "" };
	await expect(async () => {
		seen = await liveBar(page).evaluate((bar) => ({
			live: bar.dataset.live ?? "",
			sign: bar.querySelector("svg")?.innerHTML ?? "",
			words: bar.textContent ?? "",
		}));
		expect(seen.live).toBe(state);
	}).toPass({ timeout: 20_000 });
	return seen;
}

test("PAGE-1 SOCKET-3: live, stale, blind and reconnecting each have their sign and word, and a click made blind does nothing", async ({
	page,
	signIn,
}) => {
	test.setTimeout(150_000);
	await signIn();
	const line = await between(page);
	await openTown(page, "harbor-lights", "agents?open=agent:harbor-lights.mayor");
	const bar = liveBar(page);
	const seen: Record<string, { sign: string; words: string }> = { live: await signAndWord(page, "live") };
	expect(seen.live?.words).toContain("Live");

	line.is = "silent";
	await expect(bar).toHaveAttribute("data-live", "stale", { timeout: 20_000 });
	await expect(bar).toContainText(/Stale .*values as of/);
	seen.stale = await signAndWord(page, "stale");

	await expect(bar).toHaveAttribute("data-live", "blind", { timeout: 20_000 });
	await expect(bar).toContainText(/Blind for .*Below is/);
	seen.blind = await signAndWord(page, "blind");
	await expect(page).toHaveTitle(/^\?/);
	const actions = page.locator('[data-actions="agent"]').getByRole("button");
	for (const action of await actions.all()) await expect(action).toHaveAttribute("aria-disabled", "true");
	await actions.first().click({ force: true });
	await expect(page.getByRole("button", { name: "Reset Harbor-Mayor", exact: true })).toHaveCount(0);

	line.is = "open";
	await expect(bar).toHaveAttribute("data-live", "live", { timeout: 40_000 });

	line.cut();
	await expect(bar).toContainText(/Reconnecting, attempt \d/, { timeout: 15_000 });
	seen.reconnecting = await signAndWord(page, "reconnecting");
	line.is = "open";
	await expect(bar).toHaveAttribute("data-live", "live", { timeout: 40_000 });

	const signs = Object.entries(seen).map(([state, { sign }]) => ({ state, sign }));
	expect(new Set(signs.map(({ sign }) => sign)).size, JSON.stringify(signs)).toBe(4);
});

test("PAGE-1 SESSION-6: the worker is killed: the page says so, and then is live again with everything", async ({
	app,
	page,
	signIn,
}) => {
	test.setTimeout(150_000);
	await signIn();
	const town = await testTown(app.settings, []);
	const [first = "", ...others] = await town.beads(12);
	await openTown(page, town.id);
	const bar = liveBar(page);
	await app.killWorker();
	await expect(bar).toHaveAttribute("data-live", /reconnecting|blind/, { timeout: 20_000 });
	await expect(page.locator("[data-feed]").first()).toHaveAttribute("data-feed", /reconnecting|blind/);
	await app.startWorker();
	// What happens before the page is back is not missed either.
	await town.client.gastown("closeBead", { bead_id: first });
	await town.client.gastown("createBead", { id: `${town.id}.late`, title: "Late", rig_id: town.rig });
	await expect(bar).toHaveAttribute("data-live", "live", { timeout: 60_000 });
	await expect(bar.locator("[data-gaps]")).toHaveText("0 gaps");
	const keys = () =>
		page.locator("[data-row]").evaluateAll((rows) => rows.map((one) => (one as HTMLElement).dataset.row));
	await expect.poll(async () => (await keys()).sort()).toEqual([...others, `${town.id}.late`].sort());
});

test("PAGE-1: nothing there, nothing that matches and nothing that could be read are told apart", async ({
	app,
	page,
	signIn,
}) => {
	await signIn();
	const town = await testTown(app.settings, []);
	await openTown(page, town.id);
	await expect(page.locator('[data-none="empty"]').first()).toBeVisible();
	await town.beads(3);
	await expect(page.getByRole("grid", { name: "Beads" })).toHaveAttribute("aria-rowcount", "4");
	await openTown(page, town.id, "state?q=status:failed");
	await expect(page.locator('[data-none="no-match"]')).toContainText("3 in all");

	await page.route("**/api/users?*", (route) =>
		route.fulfill({
			status: 500,
			json: { error: { code: "internal", message: "The disk is gone.", request_id: "r-1" } },
		}),
	);
	await page.goto("/users?q=olive");
	await expect(page.locator('[data-none="error"]')).toContainText("The disk is gone.");
	await expect(page.locator('[data-none="error"]')).toContainText("r-1");
	await page.unroute("**/api/users?*");
	await page.getByRole("button", { name: "Try again" }).click();
	await expect(page.getByRole("link", { name: /Olive Park/ })).toBeVisible();
});
