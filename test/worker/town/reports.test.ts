import { expect, test } from "vitest";
import type { ReportInput, ReportKind } from "../../../shared/ingest/index.ts";
import type { AgentReport } from "../../../worker/rpc.ts";
import { type TestTown, workingTown } from "./support.ts";

const T0 = Date.parse("2026-11-22T10:00:00.000Z");
const TOKEN = "ghp_abcdefghijklmnopqrstuvwxyz0123456789";

const beat = (town: TestTown, over: object = {}) => ({
	agent_id: town.toast, last_event_type: "message.part.updated", last_event_at: T0, active_tools: ["bash"], pid: 42,
	cpu: 12.5, memory_mb: 300, ...over,
}); // biome-ignore format: a list
const heartbeat = (town: TestTown, over: object = {}) =>
	town.report("heartbeat", {
		instance_id: "instance-1",
		agents: [beat(town, over)],
		container: { cpu: 50, memory_mb: 900, memory_limit_mb: 2_048 },
	});
const seq = async (town: TestTown) =>
	town.inside(
		(_, state) =>
			state.storage.sql.exec<{ n: number }>("SELECT coalesce(max(seq), 0) AS n FROM change_log").one().n,
	);

test("FEED-9: heartbeats reach the captured row once a minute or with a real change, and no log in between", async () => {
	const town = await workingTown("beats");
	await town.setClock(T0);
	await heartbeat(town);
	const first = await seq(town);
	expect(await town.row("agent_metadata", town.toast)).toMatchObject({
		last_activity_at: "2026-11-22T10:00:00.000Z",
		active_tools: ["bash"],
	});
	for (const ms of [1, 30_000, 59_999]) {
		await town.setClock(T0 + ms);
		await heartbeat(town, { cpu: ms, last_event_at: T0 + ms });
	}
	expect(await seq(town)).toBe(first);
	await town.setClock(T0 + 60_000);
	await heartbeat(town, { last_event_at: T0 + 60_000 });
	expect(await town.row("agent_metadata", town.toast)).toMatchObject({
		last_activity_at: "2026-11-22T10:01:00.000Z",
		last_event_at: "2026-11-22T10:01:00.000Z",
	});
	const minute = await seq(town);
	expect(minute).toBe(first + 1);
	await heartbeat(town, { active_tools: [] });
	expect(await seq(town)).toBe(minute + 1);
	expect(await town.row("agent_metadata", town.toast)).toMatchObject({ active_tools: [] });
});

test("a mayor waits once no turn is under way, whatever its server told last; a container that does not say is told by that", async () => {
	const town = await workingTown("mayor-turns");
	await town.must("createAgent", { id: "mayor", role: "mayor", name: "Mayor" });
	await town.must("startDispatch", { agent_id: "mayor" });
	const after = async (over: object) => {
		await heartbeat(town, { agent_id: "mayor", active_tools: [], ...over });
		return (await town.row("agent_metadata", "mayor"))?.status;
	};
	expect(await after({ in_turn: true, last_event_type: "message.updated" })).toBe("working");
	expect(await after({ in_turn: false, last_event_type: "session.diff" })).toBe("waiting");
	expect(await after({ in_turn: true, last_event_type: "session.idle" })).toBe("working");
	expect(await after({ last_event_type: "session.idle" })).toBe("waiting");
	expect(await after({ last_event_type: "session.status" })).toBe("working");
});

test("TOWN-8: a stop of the container keeps its exit, memory, log and the agents at work; restarts are counted in their window", async () => {
	const town = await workingTown("container");
	await town.setClock(T0);
	await town.report("container-events", { type: "start", instance_id: "i-1" });
	await town.must("hookBead", { agent_id: town.toast, bead_id: "bead-1" });
	await town.must("startDispatch", { agent_id: town.toast });
	await town.report("log", { lines: ["first", `pushing with ${TOKEN}`] });
	const stop = {
		type: "stop",
		key: "stop-1",
		instance_id: "i-1",
		exit_code: 137,
		reason: "SIGKILL",
		memory_mb: 1_000,
	} as const;
	await town.report("container-events", stop);
	const once = await town.journal("container_events");
	await town.report("container-events", stop);
	expect(await town.journal("container_events")).toEqual(once);
	expect(once[0]).toMatchObject({
		type: "stop",
		exit_code: 137,
		log: ["first", expect.not.stringContaining(TOKEN)],
	});
	const state = async () => (await town.row("town_state", "container")).value;
	expect(await state()).toMatchObject({
		status: "died",
		instance_id: "i-1",
		last_stop: {
			exit_code: 137,
			reason: "SIGKILL",
			oom: false,
			memory_mb: 1_000,
			agents: [town.toast],
			event_id: 2,
		},
		restarts_in_window: 0,
	});
	await town.report("container-events", { type: "start", instance_id: "i-2" });
	expect(await state()).toMatchObject({ status: "running", instance_id: "i-2", restarts_in_window: 1 });
	await town.setClock(T0 + 30 * 60_000 + 1);
	await town.report("container-events", { ...stop, instance_id: "i-2", key: "stop-2" });
	await town.report("container-events", { type: "start", instance_id: "i-3" });
	expect(await state()).toMatchObject({
		restarts_in_window: 1,
		window_started_at: "2026-11-22T10:30:00.001Z",
	});
	await town.report("container-events", { type: "stop", exit_code: 0 });
	expect(await state()).toMatchObject({ status: "stopped" });
});

