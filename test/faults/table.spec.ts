import { expect } from "@playwright/test";
import { gitIn } from "../../local/forge/repository.ts";
import { admin } from "../support/local-world.ts";
import { isAlive } from "../support/processes.ts";
import { atWork, mergedOnce as merged, quiet, test, type Watched } from "../support/watched-town.ts";

/** The table of SPEC.md, "Faults, and what becomes of them": one test for each row, in its order. */

/** No attempt is left out or told twice, either. */
async function mergedOnce(town: Watched, bead: string, title: string, seconds: number): Promise<void> {
	await merged(town, bead, title, seconds);
	const attempts = await town.journal("dispatch_attempts", { bead_id: bead });
	expect(attempts.map(({ n }) => n)).toEqual(attempts.map((_, n) => n + 1));
}

test("CONTAINER-5 SCHED-2: SIGKILL of an agent is told with its signal, and the work is done by its next attempt", async ({
	watch,
}) => {
	const town = await watch();
	const title = quiet(3, "toast");
	const { bead, agent, pgid } = await atWork(town, title);
	process.kill(pgid, "SIGKILL");
	const first = () => town.rows("dispatch_attempts").find(({ n, bead_id }) => n === 1 && bead_id === bead);
	await town.reach("told", () => (first()?.signal ?? null) !== null, 3);
	expect(first()).toMatchObject({ outcome: "started", signal: "SIGKILL", end_reason: "killed by SIGKILL" });

	await mergedOnce(town, bead, title, 30);
	const [exit] = await town.journal("bead_events", { bead_id: bead, event_type: "agent_exited" });
	expect(exit).toMatchObject({
		new_value: "failed",
		metadata: { signal: "SIGKILL", reason: "killed by SIGKILL" },
	});
	const statuses = await town.journal("agent_status_log", { agent_id: agent });
	expect(statuses.map(({ to_status }) => to_status).slice(0, 3)).toEqual(["idle", "working", "idle"]);
});

test("CONTAINER-7 SCHED-4: SIGKILL of the container ends its agents, is told with 137, and another takes the work up", async ({
	app,
	watch,
}) => {
	const town = await watch();
	const title = quiet(3, "maple");
	const { bead, pgid } = await atWork(town, title);
	await admin(app, "kill-container", { town: town.id });
	const stops = () => town.rows("container_events").filter(({ type }) => type === "stop");
	await town.reach("told", () => stops().length > 0, 3);
	expect(stops()[0]).toMatchObject({ exit_code: 137, reason: "killed by SIGKILL" });
	await expect.poll(() => isAlive(pgid), { timeout: 3_000 }).toBe(false);

	await mergedOnce(town, bead, title, 35);
	const events = await town.journal("container_events");
	expect(events.map(({ type }) => type)).toEqual(["start", "stop", "start"]);
	expect(events[2]?.reason).toMatch(/^it died, and .*maple/);
	expect(events[2]?.instance_id).not.toBe(events[0]?.instance_id);
	const [unhooked] = await town.journal("bead_events", { bead_id: bead, event_type: "unhooked" });
	expect(unhooked?.metadata).toMatchObject({ reason: "Its container is died" });
});

test("CONTAINER-2: SIGKILL of the worker keeps nobody from working, and what was told meanwhile comes later, once", async ({
	app,
	watch,
}) => {
	const town = await watch();
	const title = quiet(2, "cinder");
	const { bead } = await atWork(town, title);
	await app.killWorker();
	// Its agent pushes while nobody listens, and wants to say that it is done.
	await expect
		.poll(async () => (await gitIn(town.bare, "branch", "--list", "polecat/*")).stdout, { timeout: 15_000 })
		.toContain("polecat/");
	await new Promise((resolve) => setTimeout(resolve, 1_500));
	await app.startWorker();

	await mergedOnce(town, bead, title, 45);
	const attempts = await town.journal("dispatch_attempts", { bead_id: bead });
	expect(attempts).toMatchObject([{ n: 1, outcome: "started", exit_code: 143, end_reason: "completed" }]);
	const [pushed] = await town.journal("git_operations", { operation: "push", bead_id: bead });
	expect(pushed).toMatchObject({
		outcome: "ok",
		exit_code: 0,
		stderr: expect.stringContaining("[new branch]"),
	});
	const events = await town.journal("container_events");
	expect(events.map(({ type }) => type)).toEqual(["start"]);
});

