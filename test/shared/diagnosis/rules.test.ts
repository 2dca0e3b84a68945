import { describe, expect, test } from "vitest";
import { diagnose, findingKey } from "../../../shared/diagnosis/index.ts";
import { CATALOGUE } from "../../../shared/interventions/index.ts";
import { lookupOf, put, type TownView } from "../../../shared/town-view/index.ts";
import {
	aBead,
	anAgent,
	aStop,
	before,
	blocks,
	container,
	NOW,
	signals,
	townOf,
	value,
	works,
} from "./town.ts";

const failed = (code: string, minutes = 10) => ({
	status: "failed", closed_at: before(minutes), metadata: { failure_reason: { code, message: "no", source: "x" } },
}); // biome-ignore format: a row
const exit = (row = {}) => ({
	at: before(10),
	code: null,
	signal: "SIGSEGV",
	reason: "",
	bead_id: "b",
	...row,
});

type Rule = {
	code: string;
	subject: string;
	/** The state on which it fires. */
	fires: () => TownView;
	sentence: string;
	remedy: string[];
	recovers: "self" | "button" | "user";
	behind: string[];
	/** Each with one piece of the evidence gone: it must be silent. */
	silent: Record<string, () => TownView>;
};

const died = (stop = {}, state = {}, toast = {}) =>
	townOf({
		agent_metadata: [
			anAgent("toast", works("b", { last_activity_at: before(5), last_event_at: before(5), ...toast })),
			anAgent("maple", works("c", { last_activity_at: before(5), last_event_at: before(5), ...toast })),
		],
		beads: [
			aBead("b", { status: "in_progress", assignee_agent_bead_id: "toast" }),
			aBead("c", { status: "in_progress", assignee_agent_bead_id: "maple" }),
		],
		town_state: [
			container({ status: "died", since: before(4), last_stop: aStop(stop), ...state }),
			value("town", { id: "t", name: "Harbor", owner_type: "user", owner_id: "u", created_at: before(999) }),
		],
	});

const stopped = (stop: object) =>
	townOf({
		agent_metadata: [anAgent("toast")],
		beads: [aBead("b")],
		town_state: [
			container(),
			value("stops", {
				awaited: [
					{ id: "i", agent: "toast", bead: "b", since: before(9), status: "unknown", error: null, ...stop },
				],
			}),
		],
	});

const gupp = (row = {}, more: Parameters<typeof townOf>[0] = {}) =>
	townOf({
		agent_metadata: [anAgent("clove", works("b", { last_event_at: before(34), ...row }))],
		beads: [aBead("b", { status: "in_progress", assignee_agent_bead_id: "clove" })],
		town_state: [container()],
		...more,
	});

const crashed = (bead = {}, agent = {}, more: Parameters<typeof townOf>[0] = {}) =>
	townOf({
		agent_metadata: [anAgent("clove", { last_exit: exit(), ...agent })],
		beads: [aBead("b", { ...failed("agent_failed"), dispatch_attempts: 1, ...bead })],
		town_state: [container()],
		...more,
	});

const exhausted = (bead = {}) =>
	townOf({
		beads: [
			aBead("b", {
				...failed("dispatch_exhausted"), dispatch_attempts: 5, last_dispatch_attempt_at: before(10),
				last_dispatch_error: "start refused: no capacity", ...bead,
			}), // biome-ignore format: a row
			aBead("waits"),
		],
		bead_dependencies: [blocks("waits", "b")],
		town_state: [container()],
	});

const dead = (bead = {}, agents = [anAgent("toast", { status: "dead" })]) =>
	townOf({ agent_metadata: agents, beads: [aBead("b", { assignee_agent_bead_id: "toast", ...bead })], town_state: [container()] }); // biome-ignore format: short

const blocked = (
	blocker: Record<string, unknown> | null,
	bead = {},
	dependencies = [blocks("b", "c"), blocks("c", "d")],
) =>
	townOf({
		beads: [aBead("b", bead), aBead("c"), ...(blocker ? [aBead("d", blocker)] : [])],
		bead_dependencies: dependencies,
		town_state: [container()],
	});

