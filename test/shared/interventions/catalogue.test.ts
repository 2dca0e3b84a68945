import { expect, test } from "vitest";
import { actionsFor, CATALOGUE, changedFields, changesInWords } from "../../../shared/interventions/index.ts";
import { lookupOf, type TownView } from "../../../shared/town-view/index.ts";
import { aBead, anAgent, before, blocks, container, townOf, works } from "../diagnosis/town.ts";
import { button, why as whyNot } from "./button.ts";

const atWork = townOf({
	agent_metadata: [anAgent("toast", works("b", { dispatch_attempts: 3 })), anAgent("clove")],
	beads: [
		aBead("b", {
			title: "Fix login",
			status: "in_progress",
			assignee_agent_bead_id: "toast",
			dispatch_attempts: 3,
		}),
		aBead("next"),
		aBead("v", { type: "convoy", title: "login" }),
	],
	bead_dependencies: [
		blocks("next", "b"),
		{ bead_id: "b", depends_on_bead_id: "v", dependency_type: "tracks" },
	],
	town_state: [container()],
});

test("the preview of a reset says what it ends, puts back and clears, and what it will not do", () => {
	expect(button(atWork, "agent.reset", "toast")).toMatchObject({
		label: "Reset Toast",
		verdict: { ok: true },
		danger: "disruptive",
		will: [
			"End Toast's session and process 4121.",
			'Put "Fix login" back to Open.',
			"Clear hook, assignee and 3 attempts.",
			"Toast becomes Idle; the bead is dispatched again when an agent is free.",
		],
		wont: ["Bring back uncommitted work in its worktree."],
		undo: null,
	});
});

test("the preview of closing work counts its cascade: session, dependants, convoy", () => {
	const { will, danger } = button(atWork, "bead.close", "b");
	expect(danger).toBe("disruptive");
	expect(will).toEqual([
		"End Toast's session and process 4121.",
		'Put "Fix login" from In progress to Closed.',
		"Take Toast off it; Toast becomes Idle.",
		"Let 1 bead start that waits only for it.",
		'Count as done in convoy "login".',
	]);
	expect(button(atWork, "bead.fail", "b").wont).toContain("Let 1 bead start: a failed blocker still blocks.");
});

test("a disabled button says why: the first precondition that fails", () => {
	const exit = { at: before(5), code: 0, signal: null, reason: "done", bead_id: null };
	const idle = townOf({
		agent_metadata: [anAgent("toast", { last_exit: exit }), anAgent("dead", { status: "dead" })],
		beads: [aBead("c", { status: "closed", closed_at: before(30) })],
	});
	const why = (name: string, target: string, params = {}) => {
		const [kind, , message] = whyNot(idle, name, target, params) ?? [];
		return [kind, message];
	};
	expect(why("agent.reset", "toast")).toEqual([
		"noop",
		"Already idle, no bead, no process; its last process ended at 11:55:00 UTC.",
	]);
	expect(why("agent.reset", "dead")).toEqual(["refused", "It has been taken out of the town for good."]);
	expect(why("agent.unhook", "toast")).toEqual(["noop", "Toast has no bead on its hook."]);
	expect(why("bead.close", "c")).toEqual(["noop", "Already closed at 11:30:00 UTC."]);
	expect(why("bead.fail", "c")?.[1]).toContain("reopen it first");
	expect(why("bead.reassign", "c", { agent: null })).toEqual(["refused", "It is Closed; reopen it first."]);
	expect(why("bead.priority", "c", { priority: "low" })?.[0]).toBe("refused");
});

test("the process of a reset is an effect of the outside, and none is awaited where the container is at rest", () => {
	const outside = (view: TownView) =>
		button(view, "agent.reset", "toast").effects.filter((effect) => effect.outside);
	expect(outside(atWork)).toEqual([
		{
			label: "process 4121 gone", entity: "agent_metadata", key: "toast", is: { container_process_id: null },
			outside: true,
		}, // biome-ignore format: short
	]);
	const asleep = townOf({
		agent_metadata: [anAgent("toast", works("b"))],
		beads: [aBead("b", { status: "in_progress", assignee_agent_bead_id: "toast" })],
		town_state: [container({ status: "sleeping" })],
	});
	expect(outside(asleep)).toEqual([]);
	expect(CATALOGUE["agent.reset"]?.outside("toast", {}, lookupOf(asleep), "order-1")).toEqual([]);
});

