import { AxeBuilder } from "@axe-core/playwright";
import { expect, test } from "../support/app.ts";
import { openTown } from "../support/pages.ts";

const TOWN = "harbor-lights";
const MAYOR = "harbor-lights.mayor";

const PAGES: Record<string, string> = {
	lookup: "/users?q=harbor",
	user: `/users/${encodeURIComponent("oauth/google:110248495921238986420")}`,
	state: "state",
	agents: "agents",
	review: "review",
	convoys: "convoys",
	container: "container",
	credentials: "credentials",
	mayor: "mayor",
	scheduler: "scheduler",
	spend: "spend",
	events: "events",
	interventions: "interventions",
	"agent inspector": `agents?open=agent:${MAYOR}`,
	"agent's tools": `agents?open=agent:${MAYOR}:tools`,
	"raw stream": `agents?open=agent:${MAYOR}:raw`,
	ledger: "/ledger?user=olive@harbor.example&town=Harbor Lights&visits=1",
};

test("WCAG 2.2 AA: no serious finding on any page, light and dark", async ({ page, signIn }) => {
	// axe looks at every element of a score of pages.
	test.setTimeout(600_000);
	await page.goto("/");
	await expect(page.getByRole("link", { name: /Continue/ })).toBeVisible();
	const found: Record<string, string[]> = { "sign-in": await serious() };
	await signIn();
	for (const [name, path] of Object.entries(PAGES)) {
		if (path.startsWith("/")) await page.goto(path);
		else await openTown(page, TOWN, path);
		await expect(page.getByText(/Olive Park|Harbor Lights/).first()).toBeVisible();
		found[name] = await serious();
	}
	// A bead's inspector, whichever bead stands first.
	await openTown(page, TOWN);
	const bead = page.getByRole("grid", { name: "Beads" }).locator("[data-row]").first();
	const id = await bead.getAttribute("data-row");
	await openTown(page, TOWN, `state?open=bead:${id}`);
	found["bead inspector"] = await serious();
	await openTown(page, TOWN, `state?open=bead:${id}:replay`);
	found.replay = await serious();
	expect(Object.fromEntries(Object.entries(found).filter(([, rules]) => rules.length > 0))).toEqual({});

	/** The modes differ in their colours alone. */
	async function serious(): Promise<string[]> {
		await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
		const light = await findings(new AxeBuilder({ page }).withTags(WCAG), "light");
		await page.emulateMedia({ colorScheme: "dark", reducedMotion: "reduce" });
		await expect(page.locator("html")).toHaveAttribute("data-mode", "dark");
		return [...light, ...(await findings(new AxeBuilder({ page }).withRules(["color-contrast"]), "dark"))];
	}
});

const WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

async function findings(axe: AxeBuilder, mode: string): Promise<string[]> {
	const { violations } = await axe.analyze();
	return violations
		.filter(({ impact }) => impact === "serious" || impact === "critical")
		.map(({ id, nodes }) => `${mode} ${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(" | ")}`);
}