const token = (row = {}) =>
	townOf({
		rig_credentials: [
			{
				rig_id: "api", credential: "git", source: "integration:1", fingerprint: "ab12", expires_at: before(34),
				resolved_at: before(94), verified_at: before(94), last_outcome: "ok", last_outcome_at: before(94),
				last_message: null, failures_since_ok: 3, ...row,
			}, // biome-ignore format: a row
		],
		beads: [aBead("b", { status: "in_review" })],
		town_state: [container()],
	});

const mayor = (error: unknown, row = {}) =>
	townOf({
		agent_metadata: [
			anAgent("mayor", { role: "mayor", status: "working", container_process_id: "9", ...row }),
		],
		agent_signals: [signals("mayor", { last_error: error })],
		town_state: [
			container(),
			value("config", { kilocode_token: "masked" }),
			value("town", { id: "t", name: "Harbor", owner_type: "user", owner_id: "u", created_at: before(999) }),
		],
	});
const error = (status: number | null, count = 1) => ({
	at: NOW - 60_000,
	name: "APIError",
	message: "Token expired",
	status,
	count,
});

const idleSince = (minutes: number, row = {}) =>
	anAgent("toast", { last_activity_at: before(minutes), last_event_at: before(minutes), ...row });
const passedOver = (bead = {}, agent = {}, more: Parameters<typeof townOf>[0] = {}) =>
	townOf({
		beads: [aBead("b", { updated_at: before(12), ...bead })],
		agent_metadata: [idleSince(14, agent)],
		town_state: [container()],
		...more,
	});

const request = aBead("m", {
	type: "merge_request", status: "failed", closed_at: before(10),
	metadata: { failure_reason: { code: "merge_conflict", message: "src/cart.js was changed meanwhile", source: "refinery" } },
}); // biome-ignore format: a row
const git = {
	id: 7, operation: "merge", rig_id: "api", agent_id: "clove", bead_id: "m", command: "git merge --no-ff", outcome: "conflict",
	exit_code: 1, stderr: "CONFLICT (content): Merge conflict in src/cart.js", duration_ms: 420, at: before(10),
}; // biome-ignore format: a row
const merge = (work = {}, others: Record<string, unknown>[] = []) =>
	townOf({
		beads: [aBead("b", { status: "closed", closed_at: before(8), ...work }), request, ...others],
		bead_dependencies: [request, ...others].map(({ bead_id }) => ({
			bead_id,
			depends_on_bead_id: "b",
			dependency_type: "tracks",
		})),
		review_metadata: [
			{
				bead_id: "m", branch: "fix/b", target_branch: "main", merge_commit: null, pr_url: null, retry_count: 1,
				auto_merge_ready_since: null, last_feedback_check_at: null,
			}, // biome-ignore format: a row
		],
		town_state: [container()],
	});

