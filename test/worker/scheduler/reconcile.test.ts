import fc from "fast-check";
import { expect, it, test } from "vitest";
import { observe } from "../../../worker/town/scheduler/observe.ts";
import { reconcile } from "../../../worker/town/scheduler/reconcile.ts";
import type { SchedulerState } from "../../../worker/town/scheduler/state.ts";
import { workingTown } from "../town/support.ts";
import { agent, bead, convoy, NOW, nudge, review, town } from "./builders.ts";
import { schedulerOf } from "./support.ts";

const IDS = ["a", "b", "c", "d", "e"];
const id = fc.constantFrom(...IDS);
const ago = fc.integer({ min: 0, max: 5 * 3_600_000 }).map((ms) => NOW - ms);
const maybe = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: null });
const status = fc.constantFrom("open", "in_progress", "in_review", "closed", "failed", "quarantined");

const beadNow = fc.record({
	...{ type: fc.constantFrom("issue", "merge_request", "convoy"), status, assignee: maybe(id) },
	...{ priority: fc.constantFrom("low", "high", "critical"), dispatch_attempts: fc.nat(6) },
	...{ last_dispatch_at: maybe(ago), created_at: ago, status_since: ago, held: fc.boolean() },
	metadata: fc.constantFrom({}, { landing_for: "a" }, { convoy_id: "a" }),
});
const agentNow = fc.record({
	...{
		status: fc.constantFrom("idle", "working", "waiting", "stalled"),
		hook: maybe(id),
		attempt_at: maybe(ago),
	},
	...{
		role: fc.constantFrom("polecat", "refinery", "mayor"),
		heartbeat_at: maybe(ago),
		last_event_at: maybe(ago),
	},
	...{
		attempt_outcome: fc.constantFrom(null, "starting", "started"),
		stalled_at: maybe(ago),
		held: fc.boolean(),
	},
	process: fc.constantFrom(null, "7"),
});
const states: fc.Arbitrary<SchedulerState> = fc
	.record({
		beads: fc.array(fc.tuple(id, beadNow)),
		agents: fc.array(fc.tuple(id, agentNow)),
		edges: fc.array(fc.tuple(id, id)),
		reviews: fc.array(fc.tuple(id, fc.record({ pr_url: fc.constantFrom(null, "u"), source: maybe(id) }))),
		convoys: fc.array(fc.tuple(id, fc.record({ ready_to_land: fc.boolean(), staged: fc.boolean() }))),
		nudges: fc.uniqueArray(id),
		container: fc.constantFrom("running", "died", "sleeping", "draining"),
		heard_at: maybe(ago),
		idleSince: maybe(ago),
	})
	.map(({ edges, container, heard_at, idleSince, ...rows }) => {
		const pairs = new Map(edges.map(([from, to]) => [from, [to]]));
		const state = town(
			new Map(rows.beads)
				.entries()
				.map(([key, more]) => bead(key, more))
				.toArray(),
			new Map(rows.agents)
				.entries()
				.map(([key, more]) => agent(key, more))
				.toArray(),
		);
		return {
			...{
				...state,
				idleSince,
				mayor: "a",
				blockers: pairs,
				members: pairs,
				crashes: new Map([["b", { count: 3, bead: "c" }]]),
			},
			reviews: new Map(rows.reviews.map(([key, more]) => [key, review(key, more)])),
			convoys: new Map(rows.convoys.map(([key, more]) => [key, convoy(key, more)])),
			nudges: rows.nudges.map((to) => nudge(to)),
			container: {
				...(state.container as NonNullable<SchedulerState["container"]>),
				status: container,
				heard_at,
			},
		};
	});

const backwards = <K, V>(map: Map<K, V>): Map<K, V> => new Map([...map].reverse());
/** The same town, its rows read the other way round. */
const reversed = (state: SchedulerState): SchedulerState => ({
	...state,
	...{ beads: backwards(state.beads), agents: backwards(state.agents), rigs: backwards(state.rigs) },
	...{ blockers: backwards(state.blockers), members: backwards(state.members) },
	...{
		reviews: backwards(state.reviews),
		convoys: backwards(state.convoys),
		crashes: backwards(state.crashes),
	},
	nudges: [...state.nudges].reverse(),
});
test("SCHED-1: any town is answered the same twice and in any order of its rows, and is left as it was", () => {
	fc.assert(
		fc.property(states, (state) => {
			const before = structuredClone(state);
			const there = reconcile(state);
			expect(reconcile(state)).toEqual(there);
			expect(reconcile(reversed(state))).toEqual(there);
			expect(state).toEqual(before);
		}),
		{ numRuns: 300 },
	);
});

it("SCHED-1: a dry run says what the next look does, and changes nothing", async () => {
	const { inside } = await workingTown("s-dry", NOW);
	await inside(async (_, ctx) => {
		const kit = schedulerOf("s-dry", ctx, NOW);
		kit.up();
		const [state, logged] = [observe(kit.town), kit.logged()];
		expect(kit.scheduler.dryRun().map(({ type }) => type)).toEqual([
			"set_sleep_after",
			"hook_agent",
			"dispatch_agent",
		]);
		expect(kit.scheduler.looks).toBeNull();
		expect(observe(kit.town)).toEqual(state);
		expect(kit.logged()).toBe(logged);
		expect(kit.arm.asked).toEqual([]);
		await kit.run(100);
		expect(kit.arm.count("POST /agents/start")).toBe(1);
	});
});