test("TOWN-8: the last sample and up to 200 lines of its log stand in a container's stop, whole", async () => {
	const town = await workingTown("last-words");
	await town.report("container-events", { type: "start", instance_id: "i-1" });
	const lines = Array.from({ length: 250 }, (_, n) => `line ${n}`);
	await town.report("log", { lines: lines.slice(0, 200) });
	await town.report("log", { lines: lines.slice(200) });
	await heartbeat(town);
	await town.report("container-events", { type: "stop", exit_code: 137, key: "stop-1" });
	const [stop] = await town.journal("container_events");
	expect(stop).toMatchObject({ type: "stop", memory_mb: 900, memory_limit_mb: 2_048, log: lines.slice(50) });
	const long = Array.from({ length: 5 }, (_, n) => `${n}`.repeat(3_900));
	await town.report("log", { lines: long });
	await town.report("container-events", { type: "start", instance_id: "i-2" });
	await town.report("container-events", { type: "stop", exit_code: 1, key: "stop-2" });
	const [next] = await town.journal("container_events");
	expect(next).toMatchObject({ memory_mb: null, log: long.slice(2) });
});

test("TOWN-8: a container that says that it drains takes no work; that word, told late, says nothing of what runs now", async () => {
	const town = await workingTown("drains");
	const status = async () => ((await town.row("town_state", "container")).value as { status: string }).status;
	const say = (type: "start" | "eviction" | "stop", instance_id: string) =>
		town.report("container-events", { type, instance_id, exit_code: type === "stop" ? 0 : null });
	await say("start", "i-1");
	await say("eviction", "i-1");
	expect(await status()).toBe("draining");
	await say("stop", "i-1");
	await say("eviction", "i-1");
	expect(await status()).toBe("stopped");
	await say("start", "i-2");
	await say("eviction", "i-1");
	expect(await town.row("town_state", "container")).toMatchObject({
		value: { status: "running", instance_id: "i-2" },
	});
});

test("TOWN-8: a heartbeat of an instance that nobody announced is the trace of a restart", async () => {
	const town = await workingTown("unannounced");
	await town.report("container-events", { type: "start", instance_id: "i-1" });
	await heartbeat(town);
	expect((await town.row("town_state", "container")).value).toMatchObject({
		status: "running",
		instance_id: "instance-1",
	});
});

test("FEED-6: git commands and their stderr are redacted before they are stored", async () => {
	const town = await workingTown("git");
	await town.report("git-operations", {
		operation: "push",
		rig_id: "rig-1",
		command: `git push https://x-access-token:${TOKEN}@example.test/web.git`,
		outcome: "denied",
		exit_code: 128,
		stderr: `remote: denied to ${TOKEN}`,
		duration_ms: 900,
	});
	const stored = await town.inside((_, state) =>
		JSON.stringify([
			state.storage.sql.exec("SELECT * FROM git_operations").toArray(),
			state.storage.sql.exec("SELECT * FROM change_log").toArray(),
		]),
	);
	expect(stored).toContain("remote: denied to");
	expect(stored).not.toContain(TOKEN);
});

test("TOWN-8: refused git operations count against the rig's credential until one is let through", async () => {
	const town = await workingTown("refusals");
	const push = (outcome: "ok" | "denied" | "failed") =>
		town.report("git-operations", {
			...({ operation: "push", rig_id: "rig-1", command: "git push", duration_ms: 1 } as const),
			outcome,
		});
	const failures = async () => (await town.row("rig_credentials", '["rig-1","git"]')).failures_since_ok;
	await push("denied");
	await push("denied");
	await push("failed");
	expect(await failures()).toBe(2);
	await push("ok");
	expect(await failures()).toBe(0);
});

