import { expect, test } from "vitest";
import { CATALOGUE } from "../../../shared/interventions/index.ts";
import { lookupOf } from "../../../shared/town-view/index.ts";
import { said } from "./states/rows.ts";
import {
	dead,
	exit,
	failing,
	outdated,
	repeats,
	states,
	unreachable,
	withMayor,
} from "./states/scenario-7.ts";
import { rootsOf, testStates, toldOf } from "./states/tell.ts";
import { aStop, before, NOW } from "./town.ts";

testStates(states, {
	"mayor.crashed": {
		sentence: "The Mayor's process crashed (SIGKILL) 3 min ago and does not run again",
		recovers: "button",
		silent: {
			"it was told to stop": () => dead({ last_exit: exit({ status: "stopped" }) }),
			"it ended well": () => dead({ last_exit: exit({ status: "completed", signal: null, code: 0 }) }),
			"nobody said how, and it ended as processes are told to": () => dead({ last_exit: exit({ status: null, signal: "SIGTERM" }) }),
			"no exit was seen": () => dead({ last_exit: null }),
			"another process is up": () => dead({ container_process_id: "10", current_attempt_id: "a10" }),
			"the container sleeps": () => dead({}, { container: { status: "sleeping" } }),
			"the container answers nobody": () => dead({}, { container: { health: { failures: 2, since: before(2), error: "x" } } }),
		},
		otherwise: {
			"a message waits, with which it is started": () => dead({}, { nudges: [said("n1")] }),
			"nobody saw it end": () =>
				withMayor({ mayor: { last_activity_at: before(6) }, signals: { turn_since: null } }),
			"its exit had a code": () => dead({ last_exit: exit({ signal: null, code: 1 }) }),
		},
	},
	"mayor.container-asleep": {
		sentence: "1 message waits for the Mayor since 4 min: its container is stopped and its owner has paused it",
		recovers: "user",
		params: { "container.resume": { lift_users_pause: true } },
		silent: {
			"nobody has written": () => unreachable({ nudges: [] }),
			"it was delivered": () => unreachable({ nudges: [said("n1", { status: "delivered" })] }),
			"the town itself wrote": () => unreachable({ nudges: [said("n1", { source: "escalation" })] }),
			"it is not paused": () => unreachable({}, { policy: "automatic" }),
			"the container runs still": () => unreachable({ container: { status: "running" } }),
		},
		otherwise: {
			"an admin paused it": () => unreachable({}, { order: "i", by: "Kim", until: before(-30) }),
			"more wait": () => unreachable({ nudges: [said("n1"), said("n2", { created_at: before(2) })] }),
		},
	},
	"mayor.tool-loop": {
		sentence: "The Mayor makes the same call, 14 times: bash gt beads, for 4 min",
		recovers: "button",
		silent: {
			"it repeats nothing": () => withMayor(),
			"it has asked a few times": () => repeats({ count: 4 }),
			"its turn is over": () => repeats({}, { turn_since: null }),
		},
		otherwise: {
			"it goes round": () => repeats({ kind: "cycle" }),
			"it undoes its own edits": () => repeats({ kind: "edits", tool: "edit", input: "src/cart.js" }),
		},
	},
	"mayor.stale-prompt": {
		sentence:
			"The Mayor works by an old prompt for 10 min: the town's instructions were changed and not given to its session",
		recovers: "button",
		silent: {
			"its session has the current one": () => withMayor(),
			"its session has told none": () => outdated({ session: { prompt_hash: null } }),
			"the session is of another process": () => outdated({ session: { attempt_id: "a8" } }),
			"they were changed a moment ago": () => outdated({ configured: 0.5 }),
			"it has no process": () => outdated({ mayor: { container_process_id: null } }),
		},
		otherwise: { "its session is younger than the change": () => outdated({ session: { at: before(5) } }) },
	},
	"mayor.session-errored": {
		sentence: `The Mayor's session fails: its model answers 401, "Token expired"`,
		recovers: "button",
		params: { "credential.refresh": { credential: "kilo", rig: null } },
		silent: {
			"a step has completed since": () => withMayor(),
			"one error that may pass": () => failing(500),
		},
		otherwise: {
			"the town has no token": () => failing(401, { config: { kilocode_token: undefined } }),
			"it answers another status": () => failing(403),
			"there is no credit": () => failing(402),
		},
	},
}); // biome-ignore format: tables

test("DIAG-1: a 402 is the owner's to mend, and a 400 sets another model that the town knows", () => {
	expect(toldOf(failing(402), "mayor.session-errored")).toMatchObject({
		recovers: { who: "user" },
		remedy: [],
	});
	const known = failing(400, { config: { role_models: { mayor: "kilo/two" } } });
	const [set, again] = toldOf(known, "mayor.session-errored")?.remedy ?? [];
	expect(again).toMatchObject({ name: "mayor.message", target: "mayor" });
	expect(set).toEqual({ name: "agent.set-model", target: "mayor", params: { model: "kilo/two" } });
	expect(CATALOGUE["agent.set-model"]?.precondition("mayor", set?.params ?? {}, lookupOf(known))).toEqual({
		ok: true,
	});
	const alone = failing(400, { session: { model: "scripted/m" } });
	expect(toldOf(alone, "mayor.session-errored")).toMatchObject({ recovers: { who: "user" }, remedy: [] });
});

test("DIAG-2: a Mayor that went with its container stands under the container's death", () => {
	const view = dead({}, { container: { status: "running", last_stop: aStop({ at: before(3), agents: ["toast"] }) } });
	view.tables.agent_metadata.set("toast", { ...view.tables.agent_metadata.get("toast"), last_activity_at: before(5) } as never);
	expect(rootsOf(view)).toEqual(["agent.container-died"]);
	expect(toldOf(view, "mayor.crashed")?.because).toBe("agent.container-died:container:container");
}); // biome-ignore format: short

test("DIAG-1: an admin's pause ends by itself, and is lifted without taking the owner's", () => {
	const finding = toldOf(
		unreachable({}, { order: "i", by: "Kim", until: before(-30) }),
		"mayor.container-asleep",
	);
	expect(finding?.recovers).toMatchObject({ who: "self", at: NOW + 30 * 60_000 });
	expect(finding?.remedy[0]?.params).toEqual({ lift_users_pause: false });
});
