import { expect, test } from "vitest";
import { diagnose } from "../../../shared/diagnosis/index.ts";
import { put } from "../../../shared/town-view/index.ts";
import { checkRule, told } from "./check-rule.ts";
import { failedWith } from "./states/scenario-1.ts";
import { blocked, busy, failing, left, queue } from "./states/scenario-2.ts";
import {
	aBead,
	anAgent,
	aRequest,
	aRig,
	aStop,
	before,
	blocks,
	container,
	NOW,
	self,
	tracks,
	value,
	works,
} from "./town.ts";

checkRule("bead.no-idle-agent", {
	sentence: '1 ready bead of rig api waits for an agent, "Bead waits" for 1 h: all 2 work and make progress',
	recovers: "self",
	behind: ["waits"],
	silent: {
		"it waits for less than half an hour": () => busy({}, { updated_at: before(20) }),
		"what it waited for closed less than half an hour ago": () => {
			const town = busy({}, {}, { bead_dependencies: [blocks("waits", "blocker")] });
			const blocker = aBead("blocker", { status: "closed", closed_at: before(20) });
			put(town, "beads", "blocker", blocker, null);
			return town;
		},
		"one of them is free": () => busy({ status: "idle", current_hook_bead_id: null }),
		"one of them makes no progress": () =>
			busy(
				{},
				{},
				{
					agent_metadata: [
						anAgent("toast", works("b-toast", { last_event_at: before(34) })),
						anAgent("maple", works("b-maple")),
					],
				},
			),
		"the rig may have more polecats": () => busy({}, {}, { rigs: [aRig({ max_concurrent_polecats: 3 })] }),
		"it is held": () => busy({}, { labels: ["gt:held"] }),
		"it waits for another": () => busy({}, {}, { bead_dependencies: [blocks("waits", "b-toast")] }),
		"the container sleeps": () =>
			busy({}, {}, { town_state: [...self(), container({ status: "sleeping" })] }),
		"the container came up 10 min ago": () =>
			busy({}, {}, { town_state: [...self(), container({ since: before(10) })] }),
	},
	changed: {
		"as many are allowed as may be": [
			() => {
				const names = Array.from({ length: 50 }, (_, n) => `p${n}`);
				return busy({}, {}, {
					rigs: [aRig({ max_concurrent_polecats: 50 })],
					agent_metadata: names.map((name) => anAgent(name, works(`b-${name}`))),
					beads: [...names.map((name) => aBead(`b-${name}`, { status: "in_progress", assignee_agent_bead_id: name })), aBead("waits")],
				}); // biome-ignore format: short
			},
			({ remedy }) => remedy,
		],
		"another waits, too": [
			() =>
				busy(
					{},
					{},
					{
						bead_dependencies: [blocks("later", "waits")],
						beads: [
							...["toast", "maple"].map((name) =>
								aBead(`b-${name}`, { status: "in_progress", assignee_agent_bead_id: name }),
							),
							aBead("waits"),
							aBead("later"),
						],
					},
				),
			({ behind }) => behind,
		],
	},
});

test("DIAG-1: the remedy sets the rig's own limit, a little higher", () => {
	expect(told(busy(), "bead.no-idle-agent")?.remedy[0]?.params).toEqual({
		rig: "api",
		key: "max_polecats_per_rig",
		value: 3,
	});
});

