import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { afterEach, expect, test } from "vitest";
import { gitIn } from "../../local/forge/repository.ts";
import { containerBench, REPOSITORY } from "./support/container.ts";

let bench: Awaited<ReturnType<typeof containerBench>>;
let container: Awaited<ReturnType<typeof bench.start>>;
const begin = async (env?: Record<string, string>) => {
	bench = await containerBench(env);
	container = await bench.start();
};
const isExit = ({ path }: { path: string }) => path === "completions";
afterEach(async () => {
	if (container.child.exitCode === null && container.child.signalCode === null)
		container.child.kill("SIGTERM");
	await container.ended;
	await bench.end();
});

test("CONTAINER-5 CONTAINER-6: an agent works in a worktree of its own, pushes, hands in, and its end is told", async () => {
	await begin();
	const order = await bench.order("Add the toast helper");
	const started = await container.ask("POST", "/agents/start", order, order.attempt_id);
	expect(started).toMatchObject({ status: 200, body: { agent_id: "toast", pid: expect.any(Number) } });
	expect(await container.ask("POST", "/agents/start", order, order.attempt_id)).toEqual(started);
	const { body: exit } = await bench.until("exit", isExit);
	expect(exit).toMatchObject({
		agent_id: "toast",
		attempt_id: order.attempt_id,
		status: "completed",
		exit_code: 143,
	});
	expect(bench.of("gastown/agentDone")).toMatchObject([{ agent_id: "toast", branch: order.branch }]);
	const pushed = await gitIn(bench.forge.dir(REPOSITORY), "log", "--format=%an", "-1", order.branch ?? "");
	expect(pushed.stdout.trim()).toBe("Toast");
	const operations = bench.of("git-operations");
	expect(operations.map(({ operation, outcome }) => `${String(operation)} ${String(outcome)}`)).toEqual([
		"clone ok",
		"push ok",
	]);
	expect(JSON.stringify(bench.told)).not.toContain(order.git_token?.token);
	// Streams are told each in its own order: the last events may come after the exit.
	const told = () => bench.of("agent-events").flatMap((batch) => batch.events as { type: string }[]);
	await expect.poll(() => told().at(-1)?.type, { timeout: 10_000 }).toBe("agent.exited");
	const batches = bench.of("agent-events").map(({ seq }) => seq);
	expect(batches).toEqual(batches.map((_, n) => n + 1));
}, 60_000);

test("CONTAINER-6: a forge that refuses is told in git's own words, and the start fails with them", async () => {
	await begin();
	const bad = { rig_id: "r1", token: "ghs_not_known", fingerprint: "0", expires_at: null };
	const order = await bench.order("Add a helper", { git_token: bad });
	const { status, body } = await container.ask("POST", "/agents/start", order, order.attempt_id);
	expect(status).toBe(502);
	expect(body.error?.message).toContain("Authentication failed");
	const { body: told } = await bench.until("clone", ({ path }) => path === "git-operations");
	expect(told).toMatchObject({ operation: "clone", outcome: "denied", exit_code: 128 });
	expect(String(told.stderr)).toContain("Invalid username or token");
}, 60_000);

test("CONTAINER-5: a stop is told as one, a kill with its signal, a crash as a failure", async () => {
	await begin();
	const quiet = await bench.order("A quiet build of 60 s");
	await container.ask("POST", "/agents/start", quiet, quiet.attempt_id);
	const none = await container.ask("POST", "/agents/toast/stop", { attempt_id: "another" });
	expect(none).toMatchObject({ status: 404, body: { error: { code: "no_process" } } });
	expect(
		await container.ask("POST", "/agents/toast/stop", {
			attempt_id: quiet.attempt_id,
			how: "kill",
			reason: "agent.kill",
		}),
	).toMatchObject({
		status: 200,
	});
	const { body: killed } = await bench.until("exit", isExit);
	expect(killed).toMatchObject({
		status: "stopped",
		signal: "SIGKILL",
		exit_code: null,
		reason: "agent.kill",
	});
	const crash = await bench.order("Crash yourself");
	await container.ask("POST", "/agents/start", crash, crash.attempt_id);
	const { body: crashed } = await bench.until(
		"crash",
		({ path, body }) => path === "completions" && body.attempt_id === crash.attempt_id,
	);
	expect(crashed).toMatchObject({ status: "failed", signal: "SIGSEGV" });
}, 60_000);

/** Processes that run this command. */
const running = (command: string): string[] =>
	spawnSync("ps", ["-eo", "args="], { encoding: "utf8" })
		.stdout.split("\n")
		.filter((line) => line.trim() === command);

test.each(["killed by the worker", "killed from outside"])(
	"CONTAINER-5: the command of an agent that is %s ends with it, before its end is told",
	async (how) => {
		await begin();
		// Of this test alone.
		const command = `sleep ${300 + (process.pid % 1_000)}`;
		const order = await bench.order(`A quiet build of ${command.slice(6)} s`);
		const started = await container.ask("POST", "/agents/start", order, order.attempt_id);
		await expect.poll(() => running(command), { timeout: 10_000 }).toHaveLength(1);
		if (how === "killed from outside") process.kill(Number(started.body.pid), "SIGKILL");
		else await container.ask("POST", "/agents/toast/stop", { attempt_id: order.attempt_id, how: "kill" });
		const { body: exit } = await bench.until("exit", isExit);
		expect(exit).toMatchObject({ signal: "SIGKILL" });
		expect(running(command)).toEqual([]);
	},
	60_000,
);

