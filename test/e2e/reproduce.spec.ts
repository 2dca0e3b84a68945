import { expect, test } from "../support/app.ts";
import { openTown, seenSeq, settled } from "../support/pages.ts";
import { testTown } from "../support/test-town.ts";

test("P7 FEED-5: a mark, what the user does after it in lanes, its end, and the same sight by its link", async ({
	app,
	page,
	signIn,
}) => {
	await signIn();
	const town = await testTown(app.settings, ["toast"]);
	const [early = ""] = await town.beads(1);
	await openTown(page, town.id);
	await expect(page.locator(`[data-row="${early}"]`)).toBeVisible();
	await settled(page);
	await page.getByRole("button", { name: "Mark", exact: true }).click();
	const lanes = page.getByRole("region", { name: "Reproduction" });
	await expect(lanes).toHaveAttribute("data-reproduction", "running");
	await expect(lanes).toContainText("Nothing has changed since the mark");

	const made = await town.client.gastown<"createBead", { bead_id: string }>("createBead", {
		...{ title: "The login loops", rig_id: town.rig, created_by: "oauth/github:7781920" },
	});
	const first = lanes.locator("[data-lane-row]").first();
	await expect(first).toContainText("New bead");
	await expect(first.locator('[data-lane="beads"]')).toContainText("The login loops");
	await expect(lanes).not.toContainText("Bead number 0");
	await town.client.gastown("hookBead", { agent_id: town.agents[0] ?? "", bead_id: made.bead_id });
	await town.client.gastown("setAgentStatusMessage", {
		agent_id: town.agents[0] ?? "",
		message: "Reading the login code",
	});
	await expect(lanes.locator('[data-lane="agents"]').filter({ hasText: "toast" }).first()).toBeVisible();

	// Whoever goes to another tab takes it along.
	await page.getByRole("link", { name: /^Agents/ }).click();
	await expect(lanes).toBeVisible();
	const end = await seenSeq(page);
	await page.getByRole("button", { name: "End mark" }).click();
	await expect(lanes).toHaveAttribute("data-reproduction", "ended");
	await expect(page).toHaveURL(new RegExp(`mark=\\d+\\.\\.${end}`));
	const seen = await lanes.locator("[data-lane-row]").count();
	await town.client.gastown("createBead", { title: "After the end", rig_id: town.rig });
	await expect.poll(() => seenSeq(page)).toBeGreaterThan(end);

	await page.reload();
	await expect(lanes.locator("[data-lane-row]")).toHaveCount(seen);
	await expect(lanes).toContainText("The login loops");
	await expect(lanes).not.toContainText("After the end");
	await lanes.getByRole("button", { name: "Close the reproduction" }).click();
	await expect(lanes).toHaveCount(0);
});
