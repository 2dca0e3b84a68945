import { expect, test } from "vitest";
import { CATALOGUE } from "../../../shared/interventions/index.ts";
import { aBead, anAgent, before, container, NOW, signals, townOf, value, works } from "../diagnosis/town.ts";
import { button, why } from "./button.ts";

type Rows = Parameters<typeof townOf>[0];

const ASKED = {
	id: "per_1",
	permission: "bash",
	patterns: ["rm -rf build"],
	tool: "bash",
	since: NOW - 60_000,
};

/** Toast in the middle of a turn, with a question; Maple between turns; Clove without a session. */
const town = (rows: Rows = {}) =>
	townOf({
		agent_metadata: [anAgent("toast", works("b", { active_tools: ["bash"] })), anAgent("maple", works("c")), anAgent("clove")],
		agent_signals: [signals("toast", { turn_since: NOW - 90_000, pending_permission: ASKED }), signals("maple")],
		beads: [aBead("b", { title: "Fix login", status: "in_progress" }), aBead("c")],
		town_state: [container()],
		...rows,
	}); // biome-ignore format: rows

const stop = (kind: string) => ({
	...{ id: "o", kind, agent: "toast", bead: "b", since: before(1), status: "asked", error: null },
});
const stopping = (kind: string) =>
	town({ town_state: [container(), value("stops", { awaited: [stop(kind)], failed: [] })] });

const GIVEN: Record<string, Record<string, unknown>> = {
	"agent.kill": {},
	"agent.interrupt": {},
	"agent.nudge": { message: "Look at the log." },
	"agent.answer-permission": { permission: "per_1", reply: "once" },
};
const all = Object.entries(GIVEN);

test.each(all)("%s reaches a session, and says why where there is none", (name, params) => {
	const on = (rows: Rows, target = "toast") => why(town(rows), name, target, params);
	expect(on({})).toBeNull();
	expect(on({}, "nobody")).toEqual(["refused", "gone", "This agent does not exist any more."]);
	expect(on({}, "clove")).toEqual(["refused", "no-session", "Clove has no session: it is idle."]);
	for (const status of ["stopped", "sleeping", "died"])
		expect(on({ town_state: [container({ status })] })?.[1]).toBe("not-running");
	expect(on({ town_state: [] })?.[1]).toBe("not-running");
	const foreign = value("config", { external_container: true });
	expect(on({ town_state: [container(), foreign] })?.[1]).toBe("external-container");
});

test.each(all)("%s is disruptive, cannot be undone, and names what to do next", (name, params) => {
	const { danger, undo } = button(town(), name, "toast", params);
	expect([danger, undo]).toEqual(["disruptive", null]);
	expect(CATALOGUE[name]?.next ?? null).toBe(
		{ "agent.kill": "agent.unhook", "agent.interrupt": "agent.nudge" }[name] ?? null,
	);
});

test.each(all)(
	"%s of a session that is being ended is refused, but for a kill, which ends it sooner",
	(name, params) => {
		const refusal = name === "agent.kill" ? null : ["refused", "stopping", "Toast is being stopped."];
		expect(why(stopping("stop-agent"), name, "toast", params)).toEqual(refusal);
		expect(why(stopping("kill-agent"), name, "toast", params)).toEqual(refusal);
		// What else is awaited of it ends no session.
		expect(why(stopping("interrupt-agent"), name, "toast", params)).toBeNull();
		const stalled = { agent_metadata: [anAgent("toast", works("b", { status: "stalled" }))] };
		expect(why(town(stalled), name, "toast", params)?.[1] ?? null).toBe(refusal && "stalled");
	},
);

test("agent.kill says what it ends and that its bead stays, and shows it by the process", () => {
	expect(button(town(), "agent.kill", "toast")).toMatchObject({
		label: "Kill Toast's process",
		saw: { container_process_id: "4121" },
		will: [
			"End Toast's session and process 4121, in the middle of bash.",
			"Kill everything that it started, at once: no turn may end.",
			'Leave "Fix login" on its hook: it is started again as its next attempt.',
		],
		wont: ["Bring back uncommitted work in its worktree."],
		outside: [{ kind: "kill-agent", agent: "toast", bead: "b" }],
		effects: [
			{ label: "process 4121 gone", key: "toast", is: { container_process_id: null }, outside: true },
		],
	});
	const mayor = town({ agent_metadata: [anAgent("mayor", { role: "mayor", status: "waiting" })] });
	expect(button(mayor, "agent.kill", "mayor").will.at(-1)).toBe(
		"Its next message starts a new session with its history.",
	);
});

test("agent.interrupt needs a turn, and leaves session, process and bead", () => {
	expect(why(town(), "agent.interrupt", "maple")).toEqual([
		"noop",
		"no-turn",
		"Maple has no turn under way.",
	]);
	expect(button(town(), "agent.interrupt", "toast")).toMatchObject({
		label: "Interrupt Toast",
		will: [
			"Abort the turn under way, and the tool that it runs.",
			"Keep its session, its process and its bead.",
		],
		outside: [{ kind: "interrupt-agent", agent: "toast" }],
		effects: [{ entity: "agent_signals", key: "toast", is: { turn_since: null }, outside: true }],
	});
});

test("agent.nudge is a message of some words, shown delivered under the intervention's id", () => {
	expect(button(town(), "agent.nudge", "toast", { message: "  Go on.  " })).toMatchObject({
		label: "Nudge Toast",
		will: [expect.stringContaining("marked as from an admin, which spends tokens"), expect.anything()],
		wont: ["Interrupt the tool that runs now."],
		// The message is a row with the receipt; the scheduler brings it.
		outside: [],
		effects: [{ entity: "agent_nudges", key: "order-1", is: { status: "delivered" } }],
	});
	const parse = (message: string) => CATALOGUE["agent.nudge"]?.params.safeParse({ message });
	expect(parse("  Go on.  ")?.data).toEqual({ message: "Go on." });
	expect(parse("   ")?.error?.issues[0]?.message).toBe("Write a message.");
	expect(parse("x".repeat(4_001))?.success).toBe(false);
});

test("agent.answer-permission answers the question that was seen, and no other", () => {
	const answer = (reply: string) =>
		button(town(), "agent.answer-permission", "toast", { permission: "per_1", reply });
	expect(answer("once")).toMatchObject({
		label: "Allow once what Toast asks",
		saw: { permission: "per_1" },
		will: [
			"Let it do this one time: bash rm -rf build. It has waited since 11:59:00 UTC.",
			"Let its turn go on, which spends tokens.",
		],
		wont: [],
		outside: [{ kind: "answer-permission", agent: "toast", permission: "per_1", reply: "once" }],
	});
	expect(answer("always")).toMatchObject({
		will: [expect.stringContaining("whatever matches bash rm -rf build"), expect.anything()],
		wont: ["Allow it to other agents, or after this session."],
	});
	expect(answer("reject").will[0]).toMatch(/^Refuse it: bash rm -rf build/);
	expect(() => answer("perhaps")).toThrow();
	const another = { permission: "per_2", reply: "once" };
	expect(why(town(), "agent.answer-permission", "toast", another)?.slice(0, 2)).toEqual([
		"refused",
		"another",
	]);
	expect(why(town(), "agent.answer-permission", "maple", another)).toEqual([
		"noop",
		"not-asked",
		"Maple asks nothing now.",
	]);
	expect(answer("once").effects).toMatchObject([
		{ entity: "agent_signals", key: "toast", is: {}, isnt: { pending_permission: { id: "per_1" } } },
	]);
});
