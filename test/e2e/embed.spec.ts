import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { OLIVE } from "../../local/people.ts";
import { expect, faults, MODULE, section, shot, test } from "../support/embedded.ts";
import { startNextHost } from "../support/next-host.ts";

const QUERY = `user=${encodeURIComponent(OLIVE)}`;
/** A name that stands in no host page. */
const TOWN = "Harbor Lights";

test("EMBED-3: it is one module of less than 150 kB on the wire, with all that it needs", async ({ app }) => {
	const module = readFileSync(MODULE, "utf8");
	expect(gzipSync(module).length).toBeLessThan(150_000);
	const served = await fetch(`${app.settings.url}/embed/gastown-section.js`);
	expect(await served.text()).toBe(module);
	expect(served.headers.get("access-control-allow-origin")).toBe("*");
	expect(served.headers.get("content-type")).toContain("javascript");
});

test("EMBED-3: it stands in a plain page of another origin, leaves it as it was and takes nothing of its looks but the font", async ({
	page,
	app,
	hosts,
	token,
}) => {
	hosts.listed.token = await token();
	const asked: string[] = [];
	page.on("request", (request) => asked.push(request.url()));
	await page.goto(`${hosts.listed.url}/?${QUERY}&token`);
	const link = section(page).getByRole("link", { name: TOWN, exact: true });
	await expect(link).toBeVisible();
	expect(await page.evaluate("leaked()")).toEqual([]);
	expect(await page.evaluate("document.querySelector('gastown-section').innerHTML")).toBe("");
	const looks = await link.evaluate((element) => {
		const { fontSize, fontFamily, letterSpacing, paddingTop, textTransform, backgroundColor } =
			getComputedStyle(element);
		return { fontSize, fontFamily, letterSpacing, paddingTop, textTransform, backgroundColor };
	});
	expect(looks).toEqual({
		fontSize: "13px",
		fontFamily: "Georgia, serif",
		letterSpacing: "normal",
		paddingTop: "0px",
		textTransform: "none",
		backgroundColor: "rgba(0, 0, 0, 0)",
	});
	// Tailwind's @property rules hold in no shadow root: without their defaults there is no border.
	const border = await section(page)
		.getByRole("region", { name: "Gastown" })
		.evaluate((element) => getComputedStyle(element).borderTop);
	expect(border).toMatch(/^1px solid/);
	const ofConsole = asked.filter((url) => !url.startsWith(hosts.listed.url) && !url.startsWith("data:"));
	expect([...new Set(ofConsole)].sort()).toEqual([
		`${app.settings.url}/api/users/${encodeURIComponent(OLIVE)}`,
		`${app.settings.url}/embed/gastown-section.js`,
	]);
});

test("EMBED-3: a town's links lead to it in the console, beside the host's page", async ({
	page,
	app,
	hosts,
	token,
	signIn,
}) => {
	hosts.listed.token = await token();
	await signIn();
	await page.goto(`${hosts.listed.url}/?${QUERY}&token`);
	const opened = page.waitForEvent("popup");
	await section(page).getByRole("link", { name: "Open the town Harbor Lights" }).click();
	const town = await opened;
	expect(new URL(town.url()).origin).toBe(app.settings.url);
	await expect(town.getByLabel("Why do you open this town?")).toBeVisible();
	const restart = section(page).getByRole("link", { name: /Restart container.*Harbor Lights/ });
	await expect(restart).toHaveAttribute(
		"href",
		`${app.settings.url}/towns/harbor-lights/container?do=container.restart`,
	);
});

test("EMBED-4: without a token the reader's own cookie is sent", async ({ page, hosts, signIn }) => {
	await page.goto(`${hosts.listed.url}/?${QUERY}`);
	await expect(section(page).getByText("You are not signed in.")).toBeVisible();
	await expect(section(page).getByRole("link", { name: "Sign in to the console…" })).toBeVisible();
	await signIn();
	await section(page).getByRole("button", { name: "Try reading the towns again" }).click();
	await expect(section(page).getByRole("link", { name: TOWN, exact: true })).toBeVisible();
});

