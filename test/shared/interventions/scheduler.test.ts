import { expect, test } from "vitest";
import type { InForce } from "../../../shared/gastown/index.ts";
import { inForceNow } from "../../../shared/interventions/in-force.ts";
import { aBead, anAgent, before, container, NOW, townOf, value, works } from "../diagnosis/town.ts";
import { button, ORDER, why } from "./button.ts";

const TOWN = value("town", {
	...{ id: "t", name: "Harbour", owner_type: "user", owner_id: "u" },
	created_at: before(99),
});
const event = (row: Record<string, unknown> = {}) => ({
	...{ event_id: "stall:a1", event_type: "end_process", agent_id: "toast", bead_id: "b", payload: {} },
	...{ created_at: before(60), processed_at: null, tries: 4, last_error: "no answer", ...row },
});
const request = (metadata: Record<string, unknown> = {}, row: Record<string, unknown> = {}) =>
	aBead("q", {
		...{ title: "Triage: stuck", labels: ["gt:triage-request"], ...row },
		metadata: {
			triage_type: "stuck_agent",
			agent_bead_id: "toast",
			bead_id: "b",
			attempt_id: "a1",
			...metadata,
		},
	});
const escalation = (row: Record<string, unknown> = {}, bead: Record<string, unknown> = {}) =>
	townOf({
		beads: [aBead("e", { type: "escalation", title: "Escalation: help", ...bead })],
		escalation_metadata: [
			{
				...{ bead_id: "e", severity: "high", category: null, acknowledged: 0, re_escalation_count: 1 },
				...{ raised_at: null, acknowledged_at: null, ...row },
			},
		],
	});
const town = (more: Parameters<typeof townOf>[0] = {}) =>
	townOf({
		agent_metadata: [anAgent("toast", works("b", { current_attempt_id: "a1" }))],
		beads: [aBead("b", { title: "Fix login", status: "in_progress" }), request()],
		town_events: [event()],
		...more,
		town_state: [TOWN, container(), ...(more.town_state ?? [])],
	});
const code = (...of: Parameters<typeof why>) => why(...of)?.slice(0, 2) ?? null;

test("a drain is cleared where there is one, and its preview warns of a container that may still end", () => {
	expect(code(town(), "town.clear-drain", "t")).toEqual(["noop", "not-draining"]);
	expect(code(town(), "town.clear-drain", "another")).toEqual(["refused", "gone"]);
	const drains = town({ town_state: [value("drain", { nonce: "n", started_at: before(5) })] });
	expect(button(drains, "town.clear-drain", "t")).toMatchObject({
		...{ verdict: { ok: true }, danger: "disruptive", saw: { drain: "n" } },
		will: [expect.stringContaining("11:55:00 UTC")],
		wont: [expect.stringContaining("may still be about to end")],
		effects: [{ key: "drain", is: { value: null } }],
	});
});

test("the circuit breaker is reset where it is open; how many failures are forgotten is said", () => {
	expect(code(town(), "town.reset-breaker", "t")).toEqual(["noop", "closed"]);
	const open = town({
		town_state: [value("circuit", { since: before(3), failing_beads: 21, message: "21 beads failed." })],
	});
	const { will, wont, effects, danger } = button(open, "town.reset-breaker", "t");
	expect(danger).toBe("disruptive");
	expect(will[0]).toContain("21 beads");
	expect(wont[1]).toBe("Keep it closed: 20 new failures within 30 min open it again.");
	expect(effects.map(({ key }) => key)).toEqual(["circuit", "breaker_reset"]);
});

test("an alarm is set anew for a town that has a scheduler, and the look itself is the effect", () => {
	const foreign = town({ town_state: [value("config", { external_container: true })] });
	expect(code(foreign, "town.rearm-alarm", "t")).toEqual(["refused", "external-container"]);
	expect(button(town(), "town.rearm-alarm", "t").effects).toMatchObject([
		{ key: "look_order", is: { value: { order: ORDER } }, isnt: { value: { looked_at: null } } },
	]);
});