test("SCHED-3: SIGSTOP of an agent is nudged, asked about and stopped, and the work is done by its next attempt", async ({
	app,
	watch,
}) => {
	const town = await watch({
		thresholds: { gupp_warn_ms: 2_000, gupp_escalate_ms: 3_500, gupp_stop_ms: 5_000 },
		// Its request is a person's to answer here.
		config: { triage: { agent: false } },
		env: { SAMPLE_MS: "500" },
	});
	const title = "Add the thistle helper";
	// Between two calls of tools: it waits for its model, and is stopped there.
	await admin(app, "model-fault", { match: { title, role: "polecat" }, delay_ms: 4_000 });
	const { bead, agent, pgid } = await atWork(town, title);
	process.kill(pgid, "SIGSTOP");
	const stalled = () => town.rows("agent_status_log").find(({ to_status }) => to_status === "stalled");
	await town.reach("stopped", () => stalled() !== undefined, 15);
	expect(stalled()).toMatchObject({ agent_id: agent, from_status: "working", cause: "stop_agent" });

	await mergedOnce(town, bead, title, 40);
	const [first] = await town.journal("dispatch_attempts", { bead_id: bead });
	expect(first).toMatchObject({
		n: 1,
		signal: "SIGKILL",
		end_reason: expect.stringMatching(/^ended by stall:/),
	});
	const sources = town.rows("agent_nudges").map(({ source }) => source);
	expect(sources.slice(0, 2).sort()).toEqual(["gupp:escalate", "gupp:warn"]);
	const requests = town.rows("beads").filter(({ labels }) => labels.includes("gt:triage-request"));
	expect(requests).toMatchObject([
		{ title: expect.stringContaining("is alive but has done nothing for"), metadata: { bead_id: bead } },
	]);
});

test("CRED-1 CONTAINER-6: a token that is revoked between clone and push is refused in git's words, and the next attempt has a new one", async ({
	app,
	watch,
}) => {
	const town = await watch({ env: { POLECAT_IDLE_MS: "500" } });
	const title = quiet(2, "bramble");
	const { bead } = await atWork(town, title);
	await admin(app, "revoke-tokens", { id: town.integration });
	const denied = () => town.rows("git_operations").find(({ outcome }) => outcome === "denied");
	await town.reach("refused", () => denied() !== undefined, 15);
	expect(denied()).toMatchObject({ operation: "push", bead_id: bead, exit_code: 128 });
	expect(denied()?.stderr).toMatch(/Invalid username or token[\s\S]*Authentication failed for/);

	await mergedOnce(town, bead, title, 40);
	const verified = await town.journal("credential_events", { type: "verify" });
	expect(verified.map(({ outcome, status }) => ({ outcome, status }))).toEqual([
		{ outcome: "ok", status: 200 },
		{ outcome: "ok", status: 200 },
	]);
	expect(new Set(verified.map(({ fingerprint }) => fingerprint)).size).toBe(2);
	const [escalation] = town.rows("beads").filter(({ type }) => type === "escalation");
	expect(escalation?.title + (escalation?.body ?? "")).toContain("The push failed");
});

test("CONTAINER-6 SCHED-2: a forge that is down at the clone fails the start in git's words, and is asked again", async ({
	app,
	watch,
}) => {
	const town = await watch();
	const title = "Add the clove helper";
	await admin(app, "forge-down", { down: true });
	const [bead = ""] = await town.beads(title);
	const failed = () => town.rows("dispatch_attempts").find(({ outcome }) => outcome === "failed");
	await town
		.reach("failed", () => failed() !== undefined, 15)
		.finally(() => admin(app, "forge-down", { down: false }));
	expect(failed()?.error).toMatch(
		/^The container answered 502: .*unable to access.*Failed to connect|Couldn't connect/s,
	);

	await mergedOnce(town, bead, title, 30);
	const [clone] = await town.journal("git_operations", { operation: "clone" });
	expect(clone).toMatchObject({ outcome: "failed", exit_code: 128 });
	expect(clone?.stderr).toMatch(/fatal: unable to access/);
	const [verify] = await town.journal("credential_events", { type: "verify" });
	expect(verify).toMatchObject({
		outcome: "failed",
		message: expect.stringMatching(/^No answer from 127\.0\.0\.1/),
	});
});

