import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { ROOT } from "../../scripts/lib/settings.ts";
import type { Running } from "../support/app.ts";
import { scriptBytes, watchFigures } from "../support/page-figures.ts";
import { stir } from "../support/stir.ts";
import { testTown } from "../support/test-town.ts";
import { figure, markdown, median } from "./figures.ts";
import { inBrowser, openTown } from "./in-browser.ts";

const BEADS = 2_000;
const SLOWER = 4;
const LOADS = 5;
const STIRRED_MS = 30_000;
/** Chunks smaller than this are not named. */
const NAMED_BYTES = 20_000;

/** A town of 2,000 beads in a browser whose processor is four times slower, its cache empty: paints, shifts while live, scripts. */
export function benchSlowPage(app: Running): Promise<string> {
	return inBrowser(app, async (page) => {
		const town = await testTown(app.settings, ["one", "two"]);
		const beads = await town.beads(BEADS);
		const path = `/towns/${town.id}/state`;
		await openTown(page, path);
		const figures = await watchFigures(page);
		const cdp = await page.context().newCDPSession(page);
		await cdp.send("Emulation.setCPUThrottlingRate", { rate: SLOWER });
		const of: Record<"first" | "largest" | "rows", number[]> = { first: [], largest: [], rows: [] };
		await cdp.send("Network.enable");
		await cdp.send("Network.setCacheDisabled", { cacheDisabled: true });
		for (let n = 0; n < LOADS; n++) {
			await page.goto("about:blank");
			await page.goto(path, { waitUntil: "commit" });
			await page.locator('[role="grid"] [data-row]').nth(10).waitFor();
			of.rows.push(
				await page.evaluate(() => new Promise<number>((resolve) => requestAnimationFrame(resolve))),
			);
			await page.locator('[data-live="live"]').waitFor();
			await page.waitForTimeout(1_000);
			const { first, largest } = await figures.paints();
			of.first.push(first);
			of.largest.push(largest);
		}
		const bytes = await scriptBytes(page);
		await figures.shifts();
		const until = Date.now() + STIRRED_MS;
		let changes = 0;
		for (; Date.now() < until && changes < BEADS; changes += 20)
			await stir(town, beads.slice(changes, changes + 20), 20);
		const shifts = await figures.shifts();
		return [
			markdown(
				[`${figure(BEADS)} beads, processor × 1/${SLOWER}, empty cache`, "median"],
				[
					["first contentful paint, ms", figure(median(of.first))],
					["largest contentful paint, ms", figure(median(of.largest))],
					["painted rows, ms", figure(median(of.rows))],
					[
						`layout shift in ${figure(changes)} changes over ${STIRRED_MS / 1_000} s`,
						shifts.reduce((sum, { value }) => sum + value, 0).toFixed(3),
					],
					["scripts of the open town, kB compressed", figure(bytes / 1_000)],
				],
			),
			"",
			markdown(["script", "kB compressed"], chunks()),
		].join("\n");
	});
}

/** The larger scripts of the page as it is built, largest first. */
function chunks(): string[][] {
	const folder = resolve(ROOT, "dist/client/assets");
	return readdirSync(folder)
		.filter((name) => name.endsWith(".js"))
		.map((name) => ({
			name: name.replace(/-[\w-]{8}\.js$/, ""),
			bytes: gzipSync(readFileSync(resolve(folder, name)), { level: 9 }).length,
		}))
		.filter(({ bytes }) => bytes >= NAMED_BYTES)
		.sort((a, b) => b.bytes - a.bytes)
		.map(({ name, bytes }) => [name, figure(bytes / 1_000)]);
}
