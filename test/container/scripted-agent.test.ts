import { afterEach, expect, test } from "vitest";
import { gitIn } from "../../local/forge/repository.ts";
import { conversationOf } from "../../shared/conversation/index.ts";
import { taskPrompt } from "../../shared/gastown/prompts.ts";
import { type Agent, agentBench, type Bench } from "./support/agent.ts";

const BRANCH = "polecat/toast/b1";
const task = (title: string, body = "", more = {}) =>
	taskPrompt({
		...{
			role: "polecat",
			title,
			body,
			bead: "b1",
			rig: "shop",
			branch: BRANCH,
			target: "main",
			strategy: "direct",
		},
		...more,
	});
let bench: Bench;
const begin = async (env?: Record<string, string>): Promise<Agent> => {
	bench = await agentBench(BRANCH);
	return bench.start(env);
};
afterEach(() => bench.end());

const toolsOf = (agent: Agent) =>
	agent.events.flatMap(({ type, properties }) => {
		const part = properties.part as { type: string; tool: string; state: { status: string } } | undefined;
		return type === "message.part.updated" && part?.type === "tool" ? [part] : [];
	});

test("AGENT-1: a polecat edits, tests, commits and pushes for real, and says that it is done", async () => {
	const agent = await begin();
	await agent.prompt(task("Add the toast helper"));
	await agent.idle();
	const log = await gitIn(bench.bare, "log", "--format=%an %s", BRANCH);
	expect(log.stdout).toContain("Toast Add the toast helper");
	const tree = await gitIn(bench.bare, "ls-tree", "-r", "--name-only", BRANCH);
	expect(tree.stdout).toContain("src/add-the-toast-helper.js");
	expect(bench.calls).toContainEqual({
		path: "gastown/agentDone",
		body: { branch: BRANCH, summary: "Did what was asked: Add the toast helper" },
	});
	expect(new Set(toolsOf(agent).map(({ state }) => state.status))).toEqual(
		new Set(["pending", "running", "completed"]),
	);
}, 40_000);

test("STREAM-5 AGENT-1: the fold of what it emits equals what it says of its session", async () => {
	const agent = await begin();
	await agent.prompt(task("Add the maple helper"));
	await agent.idle();
	const said = (await agent.get(`/session/${agent.session}/message`)) as object[];
	expect(
		conversationOf(
			agent.events.map((event, at) => ({ ...event, at })),
			agent.session,
		),
	).toEqual(said);
	expect(said.length).toBeGreaterThan(5);
}, 40_000);

test("AGENT-1: a permission waits for its answer, and a no is heard", async () => {
	const agent = await begin({ AGENT_PERMISSIONS: JSON.stringify({ bash: { "rm *": "ask" } }) });
	await agent.prompt(task("Clean the build"));
	const asked = await agent.until("asked", ({ type }) => type === "permission.asked");
	expect(asked.properties).toMatchObject({ permission: "bash" });
	expect(String((asked.properties.metadata as { command: string }).command)).toContain("rm -rf build");
	const from = agent.events.length;
	expect(await agent.post(`/permission/${String(asked.properties.id)}/reply`, { reply: "reject" })).toBe(
		true,
	);
	const replied = await agent.until("replied", ({ type }) => type === "permission.replied", from);
	expect(replied.properties).toMatchObject({ requestID: asked.properties.id, reply: "reject" });
	await agent.idle(from);
	expect(bench.calls.map(({ path }) => path)).toEqual(["gastown/routeEscalation"]);
}, 40_000);

