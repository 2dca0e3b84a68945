import { expect, test } from "vitest";
import {
	CAUSE_CODES,
	CAUSES,
	COMPLAINTS,
	mayFollow,
	scenarioOf,
	WAITS,
} from "../../../shared/diagnosis/codes.ts";
import { ALL_STATES } from "./states/states.ts";

test("DIAG-1: 39 causes, each of one complaint, none of them a reason to wait", () => {
	expect(CAUSE_CODES).toHaveLength(39);
	for (const code of CAUSE_CODES) expect(Object.keys(COMPLAINTS)).toContain(String(scenarioOf(code)));
	for (const code of WAITS) expect(scenarioOf(code)).toBe(0);
	expect(scenarioOf("bead.undispatched")).toBe(2);
	expect(scenarioOf("toString")).toBeNull();
});

test("DIAG-2: what may follow a cause is itself told by some rule", () => {
	for (const code of CAUSE_CODES)
		for (const after of CAUSES[code].may) {
			expect(scenarioOf(after)).not.toBeNull();
			expect(mayFollow(code, after)).toBe(true);
		}
	expect(mayFollow("agent.dispatch-exhausted", "agent.clone-failed")).toBe(false);
});

test("DIAG-1: every state is one of a known cause", () => {
	for (const code of Object.keys(ALL_STATES)) expect(CAUSE_CODES).toContain(code);
});
