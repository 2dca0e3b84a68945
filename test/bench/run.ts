import { mkdirSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { resolve } from "node:path";
import { ROOT } from "../../scripts/lib/settings.ts";
import { startTestApp } from "../support/app.ts";
import { startBenchWorker } from "./bench-worker.ts";
import { benchDiagnosis } from "./diagnosis.ts";
import { benchDirectory } from "./directory.ts";
import { benchDispatch } from "./dispatch.ts";
import { benchAdmins, benchFanOut } from "./fan-out.ts";
import { benchFirstPaint, benchPageStream } from "./in-browser.ts";
import { benchLooks } from "./looks.ts";
import { benchMemory } from "./memory.ts";
import { benchResume } from "./resume.ts";
import { benchSlowPage } from "./slow-page.ts";
import { benchThrough } from "./through.ts";
import { benchAppends, benchCapture } from "./writes.ts";

/** `npm run bench`: every figure in one run, as tables; also written to `docs/bench.md`. Takes about eight minutes. */
const ends: (() => Promise<void>)[] = [];
let ending: Promise<void> | undefined;
const endAll = async () => {
	for (const one of ends.toReversed()) await one();
};
/** Everything that was started, once, whoever asks for it. */
const end = () => {
	ending ??= endAll();
	return ending;
};
for (const signal of ["SIGINT", "SIGTERM"] as const)
	process.once(signal, () => void end().finally(() => process.exit(1)));
const worker = await startBenchWorker();
ends.push(worker.stop);
const app = await startTestApp(["longmeadow"], benchAdmins());
ends.push(app.forget);
const parts: [string, () => Promise<string>][] = [
	["Appends into an agent's stream", () => benchAppends(worker)],
	["Captured writes in a town", () => benchCapture(worker)],
	["A look of the scheduler", () => benchLooks(worker)],
	["All rules of diagnosis over a large town", () => benchDiagnosis()],
	["1,000 changes a second to viewers, commit to receipt", () => benchFanOut(app, worker)],
	["Coming back", () => benchResume(app)],
	["Looking for somebody in Gastown's directory", () => benchDirectory()],
	["From a bead to an agent at work", () => benchDispatch(app)],
	["From the container to a console", () => benchThrough(app)],
	["Memory of the agents", () => benchMemory(app)],
	["The large town", () => benchFirstPaint(app)],
	["A slow machine", () => benchSlowPage(app)],
	["A fast agent in the page", () => benchPageStream(app)],
];
const wanted = process.argv[2];
const sections: string[] = [];
try {
	for (const [title, bench] of parts) {
		if (wanted && !title.toLowerCase().includes(wanted.toLowerCase())) continue;
		const section = `## ${title}\n\n${await bench()}\n`;
		console.log(`\n${section}`);
		sections.push(section);
	}
} finally {
	await end();
}
if (!wanted) {
	const [cpu] = cpus();
	const head = [
		"# What it measures",
		"",
		`\`npm run bench\` on ${cpus().length} × ${cpu?.model.trim()}, Node ${process.version}: medians over repeats. Worker, containers, clients and`,
		"browser share the machine, and locally all Durable Objects share one thread: read the figures as ratios.",
		"",
	];
	mkdirSync(resolve(ROOT, "docs"), { recursive: true });
	writeFileSync(resolve(ROOT, "docs/bench.md"), `${[...head, ...sections].join("\n")}`);
}
process.exit(0);
