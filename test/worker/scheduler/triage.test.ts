import { expect, it, test } from "vitest";
import { startAgent } from "../../../shared/control/index.ts";
import { readTask } from "../../../shared/gastown/index.ts";
import { METHODS, type MethodInput, REPORTS } from "../../../shared/ingest/index.ts";
import { agentCompleted } from "../../../worker/town/completions.ts";
import { resolveTriage } from "../../../worker/town/escalations.ts";
import { agentDone } from "../../../worker/town/reviews.ts";
import type { Action } from "../../../worker/town/scheduler/actions.ts";
import { reconcile } from "../../../worker/town/scheduler/reconcile.ts";
import type { SchedulerState } from "../../../worker/town/scheduler/state.ts";
import { makeRequest } from "../../../worker/town/triage.ts";
import { type TestTown, workingTown } from "../town/support.ts";
import { agent, batch, bead, MINUTE, NOW, request, town, working } from "./builders.ts";
import { schedulerOf } from "./support.ts";

const types = (state: SchedulerState) => reconcile(state).map(({ type }) => type);
const batches = (state: SchedulerState) =>
	reconcile(state).flatMap((action) => (action.type === "create_triage_batch" ? [action] : []));
const silent = (id: string, more = {}) =>
	working(id, `of-${id}`, { last_event_at: NOW - 121 * MINUTE, ...more });
const atWork = (id: string) => bead(`of-${id}`, { status: "in_progress", assignee: id });
const open = (n: number) =>
	Array.from({ length: n }, (_, k) => request(`q${k}`, { metadata: { triage_batch: "x" } }));

test.each<[string, SchedulerState, Action["type"][]]>([
	["open requests become a batch", town([request("q")], []), ["create_triage_batch"]],
	["of a town whose container sleeps they wait", town([request("q")], [], { container: null }), []],
	["of a town that wants a person for them, too", town([request("q")], [], { triageAgent: false }), []],
	[
		"of a town that is paused, too",
		town([request("q")], [], { holds: { ...town([], []).holds, paused: true } }),
		["stop_container"],
	],
	["what was given once and not resolved stays for a person", town(open(1), []), []],
	[
		"one batch of a rig at a time",
		town(
			[request("q"), batch("x", { status: "in_progress", assignee: "t" })],
			[working("t", "x", { role: "triage" })],
		),
		[],
	],
	["a batch gets an agent of its own", town([batch("x")], [agent("toast")]), ["create_agent"]],
	[
		"which is given it",
		town([batch("x")], [agent("toast"), agent("t", { role: "triage" })]),
		["hook_agent", "dispatch_agent"],
	],
	["it wakes no container", town([batch("x")], [agent("t", { role: "triage" })], { container: null }), []],
	[
		"nor when a start of it has failed",
		town([batch("x", { assignee: "t" })], [agent("t", { role: "triage", hook: "x" })], { container: null }),
		[],
	],
	["a batch of the whole town has one, too", town([batch("x", { rig_id: null })], []), ["create_agent"]],
	[
		"a silent agent is asked about",
		town([atWork("toast")], [silent("toast")]),
		["stop_agent", "create_triage_request"],
	],
	[
		"not a second time while it is open",
		town(
			[
				request("q", { metadata: { triage_type: "stuck_agent", agent_bead_id: "toast", triage_batch: "x" } }),
				atWork("toast"),
			],
			[silent("toast")],
		),
		["stop_agent"],
	],
	["no more than five are open", town([...open(5), atWork("toast")], [silent("toast")]), ["stop_agent"]],
	[
		"as many as there is room for in one look",
		town([...open(4), atWork("toast"), atWork("maple")], [silent("toast"), silent("maple")]),
		["stop_agent", "create_triage_request", "stop_agent"],
	],
	[
		"a silent triage agent is stopped, and nobody is asked about it",
		town([batch("of-t", { status: "in_progress", assignee: "t" })], [silent("t", { role: "triage" })]),
		["stop_agent"],
	],
	[
		"nor about one that crashes",
		town([], [agent("t", { role: "triage", status: "waiting" })], {
			crashes: new Map([["t", { count: 3, bead: "x" }]]),
		}),
		[],
	],
])("TRIAGE-1: %s", (_, state, expected) => {
	expect(types(state)).toEqual(expected);
});

test("TRIAGE-1: requests are batched by rig, oldest first, those of the whole town apart", () => {
	const state = town(
		[
			request("b", { created_at: NOW - 2 }),
			request("a", { created_at: NOW - 1 }),
			request("c", { rig_id: null }),
		],
		[],
	);
	expect(batches(state)).toMatchObject([
		{ rig: null, requests: ["c"] },
		{ rig: "r", requests: ["b", "a"] },
	]);
});

