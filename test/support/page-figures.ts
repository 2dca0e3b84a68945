import { gzipSync } from "node:zlib";
import type { Page } from "@playwright/test";

/** Runs in the page, before anything else: keeps its largest paint and whatever shifts without a hand on it. */
function keepFigures(): void {
	const kept = { largest: 0, shifts: [] as { value: number; what: string }[] };
	Object.assign(window, { kept });
	new PerformanceObserver((list) => {
		for (const { startTime } of list.getEntries()) kept.largest = startTime;
	}).observe({ type: "largest-contentful-paint", buffered: true });
	type Shift = PerformanceEntry & {
		value: number;
		hadRecentInput: boolean;
		sources?: { node: Node | null }[];
	};
	new PerformanceObserver((list) => {
		for (const shift of list.getEntries() as Shift[]) {
			const what = (shift.sources ?? [])
				.map(({ node }) => (node instanceof Element ? node : node?.parentElement)?.outerHTML.slice(0, 200))
				.join(" | ");
			if (!shift.hadRecentInput) kept.shifts.push({ value: shift.value, what });
		}
	}).observe({ type: "layout-shift", buffered: true });
}

type Kept = { largest: number; shifts: { value: number; what: string }[] };
const keptOf = (page: Page) => page.evaluate(() => (window as unknown as { kept: Kept }).kept);

/** Figures of every page that is opened from now on. */
export async function watchFigures(page: Page) {
	await page.addInitScript(keepFigures);
	return {
		/** Milliseconds from the navigation to the first and the largest paint. */
		async paints(): Promise<{ first: number; largest: number }> {
			const first = await page.evaluate(
				() => performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? Number.NaN,
			);
			return { first, largest: (await keptOf(page)).largest };
		},
		/** What has shifted since this was last asked, nobody's hand on the page. */
		async shifts(): Promise<Kept["shifts"]> {
			const { shifts } = await keptOf(page);
			await page.evaluate(() => {
				(window as unknown as { kept: Kept }).kept.shifts = [];
			});
			return shifts;
		},
	};
}

/** Bytes, compressed, of the scripts that a page has asked for. */
export async function scriptBytes(page: Page): Promise<number> {
	const urls = await page.evaluate(() =>
		performance
			.getEntriesByType("resource")
			.flatMap(({ name }) => (new URL(name).pathname.endsWith(".js") ? [name] : [])),
	);
	const bodies = await Promise.all(
		[...new Set(urls)].map(async (url) => (await page.request.get(url)).body()),
	);
	return bodies.reduce((sum, body) => sum + gzipSync(body, { level: 9 }).length, 0);
}
