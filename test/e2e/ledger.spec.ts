import { execFile } from "node:child_process";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "../support/app.ts";
import { openTown } from "../support/pages.ts";

const run = promisify(execFile);
const TOWN = "harbor-lights";
const OWNER = "oauth/google:110248495921238986420";

test("LEDGER-4: what was done is found over all towns, checked in the page, exported, and verified offline", async ({
	page,
	signIn,
}, info) => {
	test.setTimeout(120_000);
	await signIn();
	// The town works: a bead may be closed before its priority is pressed, and then another is taken.
	await expect(async () => {
		await openTown(page, TOWN);
		const bead = page.getByRole("grid", { name: "Beads" }).locator("[data-row]").first();
		await openTown(page, TOWN, `state?open=bead:${await bead.getAttribute("data-row")}`);
		await page.getByRole("button", { name: "Priority", exact: true }).click();
		// The value that the bead has now is not offered.
		await page.locator("[role=menuitem]:not([aria-disabled=true])").last().click({ timeout: 3_000 });
	}).toPass({ timeout: 60_000 });
	await expect(page.locator("[data-told]")).toHaveAttribute("data-told", /Effect seen/);

	await openTown(page, TOWN, "interventions");
	const story = page.locator("[data-story]").first();
	await story.getByRole("button").first().click();
	await expect(story.getByRole("button", { name: /^Undo: / })).toBeEnabled();
	await page.getByRole("button", { name: "Check the chain" }).click();
	const check = page.locator("[data-check]");
	await expect(check).toHaveAttribute("data-check", "ok");
	await expect(check).toContainText("hashed here");

	const downloading = page.waitForEvent("download");
	await page.getByRole("link", { name: /JSON Lines/ }).click();
	const file = info.outputPath("ledger.jsonl");
	await (await downloading).saveAs(file);
	const head = /Head (\d+:[0-9a-f]{64})/.exec(await check.innerText())?.[1] ?? "";
	const { stdout } = await run(process.execPath, ["scripts/verify-ledger.ts", file, head]);
	expect(stdout).toContain("Whole: ");

	await page.getByRole("button", { name: "Town", exact: true }).click();
	await page.getByRole("menuitem", { name: "Save incident…" }).click();
	const saving = page.waitForEvent("download");
	await page.getByRole("button", { name: "The last 15 minutes" }).click();
	const incident = info.outputPath("incident.html");
	await (await saving).saveAs(incident);
	const offline = await page.context().newPage();
	await offline.goto(pathToFileURL(incident).href);
	await expect(offline.getByRole("heading", { level: 1 })).toHaveText("Incident in Harbor Lights");
	await expect(
		offline.getByRole("row", { name: /Set the priority.*Ada Berg|Ada Berg.*riority/ }).first(),
	).toBeVisible();
	await expect(offline.locator("details").first()).toBeVisible();
	const proving = offline.waitForEvent("download");
	await offline.getByRole("link", { name: "The whole ledger" }).click();
	const proof = info.outputPath("proof.jsonl");
	await (await proving).saveAs(proof);
	expect((await run(process.execPath, ["scripts/verify-ledger.ts", proof, head])).stdout).toContain(
		"Whole: ",
	);
	await offline.close();

	// D1 has it a second later; the page reads again by itself.
	await page.goto("/ledger?town=Harbor Lights&admin=ada@townwatch.example");
	const line = page.locator("[data-story]").first();
	await expect(line).toContainText("Ada Berg in Harbor Lights");
	await line.getByRole("button").first().click();
	await expect(page).toHaveURL(/open=/);
	await expect(line).toContainText("case 4711");
	await expect(line.getByRole("link", { name: "Open in Harbor Lights" })).toBeVisible();

	await page.goto(`/users/${encodeURIComponent(OWNER)}`);
	const section = page.getByRole("region", { name: "Interventions" });
	await expect(section.locator("[data-story]").first()).toContainText("Ada Berg in Harbor Lights");
	await section.getByRole("link", { name: /ledger/ }).click();
	await expect(page.getByLabel("User", { exact: true })).toHaveValue(OWNER);
});

test("PAGE-1: the ledger's no match and its failed read are told apart, and neither looks empty", async ({
	page,
	signIn,
}) => {
	await signIn();
	await page.goto("/ledger?q=nobody ever wrote this");
	await expect(page.locator("[data-none=no-match]")).toContainText("text nobody ever wrote this");
	await page.getByRole("button", { name: "Clear filters" }).click();
	await expect(page).toHaveURL(/\/ledger$/);
	await page.goto("/ledger?from=yesterday");
	await expect(page.locator("[data-none=error]")).toContainText("Reading the ledger failed");
	await expect(page.locator("[data-none=empty], [data-none=no-match]")).toHaveCount(0);
});
