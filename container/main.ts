import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { launchAgent } from "./agents/launch.ts";
import { AgentApi } from "./control/agent-api.ts";
import { createControlServer } from "./control/control-server.ts";
import type { Control } from "./control/routes.ts";
import { Tokens } from "./control/tokens.ts";
import { gitEnv } from "./git/git-env.ts";
import { Workspace } from "./git/workspace.ts";
import { keepGroups } from "./process/groups.ts";
import { Heart } from "./process/heart.ts";
import { Supervisor } from "./process/supervisor.ts";
import { Reporter } from "./report/reporter.ts";
import { WorkerClient } from "./report/worker-client.ts";
import { BAD_ENV, readSettings } from "./settings.ts";

/** The town container: one process for one town (domain.md §3). Its environment is described in settings.ts. */

/** What is left to be told when it ends may take so long. */
const FLUSH_MS = 5_000;
/** And what is being answered then, so long. */
const ANSWER_MS = 1_000;

const read = readSettings(process.env);
if (!read.ok) {
	console.error(read.message);
	process.exit(BAD_ENV);
}
const settings = { ...read.value, WORK_DIR: resolve(read.value.WORK_DIR) };
mkdirSync(join(settings.WORK_DIR, "homes"), { recursive: true });
// Groups of an earlier process are no concern of this one's.
keepGroups(settings.WORK_DIR, []);

const bin = join(import.meta.dirname, "bin");
const ownToken = randomBytes(24).toString("hex");
let controlUrl = "";
const worker = new WorkerClient(settings.TOWNWATCH_URL, settings.TOWN_ID, settings.CONTAINER_TOKEN);
const reporter = new Reporter({
	...{ worker, path: join(settings.WORK_DIR, "spool.sqlite"), maxBytes: settings.SPOOL_MAX_BYTES },
	onInterval: (stream, ms) => {
		for (const { events } of supervisor.agents()) if (events.stream === stream) events.interval = ms;
	},
});
const config: Control["config"] = { version: null, env: {} };
const tokens = new Tokens();
const workspace = new Workspace({
	dir: settings.WORK_DIR,
	env: () => ({
		PATH: process.env.PATH,
		...gitEnv({ bin, home: join(settings.WORK_DIR, "homes"), name: "Gastown", controlUrl, token: ownToken }),
	}),
	onGit: ({ rig, agent }, report) => {
		const bead_id = agent === null ? null : (supervisor.find(agent)?.order.bead_id ?? null);
		reporter.report("git-operations", { ...report, rig_id: rig, agent_id: agent, bead_id });
	},
});
const supervisor = new Supervisor({
	...{ settings, reporter, workspace, bin, launch: launchAgent },
	controlUrl: () => controlUrl,
	env: () => config.env,
});
const control: Control = {
	settings,
	supervisor,
	workspace,
	tokens,
	worker,
	reporter,
	config,
	startedAt: Date.now(),
};
const server = createControlServer(control, new AgentApi({ supervisor, tokens, worker, reporter }, ownToken));
const heart = new Heart(control);

const host = settings.CONTROL_PORT === 0 ? "127.0.0.1" : "0.0.0.0";
server.listen(settings.CONTROL_PORT, host, () => {
	const { port } = server.address() as AddressInfo;
	controlUrl = `http://127.0.0.1:${port}`;
	const { INSTANCE_ID, START_CORRELATION } = settings;
	const by = START_CORRELATION ? ` [${START_CORRELATION}]` : "";
	reporter.log(`control server listens on ${controlUrl}, instance ${INSTANCE_ID}${by}`);
	heart.start();
});

let ending = false;
async function end(why: string): Promise<void> {
	if (ending) return;
	ending = true;
	reporter.log(`${why}: the container drains`);
	// Told before its agents are: nothing more is to be started here (domain.md §2.13).
	reporter.report("container-events", { type: "eviction", instance_id: settings.INSTANCE_ID, reason: why });
	await supervisor.drain();
	heart.stop();
	// Answers that are under way go out; idle connections are closed.
	const answered = once(server.close(), "close");
	await reporter.close(FLUSH_MS);
	server.closeIdleConnections();
	await Promise.race([answered, sleep(ANSWER_MS)]);
	process.exit(0);
}
process.on("SIGTERM", () => void end("SIGTERM"));
process.on("SIGINT", () => void end("SIGINT"));
// Whoever started us is gone; where a container has no stdin it is not asked for.
if (process.env.END_WITH_STDIN) process.stdin.on("end", () => void end("stdin closed")).resume();
process.on("uncaughtException", (error) => {
	console.error(error);
	for (const { session } of supervisor.agents()) void session?.stop("kill", "the container failed");
	process.exit(1);
});
