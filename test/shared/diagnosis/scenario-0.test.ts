import { describe, expect, test } from "vitest";
import type { WAITS } from "../../../shared/diagnosis/codes.ts";
import { diagnose, type Looks } from "../../../shared/diagnosis/index.ts";
import { CATALOGUE } from "../../../shared/interventions/index.ts";
import { lookupOf, put, type TownView } from "../../../shared/town-view/index.ts";
import { queue } from "./states/scenario-2.ts";
import { watchedPull } from "./states/scenario-3.ts";
import {
	aBead, anAgent, before, blocks, container, NOW, self, signals, townOf, value, works,
} from "./town.ts"; // biome-ignore format: a list

const looked = (row: Partial<Looks> = {}): Looks => ({
	...{ last_at: NOW - 5_000, next_at: NOW, at: NOW - 1_000 },
	...row,
});
const openWork = (state: ReturnType<typeof value>[] = [], bead = {}) =>
	townOf({
		beads: [aBead("b", bead)],
		agent_metadata: [anAgent("toast", { last_activity_at: before(50), last_event_at: before(50) })],
		town_state: [...self(), container(), ...state],
	});
const order = (row = {}) =>
	value("look_order", { order: "i", by: "Kim", at: before(2), looked_at: null, ...row });
const scheduler = (row = {}) =>
	value("scheduler", {
		at: before(1), actions: {}, failed: 0, last_error: null, violations: [], pending: 0, stuck: null, ...row,
	}); // biome-ignore format: a row
const stuckEvent = (row = {}) =>
	scheduler({
		pending: 2,
		stuck: {
			event: "stall:a1", type: "end_process", agent: "toast", bead: "b", since: before(5), error: "The container answered 500", ...row,
		},
	}); // biome-ignore format: a row

test("DIAG-1: a scheduler that does not look is critical, as the one reason to wait that is above a notice", () => {
	const late = looked({ last_at: NOW - 61_000, next_at: NOW - 56_000 });
	const [finding] = diagnose(openWork(), NOW, late).findings;
	expect(finding).toMatchObject({
		code: "town.alarm-dead",
		severity: "critical",
		sentence:
			"The town's scheduler has not looked for 1 min: nothing is started, watched or ended until it does",
		remedy: [{ name: "town.rearm-alarm", target: "town", params: {} }],
	});
	expect(finding?.behind.map(({ id }) => id)).toEqual(["b"]);
	expect(diagnose(openWork(), NOW, late).light).toBe("critical");
	expect(CATALOGUE["town.rearm-alarm"]?.precondition("t", {}, lookupOf(openWork()))).toEqual({ ok: true });
});

test.each<[string, () => TownView, Looks | null]>([
	["it looked a moment ago", () => openWork(), looked()],
	[
		"its next look is far off, as planned",
		() => openWork(),
		looked({ last_at: NOW - 290_000, next_at: NOW + 10_000 }),
	],
	["nothing is known of its looks", () => openWork(), null],
	[
		"this page was cut off: what it heard last was well",
		() => openWork(),
		looked({ last_at: NOW - 999_000, next_at: NOW - 994_000, at: NOW - 998_000 }),
	],
	["a look that was asked for has come", () => openWork([order({ looked_at: before(2) })]), null],
	["a look was asked for just now", () => openWork([order({ at: before(0.1) })]), null],
])("DIAG-3: the alarm is not dead when %s", (_, town, looks) => {
	expect(diagnose(town(), NOW, looks).findings.map(({ code }) => code)).not.toContain("town.alarm-dead");
});

test("DIAG-1: a look that an admin asked for and that never came tells of the dead alarm in rows alone", () => {
	const [finding] = diagnose(openWork([order()]), NOW).findings;
	expect(finding).toMatchObject({
		code: "town.alarm-dead",
		measured: ["An admin asked for a look, and none came."],
	});
});