test("EMBED-4: it says in itself why it shows nothing: no admin, no such user, no token, a page that is not on the list", async ({
	page,
	hosts,
	token,
}) => {
	const told = section(page).getByRole("alert");
	const { listed, stranger } = hosts;
	listed.token = await token("olive@harbor.example");
	await page.goto(`${listed.url}/?${QUERY}&token`);
	await expect(told).toContainText("olive@harbor.example is not an admin");
	listed.token = await token();
	await page.goto(`${listed.url}/?user=nobody&token`);
	await expect(told).toContainText("There is no user nobody in the directory.");
	await page.goto(`${listed.url}/?user=&token`);
	await expect(told).toContainText("No user is named");
	listed.token = null;
	await page.goto(`${listed.url}/?${QUERY}&token`);
	await expect(told).toContainText("could not get a token for you: the admin's server answered 500");
	stranger.token = await token();
	await page.goto(`${stranger.url}/?${QUERY}&token`);
	await expect(told).toContainText(`The console does not let pages of ${stranger.url} read it`);
	await expect(section(page).getByText(TOWN)).toHaveCount(0);
});

test("EMBED-4: a network that is down is told, what was read stays and is called stale, and it comes back by itself", async ({
	page,
	hosts,
	token,
}) => {
	hosts.listed.token = await token();
	await page.clock.install();
	await page.goto(`${hosts.listed.url}/?${QUERY}&token`);
	const link = section(page).getByRole("link", { name: TOWN, exact: true });
	await expect(link).toBeVisible();
	await page.route("**/api/**", (route) => route.abort());
	await page.clock.fastForward(5_000);
	await expect(section(page).getByRole("alert")).toContainText("does not answer this page");
	await expect(section(page).getByText(/^Stale/)).toBeVisible();
	await expect(link).toBeVisible();
	await page.unroute("**/api/**");
	await page.clock.fastForward(10_000);
	await expect(section(page).getByRole("alert")).toHaveCount(0);
});

test("EMBED-4: who is no admin any more sees nothing of what was read before", async ({
	page,
	hosts,
	token,
}) => {
	hosts.listed.token = await token();
	await page.clock.install();
	await page.goto(`${hosts.listed.url}/?${QUERY}&token`);
	await expect(section(page).getByRole("link", { name: TOWN, exact: true })).toBeVisible();
	hosts.listed.token = await token("ines@townwatch.example");
	await page.clock.fastForward(5_000);
	await expect(section(page).getByRole("alert")).toContainText("is blocked");
	await expect(section(page).getByText(TOWN)).toHaveCount(0);
});

test("EMBED-5: moved it goes on, given another user it shows that one, taken out it asks no more", async ({
	page,
	hosts,
	token,
}) => {
	hosts.listed.token = await token();
	await page.clock.install();
	await page.goto(`${hosts.listed.url}/?${QUERY}&token`);
	const link = section(page).getByRole("link", { name: TOWN, exact: true });
	await expect(link).toBeVisible();
	await link.evaluate((element) => Object.assign(window, { kept: element }));
	await page.evaluate(() => {
		const element = document.querySelector("gastown-section") as Element;
		document.querySelector("#elsewhere")?.append(element);
	});
	await expect(page.locator("#elsewhere").getByRole("link", { name: TOWN, exact: true })).toBeVisible();
	expect(await link.evaluate((element) => element === Reflect.get(window, "kept"))).toBe(true);

	await section(page).evaluate((element) => element.setAttribute("user-id", "nobody"));
	await expect(section(page).getByRole("alert")).toContainText("There is no user nobody");
	await expect(link).toHaveCount(0);
	await section(page).evaluate((element, id) => element.setAttribute("user-id", id), OLIVE);
	await expect(link).toBeVisible();

	await section(page).evaluate((element) => {
		Object.assign(window, { taken: element });
		element.remove();
	});
	let asked = 0;
	page.on("request", () => asked++);
	await page.clock.fastForward(300_000);
	await page.evaluate(() => window.dispatchEvent(new Event("online")));
	expect(asked).toBe(0);
	await page.evaluate(() => document.querySelector("#place")?.append(Reflect.get(window, "taken")));
	await expect(link).toBeVisible();
});