test("AGENT-1: an abort ends the tool and the turn, not the session", async () => {
	const agent = await begin();
	await agent.prompt(task("A quiet build of 60 s"));
	await agent.until("the sleep", ({ properties }) => {
		const part = properties.part as { state?: { status: string; input: { command?: string } } } | undefined;
		return part?.state?.status === "running" && part.state.input.command?.includes("sleep") === true;
	});
	expect(await agent.post(`/session/${agent.session}/abort`)).toBe(true);
	const error = await agent.until("error", ({ type }) => type === "session.error");
	expect(error.properties.error).toMatchObject({ name: "MessageAbortedError" });
	expect(toolsOf(agent).at(-1)?.state).toMatchObject({ status: "completed", metadata: { exit: null } });
	const from = agent.events.length;
	await agent.prompt("Are you there?");
	await agent.idle(from);
}, 40_000);

test("AGENT-1: 429 and 500 are retried and told, 401 ends the turn with its status", async () => {
	const agent = await begin();
	bench.model.faults.add({ status: 429 });
	bench.model.faults.add({ status: 500 });
	bench.model.faults.add({ drop: true });
	await agent.prompt(task("Add the cinder helper"));
	await agent.idle();
	const retries = agent.events.flatMap(({ type, properties }) => {
		const status = properties.status as { type: string; attempt: number; message: string } | undefined;
		return type === "session.status" && status?.type === "retry" ? [status.message] : [];
	});
	expect(retries).toEqual([
		"Rate limit reached for requests",
		"The server had an error while processing your request",
		expect.stringMatching(/reset|closed/),
	]);
	expect(bench.calls.map(({ path }) => path)).toContain("gastown/agentDone");

	bench.model.faults.add({ status: 401 });
	const from = agent.events.length;
	await agent.prompt("Go on");
	const error = await agent.until("error", ({ type }) => type === "session.error", from);
	expect(error.properties.error).toMatchObject({
		name: "APIError",
		data: { statusCode: 401, isRetryable: false, message: "Incorrect API key provided" },
	});
}, 40_000);

test("AGENT-1: a crash is a crash of its process, and the next process resumes the session", async () => {
	const agent = await begin();
	await agent.prompt(task("Crash yourself"));
	expect(await agent.ended).toEqual({ code: null, signal: "SIGSEGV" });
	const again = await bench.start();
	expect(again.session).toBe(agent.session);
	await again.prompt("Where were we?");
	await again.idle();
	again.child.kill("SIGTERM");
	expect(await again.ended).toEqual({ code: 143, signal: null });
}, 40_000);

test("AGENT-1: a refinery merges what fits, and goes back with what conflicts", async () => {
	const agent = await begin();
	const push = async (branch: string, line: string) => {
		await gitIn(bench.work, "checkout", "--quiet", "-B", branch, "origin/main");
		await gitIn(bench.work, "config", "user.name", "A");
		await gitIn(bench.work, "config", "user.email", "a@townwatch.example");
		await gitIn(bench.work, "mv", "README.md", `${line}.md`);
		await gitIn(bench.work, "commit", "--quiet", "-m", line);
		await gitIn(bench.work, "push", "--quiet", "origin", branch);
	};
	await push("one", "first");
	await push("two", "second");
	// Both rename the same file: the second cannot be merged.
	await gitIn(bench.work, "checkout", "--quiet", "--detach", "origin/main");
	await agent.prompt(task("Merge: first", "", { role: "refinery", branch: "one" }));
	await agent.idle();
	expect((await gitIn(bench.bare, "log", "--format=%s", "main")).stdout).toContain("Merge one");
	const { stdout: head } = await gitIn(bench.bare, "rev-parse", "main");
	expect(bench.calls.at(-1)).toEqual({
		path: "gastown/completeReview",
		body: { status: "merged", commit_sha: head.trim(), message: "" },
	});
	const other = await bench.start({ AGENT_HOME: `${bench.dir}/other` });
	await other.prompt(task("Merge: second", "", { role: "refinery", branch: "two" }));
	await other.idle();
	expect((await gitIn(bench.bare, "rev-parse", "main")).stdout).toBe(head);
	expect(bench.calls.at(-1)).toMatchObject({ path: "gastown/completeReview", body: { status: "conflict" } });
}, 40_000);
