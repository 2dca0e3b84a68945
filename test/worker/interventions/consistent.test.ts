import fc from "fast-check";
import { expect, test } from "vitest";
import { agents, beads } from "../../../shared/gastown/index.ts";
import { CATALOGUE } from "../../../shared/interventions/index.ts";
import { lookupOf } from "../../../worker/town/interventions/lookup.ts";
import { listRows } from "../../../worker/town/rows.ts";
import { inTown, type TestTown, tried } from "./town.ts";

const bead = fc.constantFrom("b1", "b2", "b3", "b4", "b5", "b6");
const agent = fc.constantFrom("toast", "maple", "clove", "refinery", "mayor");

/** The same towns in every run, so that a run of the tests says what it said before. */
const SEED = 4711;

/** Something that agents, users or the container do. Refusals are fine: what counts is where the town is then. */
type Event = (town: TestTown) => unknown;

/** The stream of an agent says that it is in a turn, and asks something. */
function inTurn(town: TestTown, agent: string): void {
	const asks = { id: "per_1", permission: "bash", patterns: ["rm *"], tool: "bash", since: town.now };
	town.signals(agent, { turn_since: town.now, pending_permission: asks });
}

/** What most towns are like when somebody looks: the container runs, some are at work. */
const busy: Event = (town) => {
	town.container("start");
	town.work("toast", "b1");
	inTurn(town, "toast");
	town.session("mayor", "77");
};
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
	agent.map<Event>((a) => (town) => inTurn(town, a)),
	fc.constant<Event>((town) => town.session("mayor")),
	fc
		.constantFrom<["start" | "stop" | "sleep" | "eviction", string]>(
			["start", "i-1"],
			["start", "i-2"],
			["stop", "i-1"],
			["sleep", "i-2"],
			["eviction", "i-1"],
		)
		.map<Event>(
			([type, instance_id]) =>
				(town) =>
					town.container(type, { instance_id, exit_code: type === "stop" ? 137 : 0 }),
		),
	fc.subarray(["toast", "maple", "mayor"]).map<Event>((running) => (town) => town.beat(...running)),
	fc
		.constantFrom("paused_by_user", "automatic")
		.map<Event>(
			(policy) => (town) => town.call("setTownState", { key: "run_policy", value: { policy, by: "u/1" } }),
		),
	fc
		.constantFrom("container.pause", "town.pause-dispatch")
		.map<Event>((name) => (town) => town.interventions.apply(town.order(name, "t"))),
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
/** Those of all entries in one: each reads its own. */
const params = fc.record({
	priority: fc.constantFrom("low", "critical"),
	to: fc.constantFrom("open", "open", "in_review"),
	clear_attempts: fc.boolean(),
	agent: fc.option(agent),
	message: fc.constant("Go on."),
	permission: fc.constantFrom("per_1", "per_1", "per_1", "per_2"),
	reply: fc.constantFrom("once", "always", "reject"),
	hours: fc.constantFrom(1, 4),
	lift_users_pause: fc.boolean(),
});
/** Each entry as often as any other, on targets of its own kind. */
const TARGETS = {
	bead,
	agent,
	mayor: fc.constant("mayor"),
	container: fc.constant("t"),
	town: fc.constant("t"),
};
const press: fc.Arbitrary<Press> = fc.constantFrom(...Object.values(CATALOGUE)).chain(({ name, target }) =>
	fc.record({
		name: fc.constant(name),
		// A name from outside may come with any id.
		target: fc.oneof(
			{ weight: 9, arbitrary: TARGETS[target] },
			{ weight: 1, arbitrary: fc.oneof(bead, agent) },
		),
		mr: target === "bead" ? fc.boolean() : fc.constant(false),
		params,
	}),
);

/** Where the town breaks LEDGER-12. A process whose stop is under way is in its grace time. */
function violations(town: TestTown): string[] {
	const agentRows = listRows(town.town.sql, agents);
	const beadRows = new Map(listRows(town.town.sql, beads).map((row) => [row.bead_id, row]));
	const found: string[] = [];
	for (const row of agentRows) {
		const hook = row.current_hook_bead_id;
		const held = town.interventions.isHeld("agent", row.bead_id);
		if (hook !== null && beadRows.get(hook)?.assignee_agent_bead_id !== row.bead_id)
			found.push(`${row.bead_id} is hooked to ${hook}, whose assignee is another`);
		if (hook !== null && ["closed", "failed"].includes(beadRows.get(hook)?.status ?? ""))
			found.push(`${row.bead_id} is hooked to ${hook}, which has ended`);
		if (row.container_process_id !== null && hook === null && row.role !== "mayor" && !held)
			found.push(`${row.bead_id} has a process without a hook`);
		if (row.status === "working" && hook === null && row.role !== "mayor")
			found.push(`${row.bead_id} works without a hook`);
	}
	for (const row of beadRows.values()) {
		const assignee = row.assignee_agent_bead_id;
		const hooked = agentRows.filter((one) => one.current_hook_bead_id === row.bead_id);
		if (hooked.length > 1) found.push(`${row.bead_id} is on several hooks`);
		if (row.status === "in_progress" && hooked.length === 0)
			found.push(`${row.bead_id} is worked on by nobody`);
		if (["open", "in_progress"].includes(row.status) && assignee && hooked[0]?.bead_id !== assignee)
			found.push(`${row.bead_id} is assigned to ${assignee}, which is not hooked to it`);
	}
	return found;
}

test(
	"LEDGER-12: whatever is done to whatever town, nothing is left inconsistent that was not",
	() =>
		inTown((town) => {
			const applied = new Set<string>();
			const pasts = fc
				.tuple(fc.constantFrom([], [busy]), fc.array(events, { maxLength: 10 }))
				.map(([begin, more]) => [...begin, ...more]);
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
				{ numRuns: 150, seed: SEED },
			);
			expect([...applied].sort()).toEqual(Object.keys(CATALOGUE).sort());
		}),
	120_000,
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
				{ numRuns: 150, seed: SEED },
			);
			expect([...undone].sort()).toEqual(["bead.close", "bead.fail", "bead.priority", "bead.reassign"]);
		}),
	120_000,
);