const RULES: Rule[] = [
	{
		code: "agent.container-died",
		subject: "container",
		fires: died,
		sentence: "The container was killed (exit 137, cause unknown) while 2 agents worked",
		remedy: ["container.restart container"],
		recovers: "self",
		behind: ["toast", "maple", "b", "c"],
		silent: {
			"the stop was asked for": () => died({ exit_code: 0 }),
			"no agent was at work": () => died({ agents: [] }),
			"it runs again and its agents have shown themselves": () =>
				died({}, { status: "running" }, { last_activity_at: before(1) }),
			"it runs again and its agents are free": () =>
				died({}, { status: "running" }, { status: "idle", current_hook_bead_id: null }),
		},
	},
	{
		code: "agent.process-crashed",
		subject: "clove",
		fires: crashed,
		sentence: `Clove's process crashed (SIGSEGV) at work on "Bead b"`,
		remedy: ["bead.retry-dispatch b"],
		recovers: "button",
		behind: [],
		silent: {
			"it ended well": () => crashed({}, { last_exit: exit({ signal: null, code: 0 }) }),
			"it had no bead": () => crashed({}, { last_exit: exit({ bead_id: null }) }),
			"nobody saw an exit": () => crashed({}, { last_exit: null }),
			"its bead was reopened": () => crashed({ status: "open", closed_at: null, metadata: {} }),
			"its bead failed for another reason": () => crashed(failed("timeout")),
		},
	},
	{
		code: "agent.gupp-timeout",
		subject: "clove",
		fires: gupp,
		sentence: "Clove is alive but has done nothing for 34 min",
		remedy: ["agent.reset clove"],
		recovers: "self",
		behind: ["b"],
		silent: {
			"an event 14 min ago": () => gupp({ last_event_at: before(14) }),
			"a tool runs": () => gupp({ active_tools: ["bash"] }),
			"it is idle": () => gupp({ status: "idle" }),
			"it has no hook": () => gupp({ current_hook_bead_id: null }),
			"it is the mayor": () => gupp({ role: "mayor" }),
			"it waits for a permission": () =>
				gupp(
					{},
					{
						agent_signals: [
							signals("clove", {
								pending_permission: { id: "p", permission: "bash", patterns: [], since: NOW - 9e5 },
							}),
						],
					},
				),
			"its model is retried": () =>
				gupp(
					{},
					{ agent_signals: [signals("clove", { retry: { attempt: 3, message: "429", next: NOW + 9_000 } })] },
				),
			"the network is gone": () =>
				gupp({}, { agent_signals: [signals("clove", { offline_since: NOW - 9e5 })] }),
			"the town drains": () =>
				gupp({}, { town_state: [container(), value("drain", { nonce: "n", started_at: before(1) })] }),
		},
	},
	{
		code: "agent.dispatch-exhausted",
		subject: "b",
		fires: exhausted,
		sentence: '"Bead b" was given up after 5 starts: start refused: no capacity',
		remedy: ["bead.retry-dispatch b"],
		recovers: "button",
		behind: ["waits"],
		silent: {
			"it is open again": () =>
				exhausted({ status: "open", metadata: {}, closed_at: null, dispatch_attempts: 0 }),
			"it failed for another reason": () => exhausted(failed("admin_force_fail")),
			"it is closed": () => exhausted({ status: "closed" }),
		},
	},
	{
		code: "bead.dead-assignee",
		subject: "b",
		fires: dead,
		sentence: '"Bead b" waits for an agent that will not come: Toast, who has it, was taken out of the town',
		remedy: ["bead.reassign b"],
		recovers: "button",
		behind: [],
		silent: {
			"nobody is assigned": () => dead({ assignee_agent_bead_id: null }),
			"it is closed": () => dead({ status: "closed", closed_at: before(1) }),
			"it is in review": () => dead({ status: "in_review" }),
			"the assignee has it on its hook": () => dead({}, [anAgent("toast", { current_hook_bead_id: "b" })]),
			"the assignee lives and got it a moment ago": () => dead({ updated_at: before(1) }, [anAgent("toast")]),
		},
	},
	{
		code: "bead.blocked-by-dependency",
		subject: "c",
		fires: () => blocked(failed("admin_force_fail", 14)),
		sentence: '"Bead c" waits for "Bead d", which failed 14 min ago and is not retried',
		remedy: ["bead.retry-dispatch d"],
		recovers: "button",
		behind: ["b"],
		silent: {
			"the blocker is open": () => blocked({}),
			"the blocker is closed": () => blocked({ status: "closed", closed_at: before(3) }),
			"nothing depends on it": () => blocked(failed("admin_force_fail"), {}, []),
			"it only tracks it": () =>
				blocked(failed("admin_force_fail"), {}, [{ ...blocks("c", "d"), dependency_type: "tracks" }]),
		},
	},
	{
		code: "agent.stop-unseen",
		subject: "toast",
		fires: () => stopped({}),
		sentence:
			'Nobody saw Toast\'s process end, which an admin stopped 9 min ago: Toast and "Bead b" are not started',
		remedy: [],
		recovers: "self",
		behind: ["b"],
		silent: {
			"its end was seen": () => townOf({ town_state: [value("stops", { awaited: [] })] }),
			"the container still has time for it": () => stopped({ status: "asked", since: before(2) }),
		},
	},
	{
		code: "credential.expired",
		subject: "api/git",
		fires: token,
		sentence: "Rig api's git token expired 34 min ago: 3 git operations were denied since",
		remedy: [],
		recovers: "user",
		behind: ["b"],
		silent: {
			"it has time left": () => token({ expires_at: before(-5) }),
			"it has no expiry": () => token({ expires_at: null }),
			"it was revoked": () => token({ last_outcome: "revoked" }),
			"nothing has failed of it": () => token({ failures_since_ok: 0 }),
		},
	},
	{
		code: "mayor.session-errored",
		subject: "mayor",
		fires: () => mayor(error(401)),
		sentence: `The Mayor's session fails: its model answers 401, "Token expired"`,
		remedy: ["credential.refresh town"],
		recovers: "button",
		behind: [],
		silent: {
			"a step has completed since": () => mayor(null),
			"it is another agent's": () => mayor(error(401), { role: "polecat", status: "idle" }),
			"one error that may pass": () => mayor(error(500)),
			"one that is retried": () => mayor({ ...error(500), at: NOW - 9e5 }, { active_tools: ["task"] }),
		},
	},
	{
		code: "review.merge-conflict",
		subject: "m",
		fires: merge,
		sentence: '"Bead b" was not merged 10 min ago: src/cart.js was changed meanwhile. It is Closed, and its work is not on main',
		remedy: ["bead.reopen b"],
		recovers: "button",
		behind: ["b"],
		silent: {
			"a later request merged it": () => merge({}, [aBead("n", { type: "merge_request", status: "closed" })]),
			"another is under way": () => merge({}, [aBead("n", { type: "merge_request", status: "open" })]),
			"its bead is worked on again": () => merge({ status: "in_progress", closed_at: null }),
			"its bead was deleted": () => townOf({ beads: [request] }),
		},
	},
	{
		code: "bead.undispatched",
		subject: "api",
		fires: passedOver,
		sentence: '"Bead b" is stuck for 12 min, none of the known causes: ready, and nothing starts it',
		remedy: ["bead.reassign b"],
		recovers: "button",
		behind: ["b"],
		silent: {
			"it is ready since 5 min": () => passedOver({ updated_at: before(5) }),
			"its agent is free since 5 min": () => passedOver({}, { last_activity_at: before(5) }),
			"nobody is free": () => passedOver({}, works("c")),
			"it is held": () => passedOver({ labels: ["gt:held"] }),
			"it backs off": () =>
				passedOver({ dispatch_attempts: 4, last_dispatch_attempt_at: before(2), last_dispatch_error: "x" }),
			"its starts are used up": () => passedOver({ dispatch_attempts: 5 }),
			"it waits for an open bead": () =>
				passedOver({}, {}, { beads: [aBead("b"), aBead("c", { status: "in_review" })], bead_dependencies: [blocks("b", "c")] }),
			"its blocker closed a minute ago": () =>
				passedOver({}, {}, { beads: [aBead("b"), aBead("c", { status: "closed", closed_at: before(1) })], bead_dependencies: [blocks("b", "c")] }),
			"the town drains": () =>
				passedOver({}, {}, { town_state: [container(), value("drain", { nonce: "n", started_at: before(1) })] }),
			"a drain ended a minute ago": () =>
				passedOver({}, {}, { town_state: [container(), { ...value("drain", null), updated_at: before(1) }] }),
			"the container sleeps": () => passedOver({}, {}, { town_state: [container({ status: "sleeping" })] }),
			"the container runs since a minute": () => passedOver({}, {}, { town_state: [container({ since: before(1) })] }),
			"the rig has as many at work as it may": () =>
				passedOver({}, {}, {
					rigs: [{ id: "api", name: "api", git_url: "", default_branch: "main", config: { max_concurrent_polecats: 1 }, platform_integration_id: null, created_at: before(999) }],
					agent_metadata: [idleSince(14), anAgent("maple", works("c"))],
				}),
			"only the refinery is free": () => passedOver({}, { role: "refinery" }),
		},
	},
	{
		code: "agent.undispatched",
		subject: "toast",
		fires: () => passedOver({ assignee_agent_bead_id: "toast" }, { current_hook_bead_id: "b" }),
		sentence: 'Toast is stuck for 12 min, none of the known causes: it has "Bead b" and is not started',
		remedy: ["agent.unhook toast"],
		recovers: "button",
		behind: ["b"],
		silent: {
			"it was hooked 5 min ago": () =>
				passedOver({ assignee_agent_bead_id: "toast", updated_at: before(5) }, { current_hook_bead_id: "b" }),
			"it works": () => passedOver({ assignee_agent_bead_id: "toast" }, works("b")),
		},
	},
]; // biome-ignore format: tables

