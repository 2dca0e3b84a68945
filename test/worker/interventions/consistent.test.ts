import fc from "fast-check";
import { expect, test } from "vitest";
import { agents, beads, escalationMetadata, townEvents } from "../../../shared/gastown/index.ts";
import { CATALOGUE, type CatalogueEntry } from "../../../shared/interventions/index.ts";
import { lookupOf } from "../../../worker/town/interventions/lookup.ts";
import { listRows, upsertRow } from "../../../worker/town/rows.ts";
import { setTownValue } from "../../../worker/town/town-state.ts";
import { inTown, type TestTown, tried } from "./town.ts";
import { ofCredentials, ofReviews, violations } from "./violations.ts";

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
	town.beat("toast", "mayor");
};
/** The town asks for a decision about this agent and bead, as they are now. */
const requestTriage = (town: TestTown, agent: string, bead: string): void =>
	void town.call("createBead", {
		...{ title: "Triage: stuck", labels: ["gt:triage-request"], rig_id: "api" },
		metadata: {
			...{ triage_type: "stuck_agent", agent_bead_id: agent, bead_id: bead },
			attempt_id: town.agent(agent)?.current_attempt_id ?? null,
		},
	});

const breakerOpen: Event = (town) =>
	town.live.run({ kind: "test", what: "open_circuit", id: null, by: null }, () =>
		setTownValue(town.town, "circuit", {
			...{ since: "2026-03-01T11:50:00Z", failing_beads: 20, message: "20 beads failed to start." },
		}),
	);

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
	fc
		.constantFrom("critical" as const, "low" as const)
		.map<Event>(
			(severity) => (town) =>
				town.call("routeEscalation", { agent_id: "toast", bead_id: "b1", severity, message: "Help" }),
		),
	fc.tuple(agent, bead).map<Event>(
		([a, b]) =>
			(town) =>
				requestTriage(town, a, b),
	),
	fc.constant<Event>((town) => town.call("setTownState", { key: "drain", value: { nonce: "n" } })),
	fc.constant<Event>(breakerOpen),
	fc.tuple(agent, bead, fc.nat(2)).map<Event>(
		([a, b, tries]) =>
			(town) =>
				town.live.run({ kind: "test", what: "inbox", id: null, by: null }, () =>
					upsertRow(town.town.sql, townEvents, {
						...{ event_id: "stall:ev", event_type: "end_process", agent_id: a, bead_id: b, tries },
						...{ created_at: "2026-03-01T11:00:00Z", processed_at: null, last_error: null, payload: {} },
					}),
				),
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

/** `pick` chooses among the targets on which it can be done now; `stray` among all of its kind, as when the town has moved on. */
type Press = { name: string; pick: number; stray: boolean; params: Record<string, unknown> };
const TRIAGE = [
	"RESTART", "RESTART_WITH_BACKOFF", "CLOSE_BEAD", "ESCALATE", "NUDGE", "REASSIGN_BEAD", "DISCARD", "PROVIDE_GUIDANCE",
] as const; // biome-ignore format: a list
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
	event: fc.constant("stall:ev"),
	action: fc.constantFrom(...TRIAGE),
	notes: fc.constant("Go on."),
	seen: fc.boolean(),
	model: fc.constantFrom("scripted/m", "scripted/other"),
});
/** The others are tried on towns of their own: `reviews-consistent.test.ts`, `credentials-consistent.test.ts`. */
const NAMES = Object.keys(CATALOGUE)
	.filter((name) => !ofReviews(name) && !ofCredentials(name))
	.sort();
/** Each as often as any other. */
const press: fc.Arbitrary<Press> = fc.record({
	name: fc.constantFrom(...NAMES),
	pick: fc.nat(20),
	stray: fc.integer({ min: 0, max: 4 }).map((n) => n === 0),
	params,
});

function idsOf(town: TestTown, target: CatalogueEntry["target"]): string[] {
	if (target === "container" || target === "town") return ["t"];
	const ofAgents = target === "agent" || target === "mayor";
	return listRows(town.town.sql, beads, "ORDER BY rowid")
		.filter(({ type }) => (type === "agent") === ofAgents)
		.map(({ bead_id }) => bead_id);
}

/** What this press is of, in the town as it is. */
function targetOf(town: TestTown, { name, pick, stray, params }: Press): string {
	const entry = CATALOGUE[name] as CatalogueEntry;
	const all = idsOf(town, entry.target);
	const look = lookupOf(town.town.sql);
	const can = all.filter((id) => entry.precondition(id, entry.params.parse(params), look).ok);
	const some = stray || can.length === 0 ? all : can;
	return some[pick % some.length] ?? "";
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
				for (const press of presses) {
					const before = violations(town);
					const order = town.order(press.name, targetOf(town, press), press.params);
					if (town.interventions.apply(order).outcome === "applied") applied.add(press.name);
					const left = violations(town).filter((one) => !before.includes(one));
					expect(left, `${press.name} on ${order.target}`).toEqual([]);
				}
			};
			fc.assert(
				fc.property(pasts, fc.array(press, { minLength: 2, maxLength: 9 }), (past, presses) =>
					tried(town, () => done(past, presses)),
				),
				{ numRuns: 100, seed: SEED },
			);
			expect([...applied].sort()).toEqual(NAMES);
		}),
	120_000,
);

type SafePress = { name: string; target: string; params: Record<string, unknown> };
const safePress: fc.Arbitrary<SafePress> = fc.record({
	name: fc.constantFrom(
		"bead.priority",
		"bead.close",
		"bead.fail",
		"bead.reassign",
		"escalation.acknowledge",
	),
	target: bead,
	params,
});

/** Rows as they count for an undo: without the times of their changes. */
const rows = (town: TestTown) => [
	...listRows(town.town.sql, beads).map(({ updated_at: _, ...row }) => row),
	...listRows(town.town.sql, agents),
	...listRows(town.town.sql, escalationMetadata),
];

test(
	"a safe intervention and its undo give back the same rows, but for their times",
	() =>
		inTown((town) => {
			const undone = new Set<string>();
			const done = (past: Event[], { name, target: aim, params }: SafePress) => {
				for (const event of past) event(town);
				const asks = () => listRows(town.town.sql, escalationMetadata)[0]?.bead_id ?? "none";
				const target = name.startsWith("escalation") ? asks() : aim;
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
			expect([...undone].sort()).toEqual([
				...["bead.close", "bead.fail", "bead.priority", "bead.reassign", "escalation.acknowledge"],
			]);
		}),
	120_000,
);
