import { expect, it, test } from "vitest";
import { reconcile } from "../../../worker/town/scheduler/reconcile.ts";
import { townValue } from "../../../worker/town/town-state.ts";
import { workingTown } from "../town/support.ts";
import { agent, bead, MINUTE, NOW, town } from "./builders.ts";
import { schedulerOf } from "./support.ts";

type Kit = ReturnType<typeof schedulerOf>;

const failing = (failingBeads: number, circuitSince: number | null) =>
	town([bead("b")], [agent("toast")], { circuitSince, holds: { ...town([], []).holds, failingBeads } });
test.each([
	["twenty failing beads open the breaker, and nothing is started", failing(20, null), ["open_circuit"]],
	["which is told once", failing(20, NOW), []],
	["fewer close it, and work goes on", failing(19, NOW), ["close_circuit", "hook_agent", "dispatch_agent"]],
])("SCHED-8: %s", (_, state, expected) => {
	expect(reconcile(state).map(({ type }) => type)).toEqual(expected);
});

/** A town in which every start fails, with so many beads that cannot wait. */
async function failingTown(id: string, beads: number, part: (kit: Kit) => Promise<void>) {
	const made = await workingTown(id, NOW);
	await made.must("setTownState", {
		key: "config",
		value: {
			max_polecats_per_rig: 10,
			thresholds: { circuit_beads: 3, circuit_window_ms: 10 * MINUTE, heartbeat_stale_ms: 24 * 60 * MINUTE },
		},
	});
	await made.must("createAgent", { id: `${id}/mayor`, role: "mayor", name: "Mayor" });
	for (let n = 2; n <= beads; n++)
		await made.must("createBead", { id: `bead-${n}`, title: `Bead ${n}`, rig_id: "rig-1" });
	await made.inside(async (_, ctx) => {
		const kit = schedulerOf(id, ctx, NOW);
		kit.up();
		kit.arm.reply = ({ path }) => ({
			ok: true,
			status: path === "/agents/start" ? 500 : 200,
			body: { error: { message: "no" } },
		});
		await part(kit);
	});
}
const told = (kit: Kit) =>
	kit.town.sql.all<{ message: string }>(
		"SELECT message FROM agent_nudges WHERE source = 'circuit' ORDER BY created_at",
	);

it("SCHED-8: the breaker's opening is told in the town's state and once to the mayor, its closing ends it, and it opens again", () =>
	failingTown("s-circuit", 4, async (kit) => {
		await kit.run(2 * MINUTE);
		// The mayor may still be talked to.
		const starts = () =>
			kit.arm.requests.filter(
				({ path, body }) => path === "/agents/start" && (body as { role: string }).role !== "mayor",
			).length;
		const asked = starts();
		expect(townValue(kit.town, "circuit")).toMatchObject({
			failing_beads: 4,
			message: "4 beads failed to start within 10 min: nothing is started until they are fewer.",
		});
		expect(told(kit)).toHaveLength(1);
		await kit.run(5 * MINUTE);
		expect(starts()).toBe(asked);
		expect(told(kit)).toHaveLength(1);

		await kit.run(10 * MINUTE);
		expect(told(kit).length).toBeGreaterThan(1);
		const changes = kit.town.sql.all<{ row: string }>(
			"SELECT row FROM change_log WHERE entity = 'town_state' AND key = 'circuit' ORDER BY seq",
		);
		expect(changes.length).toBeGreaterThanOrEqual(3);
	}));

const inbox = (kit: Kit) =>
	kit.town.sql.all<Record<string, unknown>>(
		"SELECT event_id, agent_id, tries, last_error, processed_at, created_at FROM town_events ORDER BY created_at",
	);

/** A town whose agent is lost while its container cannot be asked to end what is left of it. */
async function lostAgent(id: string, part: (kit: Kit, toast: string) => Promise<void>) {
	const made = await workingTown(id, NOW);
	await made.inside(async (_, ctx) => {
		const kit = schedulerOf(id, ctx, NOW);
		kit.up();
		await kit.run(MINUTE);
		kit.arm.reply = ({ path }) =>
			path.endsWith("/stop")
				? { ok: false, code: "timeout", message: "no answer" }
				: { ok: true, status: 200, body: {} };
		// The container beats, the agent does not.
		for (let n = 0; n < 8; n++) {
			kit.beat();
			await kit.run(15_000);
		}
		await part(kit, made.toast);
	});
}

it("SCHED-8 SCHED-2: a process that could not be ended waits in the inbox with its age, tries and words, and keeps its bead from everybody", () =>
	lostAgent("s-inbox", async (kit, toast) => {
		const [event] = inbox(kit);
		expect(event).toMatchObject({ agent_id: toast, last_error: "no answer", processed_at: null });
		expect(event?.tries).toBeGreaterThan(1);
		expect(townValue(kit.town, "scheduler")).toMatchObject({
			pending: 1,
			stuck: { event: event?.event_id, type: "end_process", since: event?.created_at },
		});
		expect(kit.arm.count("POST /agents/start")).toBe(1);
		const tries = Number(event?.tries);
		for (let n = 0; n < 40; n++) {
			kit.beat();
			await kit.run(15_000);
		}
		// Not at the pace of the looks.
		expect(Number(inbox(kit)[0]?.tries) - tries).toBeLessThan(8);

		kit.arm.reply = () => ({ ok: true, status: 200, body: {} });
		for (let n = 0; n < 24; n++) {
			kit.beat({ agents: [toast] });
			await kit.run(15_000);
		}
		expect(inbox(kit)[0]?.processed_at).not.toBeNull();
		expect(townValue(kit.town, "scheduler")).toMatchObject({ pending: 0, stuck: null });
		expect(kit.arm.count("POST /agents/start")).toBe(2);
	}));

it("SCHED-8: a process that ended with its container is not asked after, nor is an event that nobody knows", () =>
	lostAgent("s-inbox-over", async (kit) => {
		kit.town.sql.run(
			"INSERT INTO town_events (event_id, event_type, created_at) VALUES ('odd', 'pr_auto_merge', ?)",
			new Date(kit.now()).toISOString(),
		);
		kit.call((part) => {
			const container = townValue(part, "container");
			part.sql.run(
				"UPDATE town_state SET value = ? WHERE key = 'container'",
				JSON.stringify({ ...container, status: "sleeping" }),
			);
			return { ok: true, value: null };
		});
		await kit.run(6 * MINUTE);
		expect(inbox(kit).map(({ last_error }) => last_error)).toEqual([
			"Its container has ended, and the process with it.",
			'Nothing is done for a "pr_auto_merge".',
		]);
		expect(inbox(kit).every(({ processed_at }) => processed_at !== null)).toBe(true);
	}));