const stalled = (agent = {}, more = {}) => busy({ last_event_at: before(34), ...agent }, {}, more);
checkRule("bead.all-stalled", {
	sentence: "No polecat of rig api has made progress for 34 min (2 of 2), and 1 ready bead waits for them",
	recovers: "self",
	behind: ["toast", "b-toast", "maple", "b-maple", "waits"],
	silent: {
		"one makes progress": () =>
			busy(
				{},
				{},
				{
					agent_metadata: [
						anAgent("toast", works("b-toast", { last_event_at: before(34) })),
						anAgent("maple", works("b-maple")),
					],
				},
			),
		"they run tools": () => stalled({ active_tools: ["bash"] }),
		"they have no beads": () => stalled({ current_hook_bead_id: null }),
		"it is one alone, and nothing waits": () =>
			stalled(
				{},
				{
					agent_metadata: [anAgent("toast", works("b-toast", { last_event_at: before(34) }))],
					beads: [aBead("b-toast", { status: "in_progress" })],
				},
			),
	},
	changed: {
		"an hour has passed": [() => stalled({ last_event_at: before(70) }), ({ severity }) => severity],
		"nothing waits": [
			() =>
				stalled(
					{},
					{ beads: ["toast", "maple"].map((name) => aBead(`b-${name}`, { status: "in_progress" })) },
				),
			({ sentence }) => sentence,
		],
		"they were stopped for it": [
			() => stalled({ status: "stalled", stalled_at: before(3) }),
			({ recovers }) => recovers,
		],
	},
});

test("DIAG-2: one polecat alone is the cause, and that all of its rig stall follows from it", () => {
	const town = stalled({}, {
		rigs: [aRig({ max_concurrent_polecats: 1 })],
		agent_metadata: [anAgent("toast", works("b-toast", { last_event_at: before(34) }))],
		beads: [aBead("b-toast", { status: "in_progress", assignee_agent_bead_id: "toast" }), aBead("waits")],
	}); // biome-ignore format: short
	expect(diagnose(town, NOW).findings.map(({ code, because }) => [code, because])).toEqual([
		["agent.gupp-timeout", null],
		["bead.all-stalled", "agent.gupp-timeout:agent:toast"],
	]);
});

checkRule("bead.dispatch-failing", {
	sentence: '"Bead b" failed to start 3 of 5 times: There is no model none/such.',
	recovers: "button",
	behind: [],
	silent: {
		"it failed twice": () => failing({ dispatch_attempts: 2 }),
		"no error was kept": () => failing({ last_dispatch_error: null }),
		"it is being worked on": () => failing({ status: "in_progress" }),
		"no start is left": () => failing({ dispatch_attempts: 5 }),
		"its last process crashed": () =>
			failing(
				{ dispatch_attempts: 3 },
				{
					agent_metadata: [
						anAgent("toast", {
							last_exit: { at: before(0.5), code: 1, signal: null, reason: "", bead_id: "b" },
						}),
					],
				},
			),
	},
	changed: {
		"no setting is named": [
			() => failing({ last_dispatch_error: "start refused" }),
			({ remedy, needs }) => [remedy, needs],
		],
		"the model is the default": [() => failing({}, { rigs: [aRig()] }), ({ remedy }) => remedy],
		"the next start is due": [
			() => failing({ last_dispatch_attempt_at: before(9) }),
			({ measured }) => measured,
		],
		"another fails alike": [
			() =>
				failing(
					{},
					{
						beads: ["b", "c"].map((id) =>
							aBead(id, {
								dispatch_attempts: 3,
								last_dispatch_attempt_at: before(1),
								last_dispatch_error: "There is no model none/such.",
							}),
						),
					},
				),
			({ sentence, behind }) => [sentence, behind],
		],
	},
});

test("DIAG-1: the setting that the error names is put back to its default", () => {
	expect(told(failing(), "bead.dispatch-failing")?.remedy[0]).toMatchObject({
		name: "config.set",
		params: { rig: "api", key: "default_model", value: null },
	});
	const town = failing({}, {
		rigs: [aRig()],
		town_state: [...self().slice(0, 1), value("config", { default_model: "none/such" }), container()],
	}); // biome-ignore format: short
	expect(told(town, "bead.dispatch-failing")?.remedy[0]?.params).toMatchObject({ rig: null });
});

