import { expect, test } from "vitest";
import { diagnose } from "../../../shared/diagnosis/index.ts";
import { put } from "../../../shared/town-view/index.ts";
import { agentsMisconfigured, asleep, atWork, memory, misconfigured, refused, slept, states } from "./states/scenario-4.ts"; // biome-ignore format: a list
import { rootsOf, testStates, toldOf } from "./states/tell.ts";
import { aBead, anAgent, aStop, before, container, NOW, townOf } from "./town.ts";

testStates(states, {
	"container.oom": {
		sentence: "The container ran out of memory 2 times in 30 min, last 3 min ago, with 3 agents at work",
		recovers: "button",
		behind: ["toast", "b0", "maple", "b1", "clove", "b2"],
		params: { "config.set": { rig: "api", key: "max_polecats_per_rig", value: 2 } },
		silent: {
			"nothing ran out": () => atWork({}),
			"it was killed with memory to spare": () => atWork({ setbacks: [{ ...memory(3), kind: "died" }] }),
			"it is long ago": () => atWork({ setbacks: [memory(31)] }),
			"the container was stopped since": () => atWork({ status: "stopped", setbacks: [memory(3)] }),
		},
		otherwise: {
			"it happened once": () => atWork({ setbacks: [memory(3)] }),
			"nobody sampled the memory": () => atWork({ setbacks: [memory(22), memory(3, { memory_mb: null })] }),
			"one agent worked": () => atWork({ setbacks: [memory(22), memory(3, { agents: ["toast"] })] }),
		},
	},
	"container.platform": {
		sentence:
			"The platform did not start the container, 3 times in a row: There is no container instance that can be provided",
		recovers: "self",
		silent: {
			"no start failed": () => refused({ start_failures: 0, start_error: null }),
			"one failed, and is tried again": () => refused({ start_failures: 1, restarts_in_window: 1 }),
			"the error names a variable": () => refused({ start_error: "MODEL_URL is missing" }),
		},
		otherwise: {
			"restarts are left": () => refused({ restarts_in_window: 2, start_failures: 2 }),
			"the platform said nothing": () => refused({ start_error: null }),
			"the container died before": () => refused({ status: "died" }),
		},
	},
	"container.sleep-wake": {
		sentence: "The container fell asleep amid work 2 times in 1 h, last 3 min ago with Toast at work",
		recovers: "button",
		behind: ["toast", "b0"],
		params: { "config.set": { rig: null, key: "thresholds.idle_stop_ms", value: 600_000 } },
		silent: {
			"it slept without work": () => asleep({ setbacks: [] }),
			"it slept once and runs again": () => asleep({ status: "running", setbacks: [slept(3)] }),
			"it may stay awake for longer since": () =>
				asleep({
					status: "running",
					setbacks: [slept(9, { sleep_after_ms: 60_000 }), slept(3, { sleep_after_ms: 60_000 })],
				}),
			"the sleeps are long ago": () => asleep({ setbacks: [slept(90), slept(61)] }),
		},
		otherwise: {
			"it runs again": () => asleep({ status: "running" }),
			"it sleeps for the first time": () => asleep({ setbacks: [slept(3)] }),
			"its configuration is not known": () => asleep({}, []),
		},
	},
	"container.bad-env": {
		sentence: "The container cannot be started: its variable MODEL_URL is missing",
		recovers: "button",
		params: { "config.set-env": { name: "MODEL_URL", unset: false } },
		silent: {
			"no start failed": () => misconfigured({ start_failures: 0, start_error: null }),
			"the error names none": () => misconfigured({ start_error: "no capacity" }),
			"the error names no variable but a word": () => misconfigured({ start_error: "JSON is invalid" }),
			"the agents' starts fail for another reason": () => agentsMisconfigured("start failed: no room"),
			"no agent's start failed": () => agentsMisconfigured(null),
		},
		otherwise: {
			"the same variables are set as before": () => misconfigured({}, { MODEL_URL: "masked" }),
			"no environment was ever taken": () => misconfigured({ config_names: [] }),
			"it is the container's own": () => misconfigured({ start_error: "GASTOWN_TOKEN is missing" }),
			"agents' starts meet it": () => agentsMisconfigured(),
		},
	},
});

test("DIAG-2: what dies with the memory stands under it: the container's death, an agent's crash, the Mayor's", () => {
	const killed = {
		at: before(3),
		code: null,
		signal: "SIGKILL",
		reason: "out of memory",
		status: "failed",
		bead_id: "b",
	};
	const view = townOf({
		agent_metadata: [
			anAgent("toast", { last_exit: killed, current_hook_bead_id: "b" }),
			anAgent("mayor", { role: "mayor", last_exit: { ...killed, bead_id: null } }),
		],
		beads: [aBead("b", { assignee_agent_bead_id: "toast" })],
		town_state: [container({ setbacks: [memory(3, { agents: ["toast"] })] })],
	}); // biome-ignore format: short
	expect(rootsOf(view)).toEqual(["container.oom"]);
	expect(diagnose(view, NOW).findings.map(({ code }) => code)).toContain("mayor.crashed");
	const dead = atWork({ status: "died", last_stop: aStop({ oom: true }), setbacks: [memory(4)] });
	expect(rootsOf(dead)).toEqual(["container.oom"]);
	expect(toldOf(dead, "agent.container-died")?.because).toBe("container.oom:container:container");
});

test("DIAG-1: the first refused start is a notice, and a container that died is restarted rather than started", () => {
	const { notices } = diagnose(refused({ start_failures: 1, restarts_in_window: 1 }), NOW);
	expect(notices.map(({ code }) => code)).toContain("container.platform");
	expect(toldOf(refused({ status: "died" }), "container.platform")?.remedy[0]?.name).toBe(
		"container.restart",
	);
	expect(toldOf(refused(), "container.platform")?.recovers).toMatchObject({ at: NOW + 26 * 60_000 });
});

test("DIAG-1: what the journals at hand say of it is evidence too", () => {
	const view = refused();
	const event = { id: 9, type: "error", at: before(1), instance_id: null, exit_code: null, reason: "no", memory_mb: null, memory_limit_mb: null, log: [], detail: { phase: "start" } }; // biome-ignore format: a row
	put(view, "container_events", "9", event, null);
	expect(toldOf(view, "container.platform")?.evidence.at(-1)).toMatchObject({
		entity: "container_events",
		key: "9",
	});
});

test("DIAG-1: a start that ended with the container's own word of its variables is told by that", () => {
	const view = misconfigured({
		...{ status: "died", start_failures: 0, start_error: null },
		last_stop: aStop({ exit_code: 78, agents: [], reason: "The container's environment is wrong: MODEL_URL is missing." }),
	}); // biome-ignore format: short
	expect(rootsOf(view)).toEqual(["container.bad-env"]);
});
