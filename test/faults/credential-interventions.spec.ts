import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "@playwright/test";
import { accessCookie } from "../../scripts/lib/access-cookie.ts";
import type { Running } from "../support/app.ts";
import { admin } from "../support/local-world.ts";
import { openTown } from "../support/pages.ts";
import { press, refusal } from "../support/press.ts";
import { atWork, quiet, test } from "../support/watched-town.ts";

/** How many processes were started with this variable, as Linux tells it. */
const processesWith = (variable: string): number =>
	readdirSync("/proc").filter((pid) => {
		if (!/^\d+$/.test(pid)) return false;
		try {
			return readFileSync(join("/proc", pid, "environ"), "utf8")
				.split("\0")
				.includes(variable);
		} catch {
			return false;
		}
	}).length;

/** A token as somebody would have who set one by hand. */
async function issued(app: Running, integration_id: string, repo: string): Promise<string> {
	const response = await fetch(`${app.local}/tokens/resolve`, {
		method: "POST",
		body: JSON.stringify({ integration_id, repo }),
	});
	return ((await response.json()) as { token: string }).token;
}

const GREETING = "Good morning from this test";

test("CRED-1 LEDGER-14: a refused push is seen in the tab and mended from the console; settings and variables reach the container", async ({
	app,
	watch,
	browser,
}) => {
	test.setTimeout(150_000);
	const town = await watch({
		env: { POLECAT_IDLE_MS: "500", SAMPLE_MS: "500" },
		config: { kilocode_token: randomUUID() },
	});
	const { integration, repository, rig } = town;
	const git = () =>
		town.rows("rig_credentials").find((one) => one.rig_id === rig && one.credential === "git");
	const status = (id: string) => town.rows("beads").find(({ bead_id }) => bead_id === id)?.status;
	const { bead } = await atWork(town, quiet(3, "toast"));
	const before = git()?.fingerprint;
	expect(before).toMatch(/^[0-9a-f]{8}$/);

	// Revoked before the push: git's own words stand in the tab, and a new token mends it while the agent works.
	await admin(app, "revoke-tokens", { id: integration });
	await town.reach("refused", () => town.rows("git_operations").some((one) => one.outcome === "denied"), 20);
	const context = await browser.newContext({ baseURL: app.settings.url });
	const { name, value } = await accessCookie(app.settings, "ada@townwatch.example");
	await context.addCookies([{ name, value, url: app.settings.url, httpOnly: true, sameSite: "Lax" }]);
	const page = await context.newPage();
	await openTown(page, town.id, "credentials");
	const failures = page.getByRole("region", { name: "Git operations that failed" });
	await expect(failures).toContainText("push: denied");
	await expect(failures).toContainText("Authentication failed for");
	await press(town, "credential.refresh", town.id, { credential: "git", rig });
	expect(git()?.fingerprint).not.toBe(before);
	const ofRig = page.getByRole("region", { name: "Git token of shop" });
	await expect(ofRig).toContainText(git()?.fingerprint ?? "none");
	await expect(ofRig).toContainText("the container has the same", { timeout: 15_000 });
	await town.reach("pushed and merged", () => status(bead) === "closed", 40);
	await press(town, "credential.refresh", town.id, { credential: "container", rig: null });
	await press(town, "credential.refresh", town.id, { credential: "kilo", rig: null });
	const kilo = town.rows("rig_credentials").find((one) => one.credential === "kilo")?.fingerprint;
	const ofTown = page.getByRole("region", { name: "Of the whole town" });
	await expect(ofTown).toContainText(String(kilo));
	await expect(ofTown).toContainText("Handed out");

	// Another integration: what does not cover the repository changes nothing.
	await admin(app, "integration", { id: "elsewhere", repositories: ["test/elsewhere"] });
	expect(await refusal(town, "credential.relink", rig, { integration: "elsewhere" })).toContain(
		"does not cover",
	);
	await admin(app, "integration", {
		...{ id: "anothers", repositories: [repository] },
		owner: { type: "org", id: "another customer" },
	});
	expect(await refusal(town, "credential.relink", rig, { integration: "anothers" })).toContain(
		"another customer's",
	);
	const other = `${integration}-other`;
	await admin(app, "integration", { id: other, repositories: [repository] });
	await press(town, "credential.relink", rig, { integration: other });
	expect(git()).toMatchObject({ source: `integration:${other}`, last_outcome: "ok" });

	// By hand, in the page: what the forge does not know, or what reaches more, is refused; a good one wins.
	const unknown = "never-issued-by-anybody-0000";
	expect(await refusal(town, "credential.set-token", rig, {}, unknown)).toContain("does not know this token");
	const wide = `${integration}-wide`;
	await admin(app, "integration", { id: wide, repositories: [repository, "test/elsewhere"] });
	const tooWide = await issued(app, wide, repository);
	expect(await refusal(town, "credential.set-token", rig, {}, tooWide)).toContain("reaches 1 other");
	const good = await issued(app, other, repository);
	await ofRig.getByRole("button", { name: "Set a token by hand" }).click();
	await page.getByLabel("Token, never shown again").fill(good);
	await page.getByLabel("Reason (recorded)").fill("case 4711");
	await page.getByRole("button", { name: "Set a git token for shop" }).click();
	await town.reach("it wins", () => git()?.source === "manual", 15);
	await expect(ofRig).toContainText("the token set by hand");
	expect(await page.content()).not.toContain(good);

	// A setting and a variable: both are seen in the container's next work.
	await press(town, "config.set", town.id, { rig, key: "max_polecats_per_rig", value: 1 });
	await press(town, "config.set-env", town.id, { name: "SHOP_GREETING" }, 30, GREETING);
	await press(town, "container.sync-config", town.id);
	expect(processesWith(`SHOP_GREETING=${GREETING}`)).toBe(0);
	const more = await town.beads(quiet(2, "cinder"), quiet(2, "sage"));
	const polecats = () =>
		town.rows("agent_metadata").filter((one) => one.role === "polecat" && one.status === "working").length;
	let most = 0;
	await town.reach(
		"both pushed with the token set by hand",
		() => {
			most = Math.max(most, polecats());
			return more.every((id) => ["in_review", "closed"].includes(status(id) ?? ""));
		},
		45,
	);
	expect(most).toBe(1);
	const pushes = await town.journal("git_operations", { operation: "push" });
	expect(pushes.filter(({ outcome }) => outcome === "denied")).toHaveLength(1);
	await press(town, "credential.clear-token", rig);
	await context.close();
});