test("CONTAINER-2: a full disk under the spool is told, and reports go by memory, in order and once", async ({
	watch,
}) => {
	const town = await watch({ env: { SPOOL_MAX_BYTES: String(6 * 4_096) } });
	const title = "Add the fennel helper";
	const [bead = ""] = await town.beads(title);
	const full = () => town.rows("container_events").find(({ type }) => type === "error");
	await town.reach("told", () => full() !== undefined, 20);
	expect(full()?.reason).toBe("The spool takes nothing: database or disk is full");
	const author = town
		.rows("agent_metadata")
		.find(({ current_hook_bead_id }) => current_hook_bead_id === bead);
	town.viewer.follow(author?.bead_id ?? "");

	const events = () => town.viewer.stream(author?.bead_id ?? "").getState().events;
	await town.reach("at its exit", () => events().at(-1)?.[3] === "agent.exited", 30);
	const seqs = events().map(([seq]) => seq);
	expect(seqs).toEqual(seqs.map((_, n) => n + (seqs[0] ?? 0)));
	const ids = events().flatMap(([, , id]) => id ?? []);
	expect(new Set(ids).size).toBe(ids.length);
	await mergedOnce(town, bead, title, 30);
});

for (const [status, words] of [
	[429, "Rate limit reached for requests"],
	[500, "The server had an error while processing your request"],
] as const)
	test(`AGENT-1: ${status} from the model is retried in the same attempt, and the work is done`, async ({
		app,
		watch,
	}) => {
		const town = await watch({ env: { AGENT_RETRY_MS: "1000" } });
		const title = `Add the helper of ${status}`;
		await admin(app, "model-fault", { match: { title, role: "polecat" }, status, times: 2 });
		const retries = new Set<string>();
		town.viewer.store.subscribe(({ view }) => {
			for (const { retry } of view.tables.agent_signals.values()) if (retry) retries.add(retry.message);
		});
		const [bead = ""] = await town.beads(title);
		await town.reach("told", () => retries.size > 0, 15);
		expect([...retries]).toEqual([words]);

		await mergedOnce(town, bead, title, 30);
		const attempts = await town.journal("dispatch_attempts", { bead_id: bead });
		expect(attempts).toMatchObject([{ n: 1, end_reason: "completed" }]);
		expect(town.rows("agent_signals").filter(({ retry }) => retry !== null)).toEqual([]);
	});

test("SCHED-2: 401 from the model ends the turn in its words, and when the attempts are used the bead fails with them", async ({
	app,
	watch,
}) => {
	const town = await watch({
		thresholds: { max_dispatch_attempts: 2 },
		env: { POLECAT_IDLE_MS: "500" },
	});
	const title = "Add the helper of 401";
	await admin(app, "model-fault", { match: { title }, status: 401, times: 100 });
	const [bead = ""] = await town.beads(title);
	const error = () => town.rows("agent_signals").find(({ last_error }) => last_error !== null)?.last_error;
	await town.reach("told", () => (error() ?? null) !== null, 15);
	expect(error()).toMatchObject({ name: "APIError", status: 401, message: "Incorrect API key provided" });

	const found = () => town.rows("beads").find(({ bead_id }) => bead_id === bead);
	await town.reach("failed", () => found()?.status === "failed", 25);
	expect(found()?.metadata.failure_reason).toEqual({
		...{ code: "max_dispatch_attempts", source: "scheduler" },
		message: "All 2 attempts are used and none of them finished it.",
		details: "APIError 401 Incorrect API key provided",
	});
	const attempts = await town.journal("dispatch_attempts", { bead_id: bead });
	expect(attempts).toMatchObject([
		{ n: 1, outcome: "started", exit_code: 143, end_reason: "idle" },
		{ n: 2, outcome: "started", exit_code: 143, end_reason: "idle" },
	]);
	await admin(app, "model-well");
});

test("CONTAINER-7 SCHED-4: a start that the platform refuses is told in its words, and the next one does the work", async ({
	app,
	watch,
}) => {
	const town = await watch();
	const title = "Add the pepper helper";
	await admin(app, "refuse-starts", { times: 1 });
	const [bead = ""] = await town.beads(title);
	const refused = () => town.rows("container_events").find(({ type }) => type === "error");
	await town.reach("told", () => refused() !== undefined, 5);
	const words = "There is no container instance that can be provided to this Durable Object.";
	expect(refused()).toMatchObject({
		reason: `The container could not be started: ${words}`,
		detail: { phase: "start", error: words },
	});

	await mergedOnce(town, bead, title, 30);
	const events = await town.journal("container_events");
	expect(events.map(({ type }) => type)).toEqual(["error", "start"]);
	expect(events[1]?.reason).toMatch(/^its last start failed, and .*pepper/);
});