test("CONTAINER-1 LEDGER-2: what is asked of a session reaches the process of its attempt alone, and a repeat does nothing again", async () => {
	await begin();
	const order = await bench.order("Clean the build");
	await container.ask("POST", "/agents/start", order, order.attempt_id);
	const { body } = await bench.until(
		"question",
		(one) => one.path === "agent-events" && JSON.stringify(one.body).includes("permission.asked"),
	);
	const [asked] = (body.events as { type: string; properties: { id: string } }[]).filter(
		({ type }) => type === "permission.asked",
	);
	const path = `/agents/toast/permissions/${asked?.properties.id}`;
	const answer = (attempt_id: string | null, key: string) =>
		container.ask("POST", path, { attempt_id, reply: "once" }, key);
	for (const what of ["permissions/x", "interrupt"]) {
		const reply = what === "interrupt" ? {} : { reply: "once" };
		const late = await container.ask("POST", `/agents/toast/${what}`, { attempt_id: "another", ...reply });
		expect(late).toMatchObject({ status: 404, body: { error: { code: "no_process" } } });
	}
	const first = await answer(order.attempt_id, "answer-1");
	expect(first).toMatchObject({ status: 200, body: { replied: true } });
	expect(await answer(order.attempt_id, "answer-1")).toEqual(first);
	expect(await answer(order.attempt_id, "answer-2")).toMatchObject({
		...{ status: 404, body: { error: { code: "no_permission" } } },
	});
	await bench.until("done", ({ path: told }) => told === "gastown/agentDone");
}, 60_000);

test("CONTAINER-1: a refusal is not kept for a repeat: what it lacked may have come", async () => {
	await begin();
	const message = () => container.ask("POST", "/agents/toast/message", { prompt: "Go on." }, "message-1");
	expect(await message()).toMatchObject({ status: 404, body: { error: { code: "no_process" } } });
	const order = await bench.order("A quiet build of 60 s");
	await container.ask("POST", "/agents/start", order, order.attempt_id);
	const delivered = await message();
	expect(delivered).toMatchObject({ status: 200, body: { delivered: true } });
	expect(await message()).toEqual(delivered);
	const told = () => bench.of("agent-events").flatMap(({ events }) => events as object[]);
	await bench.until(
		"message",
		({ path, body }) => path === "agent-events" && JSON.stringify(body).includes("Go on."),
	);
	await container.ask("POST", "/agents/toast/stop", { attempt_id: null, how: "kill" });
	await bench.until("exit", isExit);
	const messages = told().filter((event) => /"text":"Go on\."/.test(JSON.stringify(event)));
	expect(messages).toHaveLength(1);
}, 60_000);

test("LEDGER-2: what had it started, and what caused a request, stand in its log", async () => {
	await begin({ START_CORRELATION: "order-1" });
	expect(container.output()).toMatch(/control server listens on \S+, instance \S+ \[order-1\]/);
	await container.ask("POST", "/agents/toast/stop", { attempt_id: null }, "key-2", "order-2");
	const { body } = await bench.until(
		"log",
		({ path, body }) => path === "log" && String(body.lines).includes("order-2"),
	);
	expect(String(body.lines)).toContain("POST /agents/toast/stop key-2 [order-2]");
}, 60_000);

test("CONTAINER-5: an agent that has handed in its work makes room for its next", async () => {
	await begin();
	const first = await bench.order("Add the toast helper");
	await container.ask("POST", "/agents/start", first, first.attempt_id);
	await bench.until("handed in", ({ path }) => path === "gastown/agentDone");
	const next = await bench.order("Ask for help");
	expect(await container.ask("POST", "/agents/start", next, next.attempt_id)).toMatchObject({ status: 200 });
	expect(bench.of("completions")).toMatchObject([{ attempt_id: first.attempt_id, status: "completed" }]);
	// One that has not, does not.
	const another = await bench.order("Ask for help");
	const refused = await container.ask("POST", "/agents/start", another, another.attempt_id);
	expect(refused).toMatchObject({ status: 409, body: { error: { code: "running" } } });
}, 60_000);

test("CONTAINER-3 AGENT-2: an agent whose server is still coming up is told as alive; a drain breaks its start off, and nothing of it is left", async () => {
	bench = await containerBench();
	const command = `sleep ${8_000_000 + process.pid}`;
	const slow = `${bench.dir}/slow-server`;
	writeFileSync(slow, `#!/bin/sh\n${command}\n`, { mode: 0o755 });
	container = await bench.start({ AGENT_KIND: "opencode", AGENT_BINARY: slow });
	const order = await bench.order("Add a helper");
	const starting = container.ask("POST", "/agents/start", order, order.attempt_id);
	await expect.poll(() => running(command), { timeout: 10_000 }).toHaveLength(1);
	await bench.until(
		"a beat of it",
		({ path, body }) => path === "heartbeat" && (body.agents as object[]).length === 1,
	);
	expect(bench.of("heartbeat").at(-1)).toMatchObject({
		agents: [{ agent_id: "toast", attempt_id: order.attempt_id, pid: null }],
	});
	container.child.kill("SIGTERM");
	expect((await starting).body.error?.message).toBe("Its start was broken off: the container drains");
	expect(await container.ended).toEqual({ code: 0, signal: null });
	expect(running(command)).toEqual([]);
}, 60_000);

