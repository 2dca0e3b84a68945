import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DrillOffer } from "../shared/drills/index.ts";
import { type Pass, runPass } from "./drills/pass.ts";
import { siteOf } from "./drills/site.ts";
import { startApp } from "./lib/app.ts";
import { freePorts } from "./lib/free-ports.ts";
import { nodeViewers } from "./lib/node-viewer.ts";
import { settingsFrom } from "./lib/settings.ts";

/**
 * `npm run drill -- CODE … | all`: for each code a fresh town is broken for real, twice: once nothing is pressed, once the
 * remedy of its finding. Prints a row for each and ends with 0 only where all were found and mended.
 */
const wanted = process.argv.slice(2);
/** Two towns each; more only makes them slower on two cores. */
const AT_ONCE = 2;
const state = mkdtempSync(join(tmpdir(), "townwatch-drill-"));
const app = await startApp({
	settings: settingsFrom({ TOWNWATCH_PORT: String(await freePorts()), TOWNWATCH_STATE: state }),
	towns: [],
	pace: { deltaMs: 2, stepMs: 150 },
	workerEnv: { CANCEL_MS: "0" },
	say: () => undefined,
	onLine: (program, line) => {
		if (process.env.TOWNWATCH_VERBOSE) console.log(`${program}: ${line}`);
	},
	onDeath: (child, code) => console.error(`the ${child.name} ended (${code}):\n${child.output()}`),
});
process.once("SIGINT", () => void app.stop().then(() => process.exit(130)));

type Row = { offer: DrillOffer; alone: Pass; pressed: Pass };
const mark = (is: boolean | null): string => (is === null ? "-" : is ? "yes" : "NO");
const seconds = (value: number | null): string => (value === null ? "-" : value.toFixed(1));

const print = ({ offer, alone, pressed }: Row): void => {
	const others = [...new Set([...alone.others, ...pressed.others])];
	const cells = [
		offer.code.padEnd(30),
		mark(alone.found !== null && pressed.found !== null).padStart(5),
		seconds(pressed.found ?? alone.found).padStart(9),
		mark(alone.recovers).padStart(8),
		mark(pressed.mended).padStart(6),
		seconds(pressed.effect).padStart(8),
		seconds(pressed.cleared).padStart(8),
		others.length === 0 ? "none" : others.join(", "),
	];
	console.log(cells.join("  "));
	for (const wrong of [
		...alone.wrong.map((it) => `alone: ${it}`),
		...pressed.wrong.map((it) => `pressed: ${it}`),
	])
		console.log(`    ${wrong}`);
};

/** So many at a time, each begun when one before it has ended. */
async function inTurn<In, Out>(
	all: readonly In[],
	atOnce: number,
	run: (one: In) => Promise<Out>,
): Promise<Out[]> {
	const waiting = [...all];
	const done: Out[] = [];
	const worker = async () => {
		for (let one = waiting.shift(); one !== undefined; one = waiting.shift()) done.push(await run(one));
	};
	await Promise.all(Array.from({ length: atOnce }, worker));
	return done;
}

let ok = false;
try {
	const site = siteOf(app.local, await nodeViewers(app.settings));
	const { drills } = await site.call<{ drills: DrillOffer[] }>("GET", "");
	const unknown = wanted.filter((code) => code !== "all" && !drills.some((drill) => drill.code === code));
	if (wanted.length === 0 || unknown.length > 0) {
		console.error(
			`npm run drill -- CODE … | all. ${unknown.length > 0 ? `Not known: ${unknown.join(", ")}. ` : ""}Codes:`,
		);
		for (const { code, how } of drills) console.error(`  ${code.padEnd(30)} ${how}`);
	} else {
		console.log(
			`${"code".padEnd(30)}  found  seconds  recovers  mended    effect   cleared  others above notice`,
		);
		const chosen = drills.filter(({ code }) => wanted.includes("all") || wanted.includes(code));
		const rows = await inTurn(chosen, AT_ONCE, async (offer) => {
			const [alone, pressed] = await Promise.all([runPass(site, offer, false), runPass(site, offer, true)]);
			const row = { offer, alone, pressed };
			print(row);
			return row;
		});
		const count = (is: (row: Row) => boolean) => rows.filter(is).length;
		const found = count(({ alone, pressed }) => alone.found !== null && pressed.found !== null);
		const mended = count(({ pressed }) => pressed.mended === true);
		console.log(
			`\n${rows.length} drills: ${found} found, ${count(({ alone }) => alone.recovers === true)} recover as said, ${mended} mended, ${count((row) => row.alone.others.length + row.pressed.others.length > 0)} with others above notice`,
		);
		ok = found === rows.length && mended === rows.length;
	}
} finally {
	await app.stop();
	rmSync(state, { recursive: true, force: true });
}
process.exit(ok ? 0 : 1);
