import { expect, test } from "vitest";
import { diagnose, findingKey } from "../../../shared/diagnosis/index.ts";
import { put } from "../../../shared/town-view/index.ts";
import { checkRule, told } from "./check-rule.ts";
import {
	cloneFailed,
	containerDied,
	crashed,
	exhausted,
	failedWith,
	silent,
	slots,
} from "./states/scenario-1.ts";
import {
	aBead, anAgent, aRig, aToken, before, blocks, container, gitFailure, NOW, self, signals, value, works,
} from "./town.ts"; // biome-ignore format: a list

checkRule("agent.container-died", {
	sentence: "The container was killed (exit 137, cause unknown) while 2 agents worked",
	recovers: "self",
	behind: ["toast", "maple", "b-toast", "b-maple"],
	silent: {
		"its stop was asked for": () => containerDied({}, { exit_code: 0 }),
		"nobody worked": () => containerDied({}, { agents: [] }),
		"nobody saw it stop": () => containerDied({ last_stop: null }),
		"it runs again and all have shown themselves": () =>
			containerDied({ status: "running" }, {}, { agent_metadata: [anAgent("toast"), anAgent("maple")] }),
	},
	changed: {
		"no exit code was seen": [() => containerDied({}, { exit_code: null }), ({ needs }) => needs],
		"memory was full": [() => containerDied({}, { memory_mb: 510 }), ({ sentence }) => sentence],
		"no sample was taken": [() => containerDied({}, { memory_mb: null }), ({ measured }) => measured],
		"its restarts are used up": [
			() => containerDied({ restarts_in_window: 3, window_started_at: before(20) }),
			({ recovers }) => recovers,
		],
	},
});

const said = "fatal: unable to access: Could not resolve host";
checkRule("agent.clone-failed", {
	sentence:
		"The repository of rig api could not be fetched, 3 tries in 12 min: fatal: repository 'https://github.com/o/shop' not found",
	recovers: "button",
	behind: ["b"],
	silent: {
		"it was cloned since": () => cloneFailed({}, {}, []),
		"a push failed, not a clone": () =>
			cloneFailed({}, {}, [gitFailure({ operation: "push", bead_id: "b" })]),
		"it is another rig's": () => cloneFailed({}, {}, [gitFailure({ rig_id: "web" })]),
		"all work of the rig has ended": () => cloneFailed({ status: "closed" }),
	},
	changed: {
		"the forge is only out of reach": [
			() => cloneFailed({}, {}, [gitFailure({ stderr: said })]),
			({ remedy }) => remedy,
		],
		"nothing is known of its token": [() => cloneFailed({}, { rig_credentials: [] }), ({ needs }) => needs],
		"its token was never verified": [
			() => cloneFailed({}, { rig_credentials: [aToken({ verified_at: null })] }),
			({ measured }) => measured,
		],
		"no other integration is known": [
			() => cloneFailed({}, { rigs: [aRig()] }),
			({ recovers }) => recovers.who,
		],
		"no start has met it yet": [
			() => cloneFailed({ dispatch_attempts: 0, last_dispatch_error: null, last_dispatch_attempt_at: null }),
			({ behind }) => behind,
		],
	},
});

test("DIAG-1: a rig without a source of tokens is told by its own words, with a message for its owner", () => {
	const none = (token = {}) =>
		cloneFailed(
			{ last_dispatch_error: "No integration is linked to this rig, and no token is set." },
			{
				rigs: [aRig({}, { platform_integration_id: null })],
				rig_credentials: [aToken({ source: "none", last_outcome: "failed", verified_at: null, ...token })],
			},
			[],
		);
	const finding = told(none(), "agent.clone-failed");
	expect(finding?.sentence).toBe(
		"Nothing of rig api can be started: no integration is linked to it and no token is set, 1 bead met that",
	);
	expect(finding?.recovers).toMatchObject({ who: "user" });
	expect(finding?.remedy.map(({ name }) => name)).toEqual(["credential.set-token", "bead.retry-dispatch"]);
	expect(told(none({ source: "integration:i-1" }), "agent.clone-failed")).toBeUndefined();
});

