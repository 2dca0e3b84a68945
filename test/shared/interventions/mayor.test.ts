import { expect, test } from "vitest";
import { anAgent, before, container, townOf, value } from "../diagnosis/town.ts";
import { button, why } from "./button.ts";

/** A mayor whose session waits, and a polecat. */
const town = (mayor: Record<string, unknown> = {}, ...state: ReturnType<typeof value>[]) =>
	townOf({
		agent_metadata: [
			anAgent("mayor", { role: "mayor", status: "waiting", container_process_id: "77", ...mayor }),
			anAgent("toast"),
		],
		town_state: state.length > 0 ? state : [container()],
	});
const asleep = town({ status: "idle", container_process_id: null }, container({ status: "sleeping" }));
const GIVEN = [
	["mayor.message", { message: "Wait for me." }],
	["mayor.restart", {}],
] as const;

test.each(GIVEN)("%s is of a mayor, and is refused where the town starts nothing", (name, params) => {
	const codeOf = (view: typeof asleep, target = "mayor") => why(view, name, target, params)?.[1] ?? null;
	expect(codeOf(town())).toBeNull();
	expect(codeOf(asleep)).toBeNull();
	expect(codeOf(town(), "nobody")).toBe("gone");
	expect(codeOf(town({ status: "dead" }))).toBe("gone");
	expect(codeOf(town(), "toast")).toBe("wrong-role");
	const held = (one: ReturnType<typeof value>) => codeOf(town({}, container(), one));
	expect(held(value("config", { external_container: true }))).toBe("external-container");
	expect(held(value("billing", { blocked: true, since: null, reason: null }))).toBe("billing-blocked");
	expect(held(value("run_policy", { policy: "paused_by_user", since: before(1), by: null }))).toBe("paused");
	expect(held(value("drain", { nonce: "n", started_at: before(1) }))).toBe("draining");
});

test("mayor.message says whether it wakes anything, and shows the message delivered", () => {
	const params = { message: "Wait for me." };
	const message = (view: typeof asleep) => button(view, "mayor.message", "mayor", params);
	expect(message(town())).toMatchObject({
		danger: "disruptive",
		will: ["Put the message into its conversation, marked as from an admin, which spends tokens."],
		wont: ["Hide it: the town's user sees it in the conversation."],
		effects: [{ entity: "agent_nudges", key: "order-1", is: { status: "delivered" }, outside: true }],
		outside: [],
		undo: null,
	});
	expect(message(asleep).will).toEqual([
		"Start the container: $0.113 an hour while it is awake, up to $0.288 more for the processor that it uses.",
		"Give the mayor a session with its history.",
		expect.stringMatching(/^Put the message/),
	]);
	expect(why(town({ status: "stalled" }), "mayor.message", "mayor", params)?.[1]).toBe("stalled");
});

test("mayor.restart ends the session that there is, and shows its end and the first message of the next", () => {
	expect(button(town(), "mayor.restart", "mayor")).toMatchObject({
		danger: "disruptive",
		saw: { container_process_id: "77" },
		will: [
			"End Mayor's session and process 77.",
			"Start a new process that goes on with its conversation, and tell it so, which spends tokens.",
		],
		wont: ["Lose what it was told: messages that wait are delivered to the new session."],
		effects: [
			{ label: "process 77 gone", entity: "agent_metadata", is: { container_process_id: null } },
			{ entity: "agent_nudges", key: "order-1", is: { status: "delivered" } },
		],
		outside: [{ kind: "stop-agent", agent: "mayor", bead: null }],
	});
	const { effects, outside, will } = button(asleep, "mayor.restart", "mayor");
	expect(effects.map(({ entity }) => entity)).toEqual(["agent_nudges"]);
	expect(outside).toEqual([]);
	expect(will[0]).toMatch(/^Start the container/);
	const stop = {
		...{ id: "o", kind: "stop-agent", agent: "mayor", bead: null },
		...{ since: before(1), status: "asked", error: null },
	};
	const stopping = town({}, container(), value("stops", { awaited: [stop], failed: [] }));
	expect(why(stopping, "mayor.restart", "mayor")).toEqual([
		"noop",
		"stopping",
		"It is being stopped already.",
	]);
});

test("LEDGER-5: a mayor that begins or ends a turn meanwhile is still restarted and written to", () => {
	for (const [name, params] of GIVEN) {
		const saw = button(town(), name, "mayor", params).saw;
		expect(button(town({ status: "working" }), name, "mayor", params).saw).toEqual(saw);
	}
});