test("TOWN-2: a report that is repeated under its key is taken once, whatever it tells", async () => {
	const town = await workingTown("repeated");
	await town.must("hookBead", { agent_id: town.toast, bead_id: "bead-1" });
	const { attempt_id } = await town.must<{ attempt_id: string }>("startDispatch", { agent_id: town.toast });
	const twice = async <K extends ReportKind>(kind: K, report: ReportInput<K>) => {
		expect(await town.report(kind, report)).toMatchObject({ ok: true });
		const at = await seq(town);
		expect(await town.report(kind, report), kind).toEqual({ ok: true, value: { duplicate: true } });
		expect(await seq(town), kind).toBe(at);
	};
	const push = { operation: "push", rig_id: "rig-1", command: "git push", duration_ms: 1 } as const;
	await twice("git-operations", { ...push, outcome: "denied", key: "1" });
	expect(await town.row("rig_credentials", '["rig-1","git"]')).toMatchObject({ failures_since_ok: 1 });
	await twice("credential-events", { credential: "kilo", type: "verify", outcome: "ok", key: "1" });
	await twice("log", { lines: ["once"], key: "1" });
	await twice("container-events", { type: "start", instance_id: "i-1", key: "1" });
	await twice("completions", { agent_id: town.toast, attempt_id, status: "failed", key: "1" });
	// A refused report was not taken: its key is free for the one that is.
	const unknown = { agent_id: "nobody", attempt_id: null, status: "stopped", key: "2" } as const;
	expect(await town.report("completions", unknown)).toMatchObject({ code: "no-such-agent" });
	await twice("completions", { ...unknown, agent_id: town.toast });
});

test("TOWN-2: the names of reports are forgotten after a day", async () => {
	const town = await workingTown("forgotten", T0);
	await town.report("log", { lines: ["a"], key: "1" });
	await town.setClock(T0 + 25 * 3_600_000);
	await town.report("log", { lines: ["b"], key: "2" });
	const keys = await town.inside((_, state) =>
		state.storage.sql
			.exec("SELECT key FROM report_keys")
			.toArray()
			.map(({ key }) => key),
	);
	expect(keys).toEqual(["log:2"]);
});

test("TOWN-8: what is known of a credential follows its events", async () => {
	const town = await workingTown("credentials");
	await town.setClock(T0);
	const about = { rig_id: "rig-1", credential: "git" } as const;
	await town.report("credential-events", {
		...about,
		...{ type: "resolve", outcome: "ok", source: "integration:7", fingerprint: "a1b2" },
		expires_at: "2026-11-22T11:00:00.000Z",
	});
	await town.setClock(T0 + 1_000);
	await town.report("credential-events", {
		...about,
		type: "verify",
		outcome: "unauthorized",
		status: 401,
		message: "no",
	});
	expect(await town.row("rig_credentials", '["rig-1","git"]')).toMatchObject({
		source: "integration:7",
		fingerprint: "a1b2",
		expires_at: "2026-11-22T11:00:00.000Z",
		resolved_at: "2026-11-22T10:00:00.000Z",
		verified_at: null,
		last_outcome: "unauthorized",
		last_outcome_at: "2026-11-22T10:00:01.000Z",
		last_message: "no",
	});
	await town.report("credential-events", { credential: "kilo", type: "resolve", outcome: "ok" });
	expect(await town.row("rig_credentials", '["town","kilo"]')).toMatchObject({ last_outcome: "ok" });
	expect(await town.journal("credential_events")).toHaveLength(3);
});

test("FEED-6: secrets of the configuration show as masked everywhere and survive a masked write", async () => {
	const town = await workingTown("secrets");
	const config = {
		default_model: "m",
		env_vars: { A: "secret-a", B: { C: 7 } },
		git_auth: { github_token: TOKEN },
		kilocode_token: "",
		thresholds: { git_token_refresh_ms: 9_000 },
	};
	await town.must("setTownState", { key: "config", value: config });
	expect((await town.row("town_state", "config")).value).toEqual({
		default_model: "m",
		env_vars: { A: "masked", B: { C: "masked" } },
		git_auth: { github_token: "masked" },
		kilocode_token: "",
		thresholds: { git_token_refresh_ms: 9_000 },
	});
	await town.must("setTownState", { key: "config", value: { git_auth: { github_token: "masked" } } });
	const { secrets, log } = await town.inside((_, state) => ({
		secrets: state.storage.sql.exec("SELECT * FROM town_secrets ORDER BY name").toArray(),
		log: JSON.stringify(state.storage.sql.exec("SELECT row FROM change_log").toArray()),
	}));
	expect(secrets).toContainEqual({ name: "git_auth.github_token", value: JSON.stringify(TOKEN) });
	expect(log).not.toContain(TOKEN);
	expect(log).not.toContain("secret-a");
});

