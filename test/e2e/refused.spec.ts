import { accessCookie } from "../../scripts/lib/access-cookie.ts";
import { expect, test } from "../support/app.ts";
import { openTown } from "../support/pages.ts";

test("SEC-1: nobody who is not signed in sees anything but the way in", async ({ page }) => {
	await page.goto("/towns/harbor-lights/state");
	await expect(page.getByRole("link", { name: /Continue/ })).toBeVisible();
	await expect(page.getByRole("grid")).toHaveCount(0);
});

for (const [who, email, words] of [
	["a customer", "olive@harbor.example", /not an admin/],
	["an admin who is blocked", "ines@townwatch.example", /is blocked/],
] as const)
	test(`SEC-1: ${who} is refused, told why, and sees nothing behind it`, async ({ page, signIn }) => {
		await signIn(email);
		await page.goto("/towns/harbor-lights/state");
		await expect(page.getByText(words)).toBeVisible();
		await expect(page.getByRole("grid")).toHaveCount(0);
		await expect(page.getByText("Harbor-Mayor")).toHaveCount(0);
	});

test("SEC-2: a ticket opens one socket, of its town, from our page", async ({ app }) => {
	const { value } = await accessCookie(app.settings, "ada@townwatch.example");
	const headers = { "Cf-Access-Jwt-Assertion": value, Origin: app.settings.url };
	const post = (extra: Record<string, string>) =>
		fetch(`${app.settings.url}/api/towns/harbor-lights/ticket`, {
			method: "POST",
			headers: { ...headers, ...extra },
		});
	expect((await post({ Origin: "https://evil.example" })).status).toBe(403);
	expect((await post({ "Cf-Access-Jwt-Assertion": `${value}x` })).status).toBe(401);
	expect((await post({})).status).toBe(200);
	const missing = await fetch(`${app.settings.url}/api/towns/nowhere/ticket`, { method: "POST", headers });
	expect(missing.status).toBe(404);
});

test("PAGE-4: the address of a user whose id holds / and : is a link like any other", async ({
	page,
	signIn,
}) => {
	await signIn();
	await page.goto(`/users/${encodeURIComponent("oauth/google:110248495921238986420")}`);
	await expect(page.getByRole("main").getByRole("heading", { name: "Olive Park" })).toBeVisible();
	await page.reload();
	await expect(page.getByRole("main").getByRole("heading", { name: "Olive Park" })).toBeVisible();
	await expect(page.getByText("Harbor Lights").first()).toBeVisible();
	await expect(
		page.getByText("Assembly Hall").or(page.getByText("Northwind Robotics")).first(),
	).toBeVisible();
});

test("a town that is not there says so", async ({ page, signIn }) => {
	await signIn();
	await page.goto("/towns/nowhere/state");
	await page.getByLabel("Why do you open this town?").fill("case 4711");
	await page.keyboard.press("Enter");
	await expect(page.getByText(/no town|no such town|There is no/i).first()).toBeVisible();
});

test("SEC-5: the page runs under a strict policy and breaks it nowhere", async ({ page, signIn }) => {
	const broken: string[] = [];
	page.on("console", (message) => {
		if (/Content Security Policy/i.test(message.text())) broken.push(message.text());
	});
	await signIn();
	const answer = await page.goto("/users");
	const policy = answer?.headers()["content-security-policy"] ?? "";
	expect(policy).toContain("script-src 'self'");
	expect(policy).not.toContain("script-src 'self' 'unsafe-inline'");
	expect(policy).toContain("frame-ancestors");
	await openTown(page, "harbor-lights");
	await openTown(page, "harbor-lights", "agents");
	expect(broken).toEqual([]);
});
