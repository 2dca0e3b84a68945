import { chromium, type Page } from "playwright";
import { accessCookie } from "../../scripts/lib/access-cookie.ts";
import { findChromium } from "../../scripts/lib/chromium.ts";
import type { Running } from "../support/app.ts";
import { numbered, testTown } from "../support/test-town.ts";
import { figure, markdown, median } from "./figures.ts";

const PAINTS = 5;
const SECONDS = 20;
const PER_SECOND = 1_000;

export async function inBrowser<T>(app: Running, work: (page: Page) => Promise<T>): Promise<T> {
	const browser = await chromium.launch({
		executablePath: findChromium() ?? undefined,
		args: ["--no-sandbox"],
	});
	const context = await browser.newContext({
		baseURL: app.settings.url,
		viewport: { width: 1440, height: 900 },
	});
	const { name, value } = await accessCookie(app.settings, "ada@townwatch.example");
	await context.addCookies([{ name, value, url: app.settings.url }]);
	try {
		return await work(await context.newPage());
	} finally {
		await browser.close();
	}
}

export async function openTown(page: Page, path: string): Promise<void> {
	await page.goto(path);
	const why = page.getByLabel("Why do you open this town?");
	const live = page.locator('[data-live="live"]');
	await why.or(live).first().waitFor({ timeout: 60_000 });
	if (await why.isVisible()) {
		await why.fill("bench");
		await why.press("Enter");
	}
	await live.waitFor({ timeout: 60_000 });
}

/** Milliseconds from the navigation to the first painted rows of the town with 1,000 beads. */
export function benchFirstPaint(app: Running): Promise<string> {
	return inBrowser(app, async (page) => {
		const path = "/towns/longmeadow/state?q=";
		await openTown(page, path);
		const times: number[] = [];
		for (let n = 0; n < PAINTS; n++) {
			await page.goto("about:blank");
			await page.goto(path, { waitUntil: "commit" });
			await page.locator('[role="grid"] [data-row]').nth(10).waitFor();
			times.push(await page.evaluate(() => new Promise<number>((resolve) => requestAnimationFrame(resolve))));
		}
		const rows = await page.locator('[role="grid"]').getAttribute("aria-rowcount");
		return markdown(
			["first paint of the large town", "median"],
			[
				["beads in the list", figure(Number(rows) - 1)],
				["milliseconds from navigation to painted rows", figure(median(times))],
			],
		);
	});
}

/** Runs in the page: keeps the text of every frame of a stream, to be read when all is over. Watching by CDP costs frames. */
function keepStreamFrames(): void {
	const kept: string[] = [];
	Object.assign(window, { kept });
	window.WebSocket = class extends WebSocket {
		constructor(url: string | URL, protocols?: string | string[]) {
			super(url, protocols);
			this.addEventListener("message", ({ data }) => {
				if (typeof data === "string" && data.startsWith('{"t":"stream"')) kept.push(data);
			});
		}
	};
}

/** 1,000 SDK events a second for 20 s into a page that follows them: what came, in what order, and how smoothly it painted. */
export function benchPageStream(app: Running): Promise<string> {
	return inBrowser(app, async (page) => {
		const town = await testTown(app.settings, ["fast"]);
		const [agent = ""] = town.agents;
		const stream = town.stream(agent);
		await page.addInitScript(keepStreamFrames);
		await stream.flush();
		await openTown(page, `/towns/${town.id}/agents?open=agent:${agent}:raw`);
		await page.evaluate(() => {
			const frames: number[] = [];
			let last = performance.now();
			const tick = (now: number) => {
				frames.push(now - last);
				last = now;
				requestAnimationFrame(tick);
			};
			requestAnimationFrame(tick);
			Object.assign(window, { frames });
		});
		const begin = Date.now();
		let sent = 0;
		while (sent < PER_SECOND * SECONDS) {
			const due = Math.min(PER_SECOND * SECONDS, Math.floor(((Date.now() - begin) * PER_SECOND) / 1_000));
			while (sent < due) stream.push(numbered(++sent));
			await new Promise((resolve) => setTimeout(resolve, 10));
		}
		const frames = await page.evaluate(() => (window as unknown as { frames: number[] }).frames);
		await stream.close();
		await page
			.getByRole("log")
			.getByText(`${sent} words`, { exact: false })
			.first()
			.waitFor({ state: "attached", timeout: 60_000 });
		const received = await page.evaluate(() =>
			(window as unknown as { kept: string[] }).kept.flatMap((text) =>
				(JSON.parse(text) as { segments: { events: [number][] }[] }).segments.flatMap(({ events }) =>
					events.map(([seq]) => seq),
				),
			),
		);
		const gaps = await page.locator("[data-gaps]").first().getAttribute("data-gaps");
		const ordered = received.every((seq, n) => n === 0 || seq === (received[n - 1] ?? 0) + 1);
		const late = frames.filter((ms) => ms > 32).length;
		return markdown(
			[`${figure(PER_SECOND)} events/s for ${SECONDS} s in Chromium`, ""],
			[
				["events sent (and one that opens the text)", figure(sent)],
				["events received by the page", figure(received.length)],
				["order equals the log", ordered ? "yes" : "NO"],
				["gaps that the page found", gaps ?? "not seen"],
				["frames painted", figure(frames.length)],
				["frames over 32 ms", `${((100 * late) / frames.length).toFixed(2)} %`],
			],
		);
	});
}