test("CONTAINER-3: samples, processes, what waits and the log are pushed, and the log holds no token", async () => {
	await begin();
	const order = await bench.order("A quiet build of 60 s");
	await container.ask("POST", "/agents/start", order, order.attempt_id);
	const { body: beat } = await bench.until(
		"a beat with cpu",
		({ path, body }) =>
			path === "heartbeat" &&
			(body.processes as { agent_id: string | null; cpu: number | null }[]).some(
				(one) => one.agent_id && one.cpu !== null,
			),
	);
	expect(beat).toMatchObject({
		agents: [{ agent_id: "toast", attempt_id: order.attempt_id, pid: expect.any(Number), in_turn: true }],
		processes: [{ role: "control-server" }, { role: "polecat", name: "Toast", agent_id: "toast" }],
		fingerprints: { r1: "12345678", container: expect.any(String) },
		spool: { waiting: expect.any(Number) },
	});
	const lines = (
		await bench.until("log", ({ path, body }) => path === "log" && String(body.lines).includes("started as"))
	).body;
	expect(JSON.stringify(lines)).not.toContain(order.git_token?.token);
}, 60_000);

test("CONTAINER-2: nothing is lost or doubled while the worker is away, nor when the container is killed meanwhile", async () => {
	await begin();
	const order = await bench.order("Ask for help");
	bench.workerIs.up = false;
	await container.ask("POST", "/agents/start", order, order.attempt_id);
	await container.ask("POST", "/agents/toast/stop", { attempt_id: null });
	const { body: health } = await container.ask("GET", "/health");
	expect((health.spool as { waiting: number }).waiting).toBeGreaterThan(1);
	container.child.kill("SIGKILL");
	await container.ended;
	bench.workerIs.up = true;
	container = await bench.start();
	const { body: exit } = await bench.until("exit", isExit);
	expect(exit).toMatchObject({ attempt_id: order.attempt_id, status: "stopped" });
	const batches = bench.of("agent-events").map(({ producer, seq }) => `${String(producer)} ${String(seq)}`);
	expect(new Set(batches).size).toBe(batches.length);
	expect(bench.of("completions")).toHaveLength(1);
}, 60_000);

test("CONTAINER-4: asked to end, it starts nothing more, saves what was not handed in, and tells everything before it goes", async () => {
	await begin();
	const order = await bench.order("A quiet build of 60 s");
	await container.ask("POST", "/agents/start", order, order.attempt_id);
	await bench.until(
		"tool",
		({ path, body }) => path === "agent-events" && JSON.stringify(body).includes("sleep 60"),
	);
	const work = `${bench.dir}/work/rigs/shop/worktrees/toast`;
	await gitIn(work, "mv", "README.md", "READ.md");
	container.child.kill("SIGTERM");
	await new Promise((resolve) => setTimeout(resolve, 200));
	const late = await container.ask(
		"POST",
		"/agents/start",
		await bench.order("Too late", { agent_id: "maple" }),
	);
	expect(late).toMatchObject({ status: 503, body: { error: { code: "draining" } } });
	expect(await container.ended).toEqual({ code: 0, signal: null });
	// Before it gives work back, so that none of it is brought here again.
	const told = bench.told.filter(({ path }) => ["container-events", "completions"].includes(path));
	expect(told.map(({ body }) => body)).toMatchObject([
		{ type: "eviction", reason: "SIGTERM" },
		{ status: "evicted", reason: "container eviction" },
	]);
	const saved = await gitIn(bench.forge.dir(REPOSITORY), "log", "--format=%s", "-1", order.branch ?? "");
	expect(saved.stdout).toContain("WIP: the container was stopped");
}, 60_000);

test("CONTAINER-1: strangers, unknown paths and bad bodies are refused with what is wrong; a wrong environment is named", async () => {
	await begin();
	expect((await fetch(`${container.url}/health`)).status).toBe(401);
	expect(
		(await fetch(`${container.url}/agent-api/gastown/agentDone`, { method: "POST", body: "{}" })).status,
	).toBe(401);
	expect(await container.ask("GET", "/nothing")).toMatchObject({ status: 404 });
	const bad = await container.ask("POST", "/agents/start", { agent_id: "a" });
	expect(bad.status).toBe(400);
	expect(bad.body.error?.message).toMatch(/attempt_id/);
	const wrong = await containerBench({ MODEL_URL: "nowhere" });
	const failed = await wrong.start();
	expect(await failed.ended).toEqual({ code: 78, signal: null });
	expect(failed.output()).toMatch(/MODEL_URL is wrong/);
	await wrong.end();
}, 60_000);