/** Each wait that is told, and the same town without what it is told by. */
const WAITING: [code: (typeof WAITS)[number], told: () => TownView, sentence: string, without: () => TownView][] = [
	["town.inbox-stuck", () => openWork([stuckEvent()]), '2 events of the inbox fail at every look, end process of Toast for 5 min: "Bead b" is not started until then', () => openWork([stuckEvent({ since: before(1) })])],
	["town.no-actions", () => openWork([scheduler({ at: before(40) })]), "The scheduler has done nothing for 40 min, and 1 bead could begin", () => openWork([scheduler({ at: before(3) })])],
	["container.cold-start", () => townOf({ beads: [aBead("b")], town_state: [container({ since: before(0.5) })] }), "The container started under a minute ago: its agents are still coming up", () => townOf({ beads: [aBead("b")], town_state: [container({ since: before(3) })] })],
	["container.wedged", () => openWork([container({ health: { failures: 4, since: before(3), error: "timeout" } })]), "The container runs and has not answered 4 health checks for 3 min: timeout", () => openWork([container({ health: { failures: 2, since: before(1), error: "timeout" } })])],
	["review.waits-its-turn", () => queue(2), '"Merge m0" waits its turn: 1 review of rig api comes first', () => queue(0)],
	["review.awaiting-human", () => watchedPull({ mergeable_state: "blocked" }), 'The pull request of "Merge m" waits for an approval', () => watchedPull()],
	["bead.backing-off", () => townOf({ beads: [aBead("b", { dispatch_attempts: 2, last_dispatch_attempt_at: before(0.5), last_dispatch_error: "no capacity" })], agent_metadata: [anAgent("toast", { current_hook_bead_id: "b" })] }), '"Bead b" backs off after 2 starts: no capacity', () => townOf({ beads: [aBead("b", { dispatch_attempts: 2, last_dispatch_attempt_at: before(5) })] })],
]; // biome-ignore format: a table

describe.each(WAITING)("%s", (code, town, sentence, without) => {
	test("DIAG-2: it is a notice in plain words, with rows that open", () => {
		const notice = diagnose(town(), NOW).notices.find((one) => one.code === code);
		expect(notice).toMatchObject({ severity: "notice", sentence });
		expect(notice?.evidence.length).toBeGreaterThan(0);
	});
	test("DIAG-3: without what it is told by it is not told", () => {
		expect(diagnose(without(), NOW).notices.map((one) => one.code)).not.toContain(code);
	});
});

test("DIAG-2: reasons to wait come in their order, the town's before those of beads and agents", () => {
	const town = townOf({
		beads: [aBead("b"), aBead("c", { labels: ["gt:held"] }), aBead("d"), aBead("e", { status: "in_progress" })],
		bead_dependencies: [blocks("d", "b")],
		agent_metadata: [anAgent("toast", works("e")), anAgent("mayor", { role: "mayor", status: "waiting" })],
		agent_signals: [signals("toast", { offline_since: NOW - 9e5 })],
		town_state: [container({ since: before(0.5) }), value("billing", { blocked: true, since: before(9), reason: null }), value("drain", { nonce: "n", started_at: before(1) })],
	}); // biome-ignore format: rows
	const codes = diagnose(town, NOW).notices.map(({ code }) => code);
	expect(codes).toEqual([
		"town.billing-blocked", "town.draining", "bead.held", "bead.waits-for-open-blocker", "bead.waits-for-capacity",
		"agent.network-offline", "container.cold-start", "mayor.waiting",
	]); // biome-ignore format: a list
});

test("DIAG-1: the stuck event is named for the remedy, which the town's own rows allow", () => {
	const town = openWork([stuckEvent()]);
	const [step] = diagnose(town, NOW).notices.find(({ code }) => code === "town.inbox-stuck")?.remedy ?? [];
	expect(step).toEqual({ name: "town.discard-event", target: "town", params: { event: "stall:a1" } });
	put(town, "town_events", "stall:a1", {
		event_id: "stall:a1", event_type: "end_process", agent_id: "toast", bead_id: "b", payload: {}, created_at: before(5),
		processed_at: null, tries: 9, last_error: "500",
	}, null); // biome-ignore format: a row
	expect(CATALOGUE["town.discard-event"]?.precondition("t", step?.params ?? {}, lookupOf(town))).toEqual({
		ok: true,
	});
});