test("DIAG-1: a bad token that was set by hand is let go of, where an integration is left", () => {
	const manual = { manual_credential: { fingerprint: "ff00", expires_at: null } };
	const town = cloneFailed({}, { rigs: [aRig(manual)] });
	expect(told(town, "agent.clone-failed")?.remedy[0]).toMatchObject({
		name: "credential.clear-token",
		target: "api",
	});
});

test("DIAG-2: a clone that fails for an expired token stands under the token", () => {
	const town = cloneFailed(
		{},
		{ rig_credentials: [aToken({ expires_at: before(20), failures_since_ok: 3 })] },
	);
	const [root, ...others] = diagnose(town, NOW).findings;
	expect(root?.code).toBe("credential.expired");
	expect(others.map(({ code, because }) => [code, because])).toEqual([
		["agent.clone-failed", root && findingKey(root)],
	]);
});

test("DIAG-2: starts that a failed clone has used up are told as the clone, once", () => {
	const town = cloneFailed(
		failedWith("dispatch_exhausted", { last_dispatch_error: "git clone: not found" }),
		{
			agent_metadata: [anAgent("toast")],
		},
	);
	expect(diagnose(town, NOW).findings.map(({ code }) => code)).toEqual(["agent.clone-failed"]);
});

checkRule("agent.dispatch-exhausted", {
	sentence: '"Bead b" was given up after 5 starts: no capacity',
	recovers: "button",
	behind: [],
	silent: {
		"a start is left": () =>
			exhausted({ status: "open", dispatch_attempts: 4, metadata: {}, closed_at: null }),
		"it failed by hand": () => exhausted(failedWith("admin_force_fail")),
		"it was closed": () => exhausted({ status: "closed" }),
		"the rig allows more": () =>
			exhausted(
				{ status: "open", metadata: {}, closed_at: null, last_dispatch_error: null },
				{ rigs: [aRig({ max_dispatch_attempts: 9 })] },
			),
	},
	changed: {
		"it is still open": [
			() => exhausted({ status: "open", metadata: {}, closed_at: null }),
			({ evidence }) => evidence[0]?.label,
		],
		"the error was not kept": [() => exhausted({ last_dispatch_error: null }), ({ sentence }) => sentence],
		"it failed a week ago": [() => exhausted({ closed_at: before(9_999) }), ({ severity }) => severity],
		"somebody put it aside": [() => exhausted({ labels: ["gt:held"] }), ({ remedy }) => remedy],
	},
});

test("DIAG-1: starts that are at hand are evidence, and a page without them tells the same", () => {
	const town = exhausted();
	const before = told(town, "agent.dispatch-exhausted");
	put(
		town,
		"dispatch_attempts",
		"a5",
		{ attempt_id: "a5", bead_id: "b", agent_id: "toast", n: 5, at: null, outcome: "failed" },
		null,
	);
	const after = told(town, "agent.dispatch-exhausted");
	expect(after?.sentence).toBe(before?.sentence);
	expect(after?.evidence.at(-1)).toMatchObject({
		label: "start 5: failed",
		entity: "dispatch_attempts",
		key: "a5",
	});
});

checkRule("agent.names-exhausted", {
	sentence: "2 of 2 polecats of rig api are still hooked to work that has ended, and 1 ready bead waits",
	recovers: "button",
	behind: ["waits"],
	silent: {
		"their work goes on": () => slots({ status: "in_progress", closed_at: null }),
		"it ended a moment ago": () => slots({ closed_at: before(0.5) }),
		"nothing waits": () =>
			slots({}, { beads: [aBead("b-toast", { status: "closed", closed_at: before(20) })] }),
		"the rig may have more polecats": () => slots({}, { rigs: [aRig({ max_concurrent_polecats: 3 })] }),
		"one of them is free": () =>
			slots(
				{},
				{ agent_metadata: [anAgent("toast", { current_hook_bead_id: "b-toast" }), anAgent("maple")] },
			),
	},
	changed: {
		"one of them works": [
			() =>
				slots(
					{},
					{
						agent_metadata: [
							anAgent("toast", { current_hook_bead_id: "b-toast" }),
							anAgent("maple", works("c")),
						],
						beads: [
							aBead("b-toast", { status: "closed", closed_at: before(20) }),
							aBead("c", { status: "in_progress", assignee_agent_bead_id: "maple" }),
							aBead("waits"),
						],
					},
				),
			({ remedy }) => remedy,
		],
	},
});

