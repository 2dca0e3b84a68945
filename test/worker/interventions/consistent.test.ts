import fc from "fast-check";
import { expect, test } from "vitest";
import { agents, beads } from "../../../shared/gastown/index.ts";
import { CATALOGUE } from "../../../shared/interventions/index.ts";
import { lookupOf } from "../../../worker/town/interventions/lookup.ts";
import { listRows } from "../../../worker/town/rows.ts";
import { inTown, type TestTown, tried } from "./town.ts";
import { ofReviews, violations } from "./violations.ts";

const bead = fc.constantFrom("b1", "b2", "b3", "b4", "b5", "b6");
const agent = fc.constantFrom("toast", "maple", "clove", "refinery", "mayor");

/** The same towns in every run, so that a run of the tests says what it said before. */
const SEED = 4711;

/** Something that agents, users or the container do. Refusals are fine: what counts is where the town is then. */
type Event = (town: TestTown) => unknown;
const events: fc.Arbitrary<Event> = fc.oneof(
	fc.tuple(agent, bead).map<Event>(
		([a, b]) =>
			(town) =>
				town.work(a, b),
	),
	fc.tuple(agent, bead).map<Event>(
		([a, b]) =>
			(town) =>
				town.work(a, b, null),
	),
	fc.tuple(agent, bead).map<Event>(
		([a, b]) =>
			(town) =>
				town.call("hookBead", { agent_id: a, bead_id: b }),
	),
	agent.map<Event>((a) => (town) => town.call("agentDone", { agent_id: a, branch: "x" })),
	agent.map<Event>((a) => (town) => town.exit(a)),
	agent.map<Event>((a) => (town) => town.call("updateAgentStatus", { agent_id: a, status: "stalled" })),
	agent.map<Event>((a) => (town) => town.call("updateAgentStatus", { agent_id: a, status: "dead" })),
	bead.map<Event>((b) => (town) => town.call("closeBead", { bead_id: b })),
	bead.map<Event>((b) => (town) => town.call("updateBeadStatus", { bead_id: b, status: "failed" })),
	fc.tuple(bead, bead).map<Event>(
		([a, b]) =>
			(town) =>
				town.call("addDependency", { bead_id: a, depends_on_bead_id: b }),
	),
	// What Gastown itself once left behind: an assignee without a hook.
	fc.tuple(agent, bead).map<Event>(
		([a, b]) =>
			(town) =>
				town.live.run({ kind: "test", what: "drift", id: null, by: null }, () =>
					town.town.sql.run("UPDATE beads SET assignee_agent_bead_id = ? WHERE bead_id = ?", a, b),
				),
	),
);

type Press = { name: string; target: string; params: Record<string, unknown>; mr: boolean };
const params = fc.record({
	priority: fc.constantFrom("low", "critical"),
	to: fc.constantFrom("open", "open", "in_review"),
	clear_attempts: fc.boolean(),
	agent: fc.option(agent),
});
/** The others are tried on towns of their own: `reviews-consistent.test.ts`. */
const NAMES = Object.keys(CATALOGUE).filter((name) => !ofReviews(name));
const named = (start: string) => fc.constantFrom(...NAMES.filter((name) => name.startsWith(start)));
const press: fc.Arbitrary<Press> = fc.oneof(
	fc.record({ name: named("bead."), target: bead, mr: fc.boolean(), params }),
	fc.record({ name: named("agent."), target: agent, mr: fc.constant(false), params }),
	fc.record({ name: named(""), target: fc.oneof(bead, agent), mr: fc.boolean(), params }),
);

test(
	"LEDGER-12: whatever is done to whatever town, nothing is left inconsistent that was not",
	() =>
		inTown((town) => {
			const applied = new Set<string>();
			const pasts = fc.array(events, { maxLength: 14 });
			const done = (past: Event[], presses: Press[]) => {
				for (const event of past) event(town);
				for (const { name, target, params, mr } of presses) {
					const review = mr && listRows(town.town.sql, beads, "WHERE type = 'merge_request'")[0]?.bead_id;
					const before = violations(town);
					const order = town.order(name, review || target, params);
					if (town.interventions.apply(order).outcome === "applied") applied.add(name);
					const left = violations(town).filter((one) => !before.includes(one));
					expect(left, `${name} on ${order.target}`).toEqual([]);
				}
			};
			fc.assert(
				fc.property(pasts, fc.array(press, { minLength: 1, maxLength: 5 }), (past, presses) =>
					tried(town, () => done(past, presses)),
				),
				{ numRuns: 200, seed: SEED },
			);
			expect([...applied].sort()).toEqual(NAMES.sort());
		}),
	60_000,
);

const safePress = fc.record({
	name: fc.constantFrom("bead.priority", "bead.close", "bead.fail", "bead.reassign"),
	target: bead,
	params,
});

/** Rows as they count for an undo: without the times of their changes. */
const rows = (town: TestTown) => [
	...listRows(town.town.sql, beads).map(({ updated_at: _, ...row }) => row),
	...listRows(town.town.sql, agents),
];

test(
	"a safe intervention and its undo give back the same rows, but for their times",
	() =>
		inTown((town) => {
			const undone = new Set<string>();
			const done = (past: Event[], { name, target, params }: Omit<Press, "mr">) => {
				for (const event of past) event(town);
				const look = lookupOf(town.town.sql);
				const entry = CATALOGUE[name];
				const parsed = entry?.params.parse(params) ?? {};
				const safe =
					entry?.precondition(target, parsed, look).ok && entry.danger(target, parsed, look) === "safe";
				const undo = safe && entry.undo(target, parsed, look);
				if (!undo) return;
				const before = rows(town);
				if (town.interventions.apply(town.order(name, target, params)).outcome !== "applied") return;
				const back = town.interventions.apply(town.order(undo.name, target, undo.params));
				expect(back, JSON.stringify(back)).toMatchObject({ outcome: "applied" });
				expect(rows(town)).toEqual(before);
				undone.add(name);
			};
			fc.assert(
				fc.property(fc.array(events, { maxLength: 8 }), safePress, (past, one) =>
					tried(town, () => done(past, one)),
				),
				{ numRuns: 200, seed: SEED },
			);
			expect([...undone].sort()).toEqual(["bead.close", "bead.fail", "bead.priority", "bead.reassign"]);
		}),
	60_000,
);