const above = (view: TownView) => diagnose(view, NOW).findings.map(({ code }) => code);

describe.each(RULES)("$code", (rule) => {
	test("DIAG-1: fires on its state as the first root, with its sentence, what stands behind it and the way out", () => {
		const view = rule.fires();
		const [finding] = diagnose(view, NOW).findings;
		expect(finding).toMatchObject({ code: rule.code, sentence: rule.sentence, because: null });
		expect(finding?.subject.id).toBe(rule.subject);
		expect(finding?.recovers.who).toBe(rule.recovers);
		expect(finding?.behind.map(({ id }) => id)).toEqual(rule.behind);
		expect(finding?.remedy.map(({ name, target }) => `${name} ${target}`)).toEqual(rule.remedy);
		expect(finding?.evidence.length).toBeGreaterThan(0);
		expect(finding?.measured.length).toBeGreaterThan(0);
	});
	test("DIAG-1: every step of its remedy is an intervention that may be done now", () => {
		const view = rule.fires();
		for (const { name, target, params } of diagnose(view, NOW).findings[0]?.remedy ?? []) {
			const entry = CATALOGUE[name];
			const parsed = entry?.params.parse(params) ?? {};
			// As a page aims them: what is done to the container is done to the town that it is of.
			const at = entry?.target === "container" || entry?.target === "town" ? "t" : target;
			expect(entry?.precondition(at, parsed, lookupOf(view))).toEqual({ ok: true });
		}
	});
	test.each(Object.entries(rule.silent))("DIAG-3: is silent when %s", (_, view) => {
		expect(above(view())).not.toContain(rule.code);
	});
});