const ofClove = (row: Record<string, unknown>) => ({ agent_signals: [signals("clove", row)] });
checkRule("agent.gupp-timeout", {
	sentence: "Clove is alive but has done nothing for 34 min",
	recovers: "self",
	behind: ["b"],
	silent: {
		"an event came 14 min ago": () => silent({ last_event_at: before(14) }),
		"a tool runs": () => silent({ active_tools: ["bash"] }),
		"it is idle": () => silent({ status: "idle" }),
		"it has no bead": () => silent({ current_hook_bead_id: null }),
		"it is the mayor": () => silent({ role: "mayor" }),
		"its model is busy": () =>
			silent({}, ofClove({ retry: { attempt: 3, message: "429", next: NOW + 9_000 } })),
		"the network is gone": () => silent({}, ofClove({ offline_since: NOW - 9e5 })),
		"it asks for a permission": () =>
			silent(
				{},
				ofClove({ pending_permission: { id: "p", permission: "bash", patterns: [], since: NOW - 9e5 } }),
			),
		"the town drains": () =>
			silent(
				{},
				{ town_state: [...self(), container(), value("drain", { nonce: "n", started_at: before(1) })] },
			),
		"the town allows more time": () =>
			silent(
				{},
				{ town_state: [container(), value("config", { thresholds: { gupp_warn_ms: 40 * 60_000 } })] },
			),
	},
	changed: {
		"its heartbeat is lost": [() => silent({ last_activity_at: before(20) }), ({ sentence }) => sentence],
		"it was stopped for it": [
			() => silent({ status: "stalled", stalled_at: before(3) }),
			({ sentence }) => sentence,
		],
		"an hour has passed": [() => silent({ last_event_at: before(64) }), ({ severity }) => severity],
		"reminders got no answer": [
			() => silent({}, { agent_nudges: [{ nudge_id: "n", agent_bead_id: "clove", created_at: before(9) }] }),
			({ measured }) => measured,
		],
	},
});

checkRule("agent.process-crashed", {
	sentence: `Clove's process crashed (SIGSEGV) at work on "Bead b"`,
	recovers: "self",
	behind: [],
	silent: {
		"it ended well": () => crashed({}, { signal: null, code: 0 }),
		"its session waited for nobody and was ended": () =>
			crashed({}, { signal: null, code: 143, status: "completed", reason: "idle" }),
		"it was told to stop": () => crashed({}, { signal: "SIGKILL", status: "stopped" }),
		"it was at no bead": () => crashed({}, { bead_id: null }),
		"its bead was started again": () => crashed({ last_dispatch_attempt_at: before(0.5) }),
		"its bead is being worked on": () => crashed({ status: "in_progress", last_dispatch_error: null }),
		"its bead was given back by hand": () =>
			crashed({ last_dispatch_error: null, dispatch_attempts: 0, last_dispatch_attempt_at: null }),
		"its bead is gone": () => crashed({}, {}, { beads: [] }),
	},
	changed: {
		"its bead has failed": [
			() => crashed(failedWith("agent_failed", { closed_at: before(1) })),
			({ recovers }) => recovers.who,
		],
		"it ended with a code": [() => crashed({}, { signal: null, code: 3 }), ({ sentence }) => sentence],
		"others wait for its bead": [
			() =>
				crashed({}, {}, {
					beads: [
						aBead("b", { dispatch_attempts: 1, last_dispatch_attempt_at: before(9), last_dispatch_error: "x" }),
						aBead("c"),
					],
					bead_dependencies: [blocks("c", "b")],
				}), // biome-ignore format: short
			({ behind }) => behind,
		],
	},
});