type Kit = ReturnType<typeof schedulerOf>;
/** A town whose one polecat has gone silent at work for an hour, so that somebody is asked about it. */
async function stuck(id: string, part: (kit: Kit, toast: string) => Promise<void>) {
	const made: TestTown = await workingTown(id, NOW);
	await made.must("setTownState", {
		key: "config",
		value: {
			thresholds: {
				tick_active_ms: 30_000,
				heartbeat_stale_ms: 24 * 60 * MINUTE,
				health_silent_ms: 24 * 60 * MINUTE,
			},
		},
	});
	await made.inside(async (_, ctx) => {
		const kit = schedulerOf(id, ctx, NOW);
		kit.up();
		kit.beat();
		await kit.run(MINUTE);
		expect(beadOf(kit, "bead-1")).toMatchObject({ status: "in_progress" });
		await kit.run(60 * MINUTE);
		await part(kit, made.toast);
	});
}
const beadOf = (kit: Kit, id: string) =>
	kit.town.sql.one<Record<string, unknown>>("SELECT * FROM beads WHERE bead_id = ?", id);
const labelled = (kit: Kit, label: string) =>
	kit.town.sql.all<{ bead_id: string; status: string; body: string; rig_id: string | null }>(
		"SELECT bead_id, status, body, rig_id FROM beads WHERE labels = ? ORDER BY created_at, rowid",
		JSON.stringify([label]),
	);
const triageAgents = (kit: Kit) =>
	kit.town.sql.all<{ id: string; status: string; hook: string | null }>(
		"SELECT bead_id AS id, status, current_hook_bead_id AS hook FROM agent_metadata WHERE role = 'triage' ORDER BY rowid",
	);
const starts = (kit: Kit) =>
	kit.arm.requests.filter(({ path }) => path === "/agents/start").map(({ body }) => startAgent.parse(body));
const decide = (kit: Kit, id: string, action: MethodInput<"resolveTriage">["action"]) =>
	kit.call((town) =>
		resolveTriage(
			town,
			METHODS.resolveTriage.parse({
				triage_request_bead_id: id,
				action,
				agent_id: triageAgents(kit)[0]?.id ?? null,
			}),
		),
	).effect;
const done = (kit: Kit, agent_id: string) => {
	kit.call((town) => agentDone(town, METHODS.agentDone.parse({ agent_id, summary: "done" })));
	kit.call((town) =>
		agentCompleted(town, REPORTS.completions.parse({ agent_id, status: "completed", reason: "completed" })),
	);
};

it("TRIAGE-1 SCHED-2: a request is given to a temporary agent, whose decision ends the process and opens the bead, and which goes then", () =>
	stuck("s-triage", async (kit, toast) => {
		const [asked] = labelled(kit, "gt:triage-request");
		const [given] = labelled(kit, "gt:triage");
		expect(asked).toMatchObject({ status: "open", rig_id: "rig-1" });
		expect(given).toMatchObject({ status: "in_progress", rig_id: "rig-1" });
		expect(given?.body).toMatch(
			new RegExp(
				`^- ${asked?.bead_id} stuck_agent: Toast is alive .* Agent Toast is working\\. Bead "Fix the door" is in_progress after 1 starts\\.$`,
			),
		);
		const order = starts(kit).at(-1);
		expect(order).toMatchObject({
			role: "triage",
			name: "web-triage",
			rig: null,
			branch: null,
			git_token: null,
		});
		expect(readTask(order?.prompt ?? "")).toMatchObject({ role: "triage", body: given?.body });

		const [triage] = triageAgents(kit);
		expect(decide(kit, asked?.bead_id ?? "", "RESTART")).toBe('"Fix the door" is open again.');
		expect(beadOf(kit, "bead-1")).toMatchObject({ status: "open", assignee_agent_bead_id: null });
		expect(beadOf(kit, asked?.bead_id ?? "")).toMatchObject({ status: "closed" });
		done(kit, triage?.id ?? "");
		await kit.run(MINUTE);

		// Its process is ended before anybody begins again.
		const ends = kit.arm.asked.indexOf(`POST /agents/${encodeURIComponent(toast)}/stop`);
		expect(ends).toBeGreaterThan(0);
		expect(kit.arm.asked.lastIndexOf("POST /agents/start")).toBeGreaterThan(ends);
		expect(beadOf(kit, "bead-1")).toMatchObject({ status: "in_progress", dispatch_attempts: 2 });
		expect(triageAgents(kit)).toMatchObject([{ status: "dead" }]);
		expect(labelled(kit, "gt:triage")).toMatchObject([{ status: "closed" }]);
	}));

it("TRIAGE-1: a decision that comes too late leaves alone who has begun since, and says so", () =>
	stuck("s-late", async (kit) => {
		const [asked] = labelled(kit, "gt:triage-request");
		kit.town.sql.run("UPDATE agent_metadata SET current_attempt_id = 'another' WHERE role = 'polecat'");
		expect(decide(kit, asked?.bead_id ?? "", "RESTART")).toBe("Nothing: it has been started again since.");
		expect(beadOf(kit, "bead-1")).toMatchObject({ status: "in_progress" });
		expect(kit.arm.asked.some((one) => one.endsWith("/stop"))).toBe(false);
		const [event] = kit.town.sql.all<{ metadata: string }>(
			"SELECT metadata FROM bead_events WHERE event_type = 'triage_resolved'",
		);
		expect(JSON.parse(event?.metadata ?? "")).toMatchObject({
			effect: "Nothing: it has been started again since.",
		});
	}));