test("EMBED-6: it follows the host's light or dark, or its attribute, and axe finds nothing, wide and narrow", async ({
	page,
	hosts,
	token,
}) => {
	hosts.listed.token = await token();
	const ground = () =>
		section(page)
			.getByRole("region", { name: "Gastown" })
			.evaluate((element) => getComputedStyle(element).backgroundColor);
	const open = async (scheme: string) => {
		await page.goto(`${hosts.listed.url}/?${QUERY}&token&scheme=${encodeURIComponent(scheme)}`);
		await expect(section(page).getByRole("link", { name: TOWN, exact: true })).toBeVisible();
	};
	await open("light");
	const light = await ground();
	await page.emulateMedia({ colorScheme: "dark" });
	expect(await ground()).toBe(light);
	await open("light dark");
	const dark = await ground();
	expect(dark).not.toBe(light);
	await section(page).evaluate((element) => element.setAttribute("theme", "light"));
	expect(await ground()).toBe(light);
	const region = section(page).getByRole("region", { name: "Gastown" });
	for (const width of [1280, 1000, 800, 390]) {
		await page.setViewportSize({ width, height: 900 });
		const hidden = await region.evaluate((element) => element.scrollWidth - element.clientWidth);
		expect(hidden, `${width} px`).toBe(0);
		for (const theme of ["light", "dark"]) {
			await section(page).evaluate((element, to) => element.setAttribute("theme", to), theme);
			expect(await ground()).toBe(theme === "light" ? light : dark);
			await shot(page, `${theme}-${width}`);
			if (width === 1280 || width === 390) expect(await faults(page), `${theme}, ${width} px`).toEqual([]);
		}
	}
});

test("EMBED-5: a Next.js dashboard shows it on its user's page, keeps it over its own navigation, and takes it away with the page", async ({
	page,
	app,
	hosts,
	token,
}) => {
	// npm fetches Next.js where it is not there yet.
	test.setTimeout(400_000);
	const { url, host } = await startNextHost({
		...{ port: hosts.port, townwatch: app.settings.url, token: await token() },
	});
	try {
		const wrong: string[] = [];
		page.on("pageerror", (error) => wrong.push(error.message));
		page.on("console", (message) => message.type() === "error" && wrong.push(message.text()));
		const answer = await page.goto(`${url}/admin/users/${encodeURIComponent(OLIVE)}`);
		expect(await answer?.text()).toContain(`<gastown-section user-id="${OLIVE}">`);
		await expect(section(page).getByRole("link", { name: TOWN, exact: true })).toBeVisible();
		for (const [colorScheme, width] of [
			["light", 1280],
			["dark", 390],
		] as const) {
			await page.setViewportSize({ width, height: 900 });
			await page.emulateMedia({ colorScheme });
			expect(await faults(page), colorScheme).toEqual([]);
			await shot(page, `next-${colorScheme}-${width}`);
		}
		expect(wrong).toEqual([]);

		await page.getByRole("link", { name: "Another user" }).click();
		await expect(section(page).getByRole("alert")).toContainText("There is no user nobody in the directory.");
		await page.goBack();
		await expect(section(page).getByRole("link", { name: TOWN, exact: true })).toBeVisible();

		await page.clock.install();
		await page.getByRole("link", { name: "All users" }).click();
		await expect(page.getByRole("heading", { name: "All users" })).toBeVisible();
		let asked = 0;
		page.on("request", (request) => (asked += Number(request.url().startsWith(app.settings.url))));
		await page.clock.fastForward(60_000);
		expect(asked).toBe(0);
	} finally {
		await host.stop();
	}
});

test("EMBED-2: in a frame it is shown where the list names the page, and the console is not", async ({
	page,
	hosts,
	signIn,
}) => {
	await signIn();
	const frame = page.frameLocator("iframe");
	const show = (host: string, path: string) => page.goto(`${host}/?frame=${encodeURIComponent(path)}`);
	const alone = `/embed/users/${encodeURIComponent(OLIVE)}`;
	await show(hosts.listed.url, alone);
	await expect(frame.getByRole("link", { name: TOWN, exact: true })).toBeVisible();
	const refused = () => page.waitForEvent("console", (message) => /frame-ancestors/.test(message.text()));
	await Promise.all([refused(), show(hosts.stranger.url, alone)]);
	await Promise.all([refused(), show(hosts.listed.url, "/users")]);
});
