import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { currentPrompt, promptHash } from "../../../shared/gastown/index.ts";
import { anAgent, before, container, NOW, signals, townOf, value, works } from "../diagnosis/town.ts";
import { button, why } from "./button.ts";

const SESSION = {
	session_id: "ses_1",
	pid: 77,
	status: "running",
	model: "scripted/m",
	prompt_hash: "0badcafe",
};
const session = (agent_id: string, row: Record<string, unknown> = {}) => ({
	...{ agent_id, attempt_id: "a1", ...SESSION, at: before(1), ...row },
});
type Given = {
	turn?: number | null;
	session?: Record<string, unknown> | null;
	mayor?: Record<string, unknown>;
};
const town = (
	{ turn = null, session: told = {}, mayor = {} }: Given = {},
	...state: ReturnType<typeof value>[]
) =>
	townOf({
		agent_metadata: [
			anAgent("mayor", {
				...{ role: "mayor", status: "waiting", container_process_id: "77", current_attempt_id: "a1" },
				...mayor,
			}),
			anAgent("toast", works("b1")),
		],
		agent_signals: [signals("mayor", { turn_since: turn })],
		agent_sessions: told === null ? [] : [session("mayor", told)],
		town_state: state.length > 0 ? state : [container()],
	});
const OTHER = { model: "scripted/other" };

test("the hash of a prompt is the one that everybody else computes", () => {
	for (const text of ["", "abc", "a".repeat(55), "a".repeat(56), "a".repeat(64), "é💡".repeat(100)])
		expect(promptHash(text)).toBe(createHash("sha256").update(text).digest("hex").slice(0, 8));
});

test("agent.set-model is safe between turns, shows the model in its session, and is undone by the one before", () => {
	expect(button(town(), "agent.set-model", "mayor", OTHER)).toMatchObject({
		verdict: { ok: true },
		danger: "safe",
		saw: { container_process_id: "77", model: "scripted/m" },
		will: ["Have Mayor's session go on with scripted/other instead of scripted/m."],
		effects: [{ entity: "agent_sessions", key: "mayor", is: OTHER, outside: true }],
		outside: [{ kind: "set-model", agent: "mayor", ...OTHER }],
		undo: { name: "agent.set-model", params: { model: "scripted/m" } },
	});
	expect(button(town({ turn: NOW - 5_000 }), "agent.set-model", "mayor", OTHER).danger).toBe("disruptive");
});

test("agent.set-model is refused without a session that is known, and changes nothing where it is the same", () => {
	const code = (view: ReturnType<typeof town>, params: Record<string, unknown> = OTHER) =>
		why(view, "agent.set-model", "mayor", params)?.[1];
	expect(code(town(), { model: "scripted/m" })).toBe("same");
	expect(code(town({ session: null }))).toBe("not-told");
	// What an earlier session ran on is no word of this one.
	expect(code(town({ session: { attempt_id: "a0" } }))).toBe("not-told");
	expect(code(town({ session: { session_id: null, pid: null } }))).toBe("starting");
	expect(code(town({ mayor: { status: "idle", container_process_id: null } }))).toBe("no-session");
	expect(code(town({}, container({ status: "sleeping" })))).toBe("not-running");
	expect(() => button(town(), "agent.set-model", "mayor", { model: "no provider" })).toThrow();
	expect(button(town({ session: { model: null } }), "agent.set-model", "mayor", OTHER).undo).toBeNull();
});

test("mayor.refresh-prompt gives its session the prompt of now, and is nothing to do where it has that", () => {
	const config = value("config", { custom_instructions: "Answer in verse." });
	const prompt = currentPrompt("mayor", "Mayor", { custom_instructions: "Answer in verse." });
	expect(prompt).toContain("Answer in verse.");
	const hash = promptHash(prompt);
	expect(button(town({}, container(), config), "mayor.refresh-prompt", "mayor")).toMatchObject({
		verdict: { ok: true },
		danger: "disruptive",
		saw: { prompt_hash: "0badcafe", current_prompt: hash },
		effects: [{ entity: "agent_sessions", key: "mayor", is: { prompt_hash: hash }, outside: true }],
		outside: [{ kind: "set-prompt", agent: "mayor", prompt }],
		undo: null,
	});
	const has = town({ session: { prompt_hash: hash } }, container(), config);
	expect(why(has, "mayor.refresh-prompt", "mayor")?.slice(0, 2)).toEqual(["noop", "current"]);
	expect(why(town(), "mayor.refresh-prompt", "toast")?.[1]).toBe("wrong-role");
	expect(why(town({ mayor: { status: "stalled" } }), "mayor.refresh-prompt", "mayor")?.[1]).toBe("stalled");
});
