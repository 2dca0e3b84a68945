import { describe, expect, test } from "vitest";
import { aboutOf, kindOf } from "../../../web/town/changes/about.ts";

const none = { subject: null, before: null, after: null, cause: null };

describe("a change is found by every bead and agent that it is about", () => {
	test("what a row names before and after it, and who caused it", () => {
		const about = aboutOf({
			...{ ...none, entity: "beads", subject: { kind: "bead", id: "b1" } },
			before: { bead_id: "b1", type: "issue", assignee_agent_bead_id: "toast" },
			after: { bead_id: "b1", type: "issue", assignee_agent_bead_id: null },
			cause: { kind: "agent", what: "unhookBead", id: null, by: "maple" },
		});
		expect(about).toEqual({ beads: ["b1"], agents: ["toast", "maple"] });
	});

	test("an agent's own row is of the agent, its hook of the bead", () => {
		expect(
			aboutOf({ ...none, entity: "agent_metadata", after: { bead_id: "toast", current_hook_bead_id: "b1" } }),
		).toEqual({ beads: ["b1"], agents: ["toast"] });
		expect(aboutOf({ ...none, entity: "beads", after: { bead_id: "toast", type: "agent" } })).toEqual({
			...{ beads: [], agents: ["toast"] },
		});
	});

	test("the town's own rows are about nobody, and a person who caused one is no agent", () => {
		expect(
			aboutOf({
				...{ ...none, entity: "town_state", after: { key: "drain" } },
				cause: { kind: "intervention", what: "town.drain", id: "i", by: "ada" },
			}),
		).toEqual({ beads: [], agents: [] });
	});

	test("the kind is the journal's own word", () => {
		expect(kindOf({ before: null, after: { event_type: "hooked" } })).toBe("hooked");
		expect(kindOf({ before: null, after: { operation: "push", at: "2026" } })).toBe("push");
		expect(kindOf({ before: null, after: { type: "start", at: "2026" } })).toBe("start");
		expect(kindOf({ before: null, after: { type: "issue" } })).toBeNull();
	});
});