test("an event is discarded that was tried, waits, and exists; what it leaves behind is said", () => {
	const of = (row: Record<string, unknown>) =>
		code(town({ town_events: [event(row)] }), "town.discard-event", "t", { event: "stall:a1" });
	expect(of({})).toBeNull();
	expect(of({ tries: 0 })).toEqual(["refused", "not-tried"]);
	expect(of({ processed_at: before(1) })).toEqual(["noop", "processed"]);
	expect(code(town(), "town.discard-event", "t", { event: "other" })).toEqual(["refused", "no-event"]);
	const { label, will, effects } = button(town(), "town.discard-event", "t", { event: "stall:a1" });
	expect(label).toBe("Discard end process of Toast");
	expect(will).toEqual([
		"Take it out of the inbox, where it waits since 11:00:00 UTC, after 4 tries: it is not tried again.",
		"Leave Toast's process as it is: if it still runs, it may work beside the next one.",
		'Let "Fix login" be started again.',
	]);
	expect(effects).toMatchObject([{ entity: "town_events", key: "stall:a1" }]);
});

test("a triage request is resolved only by what would come to something", () => {
	const of = (action: string, view = town(), notes = "") =>
		code(view, "triage.resolve", "q", { action, notes });
	expect(of("RESTART")).toBeNull();
	expect(of("PROVIDE_GUIDANCE")).toEqual(["refused", "no-notes"]);
	expect(of("PROVIDE_GUIDANCE", town(), "Use the other helper.")).toBeNull();
	const since = town({ beads: [aBead("b", { status: "in_progress" }), request({ attempt_id: "a0" })] });
	expect(of("RESTART", since)).toEqual(["refused", "started"]);
	const over = town({ beads: [aBead("b", { status: "closed" }), request()], agent_metadata: [] });
	expect(of("RESTART", over)).toEqual(["refused", "no-bead"]);
	expect(of("CLOSE_BEAD", over)).toEqual(["refused", "no-bead"]);
	expect(of("NUDGE", over)).toEqual(["refused", "no-agent"]);
	expect(of("DISCARD", over)).toBeNull();
	expect(of("DISCARD", town({ beads: [request({}, { status: "closed" })] }))).toEqual(["noop", "resolved"]);
	expect(code(town(), "triage.resolve", "b", { action: "DISCARD" })).toEqual(["refused", "wrong-type"]);
});

test("the preview of a decision says whose session ends and what is started", () => {
	const { will, effects, danger } = button(town(), "triage.resolve", "q", { action: "RESTART" });
	expect(danger).toBe("disruptive");
	expect(will).toEqual([
		"Close the request with this decision.",
		"End Toast's session and process 4121.",
		'Put "Fix login" back to Open and start it again at once, which spends money.',
	]);
	expect(effects.map(({ key }) => key)).toEqual(["q", "b", "toast"]);
});

test("an escalation is acknowledged and stays open; that can be taken back, and one that is over is left", () => {
	expect(button(escalation(), "escalation.acknowledge", "e")).toMatchObject({
		...{ verdict: { ok: true }, danger: "safe" },
		wont: ["Close it: it stays open until its cause is gone."],
		effects: [{ entity: "escalation_metadata", key: "e", is: { acknowledged: 1 } }],
		undo: { name: "escalation.acknowledge", params: { seen: false } },
	});
	expect(code(escalation({ acknowledged: 1 }), "escalation.acknowledge", "e")).toEqual([
		"noop",
		"acknowledged",
	]);
	expect(code(escalation(), "escalation.acknowledge", "e", { seen: false })).toEqual([
		"noop",
		"not-acknowledged",
	]);
	expect(code(escalation({}, { status: "closed" }), "escalation.acknowledge", "e")).toEqual(["noop", "over"]);
	expect(code(town(), "escalation.acknowledge", "b")).toEqual(["refused", "wrong-type"]);
});

test("what is in force is what still shows and has not ended, newest first", () => {
	const one = (order: string, more: Partial<InForce> = {}): InForce => ({
		...{ order, name: "town.pause-dispatch", target: "t", label: "Pause dispatch", by: "ada" },
		...{ since: before(10), until: before(-60), undo: null, ...more },
		effects: [{ entity: "town_state", key: "drain", is: { value: { nonce: order } } }],
	});
	const list = [one("n"), one("other"), one("n", { name: "x", until: null }), one("n", { until: before(1) })];
	const view = town({ town_state: [value("drain", { nonce: "n", started_at: before(5) })] });
	expect(inForceNow(list, view.tables, NOW).map(({ name }) => name)).toEqual(["x", "town.pause-dispatch"]);
});