test("DIAG-2: the bead that a crash failed and what waits for it stand under the crash", () => {
	const view = crashed({}, {}, {
		beads: [aBead("b", { ...failed("agent_failed"), dispatch_attempts: 1 }), aBead("c"), aBead("d")],
		bead_dependencies: [blocks("c", "b"), blocks("d", "c")],
	}); // biome-ignore format: short
	const { findings } = diagnose(view, NOW);
	const [root, ...rest] = findings;
	expect(findings.filter(({ because }) => because === null).map(({ code }) => code)).toEqual([
		"agent.process-crashed",
	]);
	expect(root?.behind.map(({ id }) => id)).toEqual(["c", "d"]);
	expect(rest.map(({ subject, because }) => [subject.id, because])).toEqual([
		["c", root && findingKey(root)],
		["d", root && findingKey(root)],
	]);
});

test("DIAG-2: many beads behind one failed blocker are one root that counts them once", () => {
	const beads = Array.from({ length: 30 }, (_, n) => aBead(`w${n}`));
	const view = townOf({
		beads: [aBead("d", failed("admin_force_fail")), ...beads],
		bead_dependencies: beads.map((row) => blocks(String(row.bead_id), "d")),
	});
	const roots = diagnose(view, NOW).findings.filter(({ because }) => because === null);
	expect(roots).toHaveLength(1);
	expect(roots[0]?.behind).toHaveLength(29);
});

test("DIAG-1: a mayor whose turn ended in an error is told until a turn succeeds, and is not told to wait", () => {
	const overflow = { ...error(null), name: "ContextOverflowError", message: "Session too large to compact" };
	for (const [signal, row] of [
		[overflow, {}],
		[error(500), { status: "waiting" }],
		[{ ...error(500), at: NOW - 3 * 60_000 }, {}],
	] as const) {
		const { findings, notices } = diagnose(mayor(signal, row), NOW);
		expect(findings[0]?.code).toBe("mayor.session-errored");
		expect(notices).toEqual([]);
	}
	expect(diagnose(mayor(overflow), NOW).findings[0]?.recovers.text).toContain("too long to go on");
	expect(diagnose(mayor(null, { status: "waiting" }), NOW).notices[0]?.code).toBe("mayor.waiting");
});