test.each([
	["in an array", { remotes: [{ name: "origin", token: "abc" }, "plain"] }, "abc"],
	[
		"under a camelCase name",
		{ model: { apiKey: "abc", accessToken: "def", privateKey: "x", deployKey: "y" } },
		"def",
	],
	["in a URL", { mirror: "https://user:s3cret@git.example.test/web.git" }, "s3cret"],
	["in a URL in an array", { mirrors: { all: [["https://s3cret@git.example.test/web.git"]] } }, "s3cret"],
	[
		"in a name",
		{ insteadOf: { "https://user:s3cret@git.example.test/": "git@git.example.test:" } },
		"s3cret",
	],
	["behind a secret name", { authorization: { header: "abc", more: ["def"] } }, "def"],
	["in a list of tokens", { tokens: ["abc"] }, "abc"],
])("FEED-6: a secret %s of the configuration never enters the log", async (where, config, secret) => {
	const town = await workingTown(`hidden ${where}`.replaceAll(" ", "-"));
	await town.must("setTownState", { key: "config", value: { ...config, max_tokens: 4_096 } });
	const shown = (await town.row("town_state", "config")).value as object;
	await town.must("setTownState", { key: "config", value: shown as Record<string, unknown> });
	const { secrets, log } = await town.inside((_, state) => ({
		secrets: JSON.stringify(state.storage.sql.exec("SELECT * FROM town_secrets").toArray()),
		log: JSON.stringify(state.storage.sql.exec("SELECT row FROM change_log WHERE key = 'config'").toArray()),
	}));
	expect(log).not.toContain(secret);
	expect(log).toContain("max_tokens");
	expect(shown).toMatchObject({ max_tokens: 4_096 });
	// What comes back as it was shown leaves the true value where it is.
	if (where !== "in a name") expect(secrets).toContain(secret);
});

test("FEED-6: the reason why billing blocks a town is redacted", async () => {
	const town = await workingTown("billing-reason");
	const reason = `card refused for https://user:${TOKEN}@pay.example.test`;
	await town.must("setTownState", { key: "billing", value: { blocked: true, reason } });
	const billing = JSON.stringify(await town.row("town_state", "billing"));
	expect(billing).toContain("card refused");
	expect(billing).not.toContain(TOKEN);
});

test("FEED-6: a bead's words are redacted, its ids and those it names stay what they are", async () => {
	const town = await workingTown("ids");
	const looksSecret = `kilo-${"a1b2c3d4".repeat(4)}`;
	await town.must("createRig", { id: looksSecret, name: "odd", git_url: "https://example.test/odd.git" });
	const { bead_id } = await town.must("createBead", {
		id: `sk-${"a1b2c3d4".repeat(4)}`,
		title: `Use ${TOKEN}`,
		body: `token ${TOKEN}`,
		labels: [`for:${TOKEN}`],
		metadata: { found: TOKEN },
		rig_id: looksSecret,
		parent_bead_id: "bead-1",
	});
	const bead = await town.row("beads", bead_id);
	expect(bead).toMatchObject({ title: "Use [redacted]", rig_id: looksSecret, parent_bead_id: "bead-1" });
	expect(JSON.stringify(bead)).not.toContain(TOKEN);
	await town.must("createBead", { title: "Child", rig_id: looksSecret, parent_bead_id: bead_id });
});

test("STREAM-4, STREAM-6: an agent's totals and signals are absolute; an older report changes nothing", async () => {
	const town = await workingTown("usage");
	const report = (stream_seq: number, cost: number): AgentReport => ({
		agent: town.toast,
		signals: {
			agent_id: town.toast, last_error: null, equal_calls: null, pending_permission: null, retry: null,
			offline_since: null, turn_since: null,
		last_step_at: T0, steps: stream_seq, stream_seq,
		}, // biome-ignore format: a list
		usage: [
			{
				attempt_id: "a-1", model: "m", agent_id: town.toast, bead_id: "bead-1", input_tokens: 10, output_tokens: 5,
				reasoning_tokens: 0, cache_read_tokens: 0, cache_write_tokens: 0, cost, stream_seq, at: "",
			}, // biome-ignore format: a list
		],
	});
	await town.stub.reportAgent(report(10, 1));
	const at = await seq(town);
	await town.stub.reportAgent(report(10, 1));
	await town.stub.reportAgent(report(9, 0.5));
	expect(await seq(town)).toBe(at);
	await town.stub.reportAgent(report(20, 2));
	expect(await town.row("usage", '["a-1","m"]')).toMatchObject({ cost: 2, stream_seq: 20 });
	expect(await town.row("agent_signals", town.toast)).toMatchObject({ steps: 20 });
});