test("a held bead is reopened safely, any other starts work", () => {
	const ended = { status: "failed", closed_at: before(5) };
	const view = townOf({ beads: [aBead("h", { ...ended, labels: ["gt:held"] }), aBead("b", ended)] });
	expect(button(view, "bead.reopen", "h").danger).toBe("safe");
	expect(button(view, "bead.reopen", "b").danger).toBe("disruptive");
	const released = button(view, "bead.reopen", "h", { release: true });
	expect(released.danger).toBe("disruptive");
	expect(released.will).toContain("Take away the hold that somebody put on it.");
	expect(released.will.at(-1)).toContain("dispatched");
	expect(button(view, "bead.reopen", "h").wont).toEqual([
		"Start it: it stays held until somebody starts it.",
	]);
});

test("undo is offered only where it gives the row back", () => {
	const quiet = townOf({
		beads: [aBead("b"), aBead("a", { assignee_agent_bead_id: "gone" })],
		agent_metadata: [anAgent("clove")],
	});
	expect(button(quiet, "bead.close", "b").undo).toEqual({
		name: "bead.reopen",
		params: { to: "open", clear_attempts: false },
	});
	expect(button(quiet, "bead.close", "a").undo).toBeNull();
	expect(button(quiet, "bead.reassign", "b", { agent: "clove" }).undo).toEqual({
		name: "bead.reassign",
		params: { agent: null },
	});
	expect(button(quiet, "bead.priority", "b", { priority: "high" }).undo).toEqual({
		name: "bead.priority",
		params: { priority: "medium" },
	});
	expect(button(atWork, "bead.close", "b").undo).toBeNull();
});

test("LEDGER-5: only the fields that the entry names are compared, each named with from and to", () => {
	const now = { status: "idle", hooked_by: ["41bd09c2-1111"], container_process_id: null };
	const saw = { status: "idle", hooked_by: ["7be1d004-2222"], container_process_id: "4121", priority: "low" };
	const changes = changedFields(saw, now);
	expect(changes.map(({ field }) => field)).toEqual(["hooked_by", "container_process_id"]);
	expect(changesInWords(changes)).toBe(
		"the agents on it changed from 7be1d004 to 41bd09c2, its process changed from 4121 to none",
	);
	expect(changedFields({}, { status: "idle" })).toEqual([{ field: "status", from: null, to: "idle" }]);
	expect(changedFields(now, now)).toEqual([]);
});

test("the catalogue holds what is built, in the order of the menus, and a name from outside finds nothing else", () => {
	const menus = (["bead", "rig", "agent", "mayor", "container", "town"] as const).map((target) =>
		actionsFor(target).map(({ name }) => name),
	);
	expect(menus).toEqual([
		[
			"bead.priority", "bead.reassign", "bead.reopen", "bead.retry-dispatch", "bead.close", "bead.fail", "bead.block",
			"bead.unblock", "review.retry", "review.request-rework", "review.close", "review.poll", "review.link-pr", "review.merge",
			"convoy.start", "convoy.retry-landing", "convoy.recount", "convoy.close", "convoy.add-bead", "convoy.drop-bead",
			"triage.resolve", "escalation.acknowledge",
		],
		["review.set-strategy", "review.clear-queue", "credential.set-token", "credential.clear-token", "credential.relink"],
		["agent.nudge", "agent.interrupt", "agent.answer-permission", "agent.kill", "agent.unhook", "agent.reset", "agent.set-model"],
		["mayor.message", "mayor.restart", "mayor.refresh-prompt"],
		["container.start", "container.stop", "container.restart", "container.pause", "container.resume", "container.sync-config"],
		[
			"town.pause-dispatch", "town.resume-dispatch", "town.clear-drain", "town.reset-breaker", "town.rearm-alarm",
			"town.discard-event", "credential.refresh", "config.set", "config.set-env",
		],
	]); // biome-ignore format: a menu each
	expect(menus.flat().sort()).toEqual(Object.keys(CATALOGUE).sort());
	expect(CATALOGUE.constructor).toBeUndefined();
	for (const { next, within } of Object.values(CATALOGUE)) {
		expect(within).toBeGreaterThan(0);
		expect(next === null || next in CATALOGUE).toBe(true);
	}
});