it("TRIAGE-1: work that is closed by a decision ends with its process", () =>
	stuck("s-close", async (kit, toast) => {
		const [asked] = labelled(kit, "gt:triage-request");
		expect(decide(kit, asked?.bead_id ?? "", "CLOSE_BEAD")).toBe('"Fix the door" is closed.');
		await kit.run(MINUTE);
		expect(beadOf(kit, "bead-1")).toMatchObject({ status: "closed" });
		expect(kit.arm.asked).toContain(`POST /agents/${encodeURIComponent(toast)}/stop`);
	}));

it("TRIAGE-1: what its agent leaves, or what no agent could be had for, stays for a person and is not given again", () =>
	stuck("s-left", async (kit) => {
		const [triage] = triageAgents(kit);
		done(kit, triage?.id ?? "");
		await kit.run(30 * MINUTE);
		expect(labelled(kit, "gt:triage-request")).toMatchObject([{ status: "open" }]);
		expect(labelled(kit, "gt:triage")).toHaveLength(1);
		expect(triageAgents(kit)).toMatchObject([{ status: "dead" }]);

		kit.arm.reply = ({ path }) => ({ ok: true, status: path === "/agents/start" ? 500 : 200, body: {} });
		kit.call((town) => ({
			ok: true,
			value: makeRequest(town, {
				triage: "zombie_confirm",
				agent: null,
				bead: null,
				message: "Is anybody there?",
			}),
		}));
		await kit.run(60 * MINUTE);
		const [, failed] = labelled(kit, "gt:triage");
		expect(failed).toMatchObject({ status: "failed", rig_id: null });
		expect(labelled(kit, "gt:triage-request").map(({ status }) => status)).toEqual(["open", "open"]);
		expect(labelled(kit, "gt:triage")).toHaveLength(2);
		expect(triageAgents(kit).map(({ status }) => status)).toEqual(["dead", "dead"]);
		const logged = kit.logged();
		await kit.run(20 * MINUTE);
		expect(kit.logged()).toBe(logged);
	}));

it("TRIAGE-1: only a triage request can be resolved as one", () =>
	stuck("s-none", async (kit) => {
		const args = METHODS.resolveTriage.parse({ triage_request_bead_id: "bead-1", action: "DISCARD" });
		expect(resolveTriage(kit.town, args)).toMatchObject({ ok: false, code: "not-a-request" });
	}));

it("TRIAGE-1: crashes that somebody has decided about do not call for another decision", async () => {
	const made = await workingTown("s-crashes", NOW);
	await made.inside(async (_, ctx) => {
		const kit = schedulerOf("s-crashes", ctx, NOW);
		kit.up();
		const crash = (n: number) =>
			kit.town.sql.run(
				`INSERT INTO dispatch_attempts (attempt_id, bead_id, agent_id, n, at, outcome, ended_at, signal, end_reason)
				 VALUES (?, 'bead-1', ?, ?, ?, 'started', ?, 'SIGSEGV', 'killed by SIGSEGV')`,
				`a${n}`,
				made.toast,
				n,
				new Date(kit.now()).toISOString(),
				new Date(kit.now()).toISOString(),
			);
		for (const n of [1, 2, 3]) crash(n);
		const asked = () => kit.scheduler.dryRun().filter(({ type }) => type === "create_triage_request");
		kit.at(NOW + 1_000);
		expect(asked()).toMatchObject([{ agent: made.toast, bead: "bead-1" }]);
		await kit.run(100);
		const [open] = labelled(kit, "gt:triage-request");
		decide(kit, open?.bead_id ?? "", "RESTART_WITH_BACKOFF");
		kit.at(kit.now() + MINUTE);
		expect(asked()).toEqual([]);
		for (const n of [4, 5, 6]) crash(n);
		kit.at(kit.now() + 1_000);
		expect(asked()).toHaveLength(1);
	});
});

it("SCHED-2: every start is one that the container takes, whatever the agent's role", () =>
	stuck("s-orders", async (kit) => {
		const roles = new Set(starts(kit).map(({ role }) => role));
		expect(roles).toEqual(new Set(["polecat", "triage"]));
		kit.town.sql.run(
			`INSERT INTO beads (bead_id, type, status, title, priority, created_at, updated_at) VALUES ('m', 'agent', 'open', 'Mayor', 'medium', 'x', 'x')`,
		);
		kit.town.sql.run("INSERT INTO agent_metadata (bead_id, role, identity) VALUES ('m', 'mayor', 'mayor')");
		kit.town.sql.run(
			`INSERT INTO agent_nudges (nudge_id, agent_bead_id, message, mode, priority, source, created_at)
			 VALUES ('n', 'm', 'hello', 'immediate', 'normal', 'user', ?)`,
			new Date(kit.now()).toISOString(),
		);
		await kit.run(MINUTE);
		expect(starts(kit).at(-1)).toMatchObject({ role: "mayor", rig: null, bead_id: null });
	}));