test("DIAG-1: an overdue token says who renews it, with a message to copy; one that nobody needed renews itself", () => {
	const [finding] = diagnose(
		token({ last_message: "Bad credentials", last_outcome: "unauthorized" }),
		NOW,
	).findings;
	expect(finding?.recovers).toMatchObject({ who: "user" });
	const message = finding?.recovers.who === "user" ? finding.recovers.message : "";
	expect(message).toContain("Rig api of your town can neither fetch nor push");
	expect(message).toContain('2026-03-01 11:26 UTC and was not renewed (the answer: "Bad credentials")');
	const [notice] = diagnose(token({ failures_since_ok: 0 }), NOW).notices;
	expect(notice?.recovers.who).toBe("self");
});

test("DIAG-2: many ready beads of a rig are one line, with what was ruled out", () => {
	const view = passedOver({}, {}, { beads: [aBead("b"), aBead("c"), aBead("d")] });
	const { findings } = diagnose(view, NOW);
	expect(findings.map(({ code }) => code)).toEqual(["bead.undispatched"]);
	expect(findings[0]?.behind.map(({ id }) => id)).toEqual(["b", "c", "d"]);
	expect(findings[0]?.ruledOut.length).toBeGreaterThan(8);
	expect(findings[0]?.sentence).toContain("and 2 more of rig api are stuck for 14 min");
});

test("DIAG-2: a merge that failed while its work goes on is a notice, with git's own words where they are at hand", () => {
	const view = merge({ status: "open", closed_at: null, updated_at: before(1) });
	put(view, "git_operations", "7", git, null);
	const notice = diagnose(view, NOW).notices.find(({ code }) => code === "review.merge-conflict");
	expect(notice?.recovers.who).toBe("self");
	expect(notice?.measured[1]).toBe("git: CONFLICT (content): Merge conflict in src/cart.js");
	expect(notice?.evidence.at(-1)).toMatchObject({ entity: "git_operations", key: "7" });
});

test("DIAG-1: a cycle and a blocker that is gone are told apart, and each is let go of where that helps", () => {
	const cycle = diagnose(
		townOf({ beads: [aBead("p"), aBead("q")], bead_dependencies: [blocks("p", "q"), blocks("q", "p")] }),
		NOW,
	);
	expect(cycle.findings[0]).toMatchObject({
		recovers: { who: "button" },
		remedy: [{ name: "bead.unblock", target: "p", params: { on: "q" } }],
	});
	expect(cycle.findings[0]?.sentence).toContain("go round in a circle");
	const gone = diagnose(townOf({ beads: [aBead("p")], bead_dependencies: [blocks("p", "q")] }), NOW);
	expect(gone.findings[0]?.sentence).toContain("does not exist any more");
	expect(gone.findings[0]?.remedy).toEqual([{ name: "bead.unblock", target: "p", params: { on: "q" } }]);
});

test("the restart budget decides who mends a dead container, and when", () => {
	const of = (state: object) => diagnose(died({}, state), NOW).findings[0]?.recovers;
	expect(of({ restarts_in_window: 1, window_started_at: before(20) })).toMatchObject({
		who: "self",
		at: null,
	});
	expect(of({ restarts_in_window: 3, window_started_at: before(20) })).toMatchObject({
		at: NOW + 10 * 60_000,
	});
	expect(of({ restarts_in_window: 3, window_started_at: before(31) })).toMatchObject({ at: null });
});

test("with the container back, what it caught is reset", () => {
	const [finding] = diagnose(died({}, { status: "running" }), NOW).findings;
	expect(finding).toMatchObject({ code: "agent.container-died", severity: "warning" });
	expect(finding?.remedy.map(({ target }) => target)).toEqual(["toast", "maple"]);
});

test("a row of an odd shape makes no rule fail", () => {
	const odd = { labels: 7, metadata: "x", status: 3, dispatch_attempts: null, updated_at: {} };
	const view = townOf({
		beads: [aBead("b", odd), aBead("c", failed("x"))],
		agent_metadata: [
			anAgent("toast", { active_tools: "bash", last_exit: 4, last_event_at: "soon", status: null }),
		],
		agent_signals: [signals("toast", { last_error: "boom", retry: [] })],
		town_state: [value("container", 5), value("drain", "yes")],
	});
	expect(() => diagnose(view, NOW)).not.toThrow();
});