checkRule("bead.dead-assignee", {
	sentence: '"Bead b" waits for an agent that will not come: Toast, who has it, was taken out of the town',
	recovers: "button",
	behind: [],
	silent: {
		"nobody is assigned": () => left({ assignee_agent_bead_id: null }),
		"it is closed": () => left({ status: "closed" }),
		"its work is in review": () => left({ status: "in_review" }),
		"the assignee has it on the hook": () => left({}, [anAgent("toast", { current_hook_bead_id: "b" })]),
		"the assignee lives and got it a moment ago": () => left({ updated_at: before(1) }, [anAgent("toast")]),
	},
	changed: {
		"the assignee was deleted": [() => left({}, []), ({ sentence }) => sentence],
		"it is in progress": [() => left({ status: "in_progress" }), ({ measured }) => measured],
	},
});

test("DIAG-2: what a container's death left assigned stands under that death", () => {
	const town = left({ status: "in_progress" }, [
		anAgent("toast", { status: "dead" }),
		anAgent("maple", works("c", { last_activity_at: before(9) })),
	]);
	expect(diagnose(town, NOW).findings.map(({ code }) => code)).toContain("bead.dead-assignee");
	town.tables.town_state.set(
		"container",
		container({ status: "died", since: before(4), last_stop: aStop() }) as never,
	);
	const under = diagnose(town, NOW).findings.find(({ code }) => code === "bead.dead-assignee");
	expect(under?.because).toBe("agent.container-died:container:container");
});

checkRule("bead.blocked-by-dependency", {
	sentence: '"Bead b" waits for "Bead d", which failed 10 min ago and is not retried',
	recovers: "button",
	behind: [],
	silent: {
		"the blocker is open": () => blocked({}),
		"the blocker is closed": () => blocked({ status: "closed", closed_at: before(0.2) }),
		"it does not wait for it": () => blocked(failedWith("admin_force_fail"), []),
		"it only tracks it": () => blocked(failedWith("admin_force_fail"), [tracks("b", "d")]),
	},
	changed: {
		"the blocker is gone": [() => blocked({}, [blocks("b", "gone")]), ({ remedy }) => remedy],
		"they wait for each other": [
			() => blocked({}, [blocks("b", "d"), blocks("d", "b")]),
			({ sentence }) => sentence,
		],
		"the blocker's reason is not known": [
			() => blocked({ status: "failed", closed_at: before(10) }),
			({ measured }) => measured,
		],
	},
});

checkRule("bead.review-backed-up", {
	sentence:
		'6 merge requests wait for review in rig api, "Merge m0" for 1 h, and the refinery makes progress',
	recovers: "self",
	behind: Array.from({ length: 6 }, (_, n) => [`m${n}`, `of-m${n}`]).flat(),
	silent: {
		"four wait": () => queue(4),
		"they wait for 20 min": () => queue(6, {}, { updated_at: before(20) }),
		"nothing is under review": () =>
			queue(
				6,
				{ status: "idle", current_hook_bead_id: null },
				{},
				{ beads: Array.from({ length: 6 }, (_, n) => aRequest(`m${n}`)) },
			),
		"the refinery makes no progress": () => queue(6, { last_event_at: before(34) }),
		"their pull requests are watched": () => queue(6, {}, { status: "in_review" }),
		"they are held": () => queue(6, {}, { labels: ["gt:held"] }),
	},
	changed: {
		"merges of the last hour give the rate": [
			() => {
				const town = queue(6);
				for (const n of [1, 2, 3])
					town.tables.beads.set(
						`done${n}`,
						aRequest(`done${n}`, { status: "closed", closed_at: before(n * 10) }) as never,
					);
				return town;
			},
			({ measured, needs }) => [measured, needs],
		],
		"the next in line has a high priority": [
			() => queue(6, {}, { priority: "high" }),
			({ remedy }) => remedy[0]?.params,
		],
		"all are critical": [() => queue(6, {}, { priority: "critical" }), ({ remedy }) => remedy],
	},
});
