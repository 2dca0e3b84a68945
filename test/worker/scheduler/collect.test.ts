import { expect, it, test } from "vitest";
import { METHODS } from "../../../shared/ingest/index.ts";
import { createAgent } from "../../../worker/town/agents.ts";
import { reconcile } from "../../../worker/town/scheduler/reconcile.ts";
import type { SchedulerState } from "../../../worker/town/scheduler/state.ts";
import { workingTown } from "../town/support.ts";
import { agent, batch, bead, MINUTE, NOW, town } from "./builders.ts";
import { schedulerOf } from "./support.ts";

const DAY = 24 * 60 * MINUTE;
const old = (id: string, more: Parameters<typeof agent>[1] = {}) =>
	agent(id, { status_since: NOW - DAY, ...more });
const gone = (state: SchedulerState) =>
	reconcile(state).flatMap((action) => (action.type === "delete_agent" ? [action.agent] : []));

test.each<[string, SchedulerState, string[]]>([
	["a polecat that was idle for a day goes", town([], [old("toast")]), ["toast"]],
	["one that was not stays", town([], [agent("toast", { status_since: NOW - DAY + 1 })]), []],
	["one whose times nobody knows stays", town([], [agent("toast")]), []],
	["the mayor stays", town([], [old("mayor", { role: "mayor" })], { mayor: "mayor" }), []],
	["the refinery stays", town([], [old("r-refinery", { role: "refinery" })]), []],
	[
		"one with a bead on its hook stays",
		town([bead("b", { assignee: "toast" })], [old("toast", { hook: "b" })]),
		[],
	],
	[
		"one that was given a bead by hand stays",
		town([bead("b", { assignee: "toast", labels: ["gt:held"] })], [old("toast")]),
		[],
	],
	["one whose stop is not over stays", town([], [old("toast", { held: true })]), []],
	["one whose process still runs stays", town([], [old("toast", { process: "7" })]), []],
	["one for whom there is work stays", town([bead("b")], [old("toast")]), []],
	[
		"the author of work in review is not needed for it",
		town([bead("b", { status: "in_review", assignee: "toast" })], [old("toast")]),
		["toast"],
	],
	["a triage agent goes at once", town([], [agent("t", { role: "triage" })]), ["t"]],
	["not while its batch waits", town([batch("b")], [agent("t", { role: "triage" })]), []],
	[
		"another rig's batch is none of its",
		town([batch("b", { rig_id: "q" })], [agent("t", { role: "triage" })]),
		["t"],
	],
])("SCHED-6: %s", (_, state, expected) => {
	expect(gone(state)).toEqual(expected);
});

it("SCHED-6 TOWN-3: an agent that is collected leaves its row, its history and its stream, and its name to the next", async () => {
	const made = await workingTown("s-collect", NOW);
	await made.must("closeBead", { bead_id: "bead-1" });
	await made.inside(async (_, ctx) => {
		const kit = schedulerOf("s-collect", ctx, NOW);
		await kit.run(DAY - MINUTE);
		const status = () =>
			kit.town.sql.one<{ status: string }>("SELECT status FROM agent_metadata WHERE bead_id = ?", made.toast)
				?.status;
		expect(status()).toBe("idle");
		await kit.run(6 * MINUTE);
		expect(status()).toBe("dead");
		const log = kit.town.sql.all(
			"SELECT to_status FROM agent_status_log WHERE agent_id = ? ORDER BY id",
			made.toast,
		);
		expect(log).toEqual([{ to_status: "idle" }, { to_status: "dead" }]);
		const args = { id: "s-collect/next", role: "polecat", name: "Toast", rig_id: "rig-1" } as const;
		expect(kit.call((part) => createAgent(part, METHODS.createAgent.parse(args)))).toMatchObject({
			status: "idle",
		});
		const logged = kit.logged();
		await kit.run(60 * MINUTE);
		expect(kit.logged()).toBe(logged);
	});
});

it("SCHED-6 STREAM-3: the town itself collects it by the call that its users have", async () => {
	const made = await workingTown("s-collect-real", NOW);
	await made.must("closeBead", { bead_id: "bead-1" });
	await made.inside(async (instance) => {
		instance.schedules = true;
		instance.clock = () => NOW + 25 * 60 * MINUTE;
		await instance.gastown(
			"setTownState",
			METHODS.setTownState.parse({ key: "billing", value: { blocked: false } }) as never,
			{
				...{ kind: "user", what: "test", id: null, by: "user/test" },
			},
		);
		expect(await instance.dryRun()).toMatchObject([{ type: "delete_agent", agent: made.toast }]);
		instance.clock = () => NOW + 26 * 60 * MINUTE;
		await instance.alarm();
	});
	expect(await made.row("agent_metadata", made.toast)).toMatchObject({ status: "dead" });
	const [event] = await made.journal("agent_status_log", { agent_id: made.toast });
	expect(event).toMatchObject({ to_status: "dead", cause: "delete_agent" });
});
