import { expect, test } from "vitest";
import { townOf, value } from "../diagnosis/town.ts";
import { button, why } from "./button.ts";

const town = {
	id: "t",
	name: "Harbor",
	owner_type: "user",
	owner_id: "u",
	created_at: "2026-03-01T00:00:00Z",
};
const configured = (config: Record<string, unknown>) =>
	townOf({ town_state: [value("town", town), value("config", config)] });

test.each([
	["max_polecats_per_rig", 3, 2, "safe"],
	["max_polecats_per_rig", 3, 4, "disruptive"],
	// What holds without a value of its own may be more.
	["max_polecats_per_rig", 3, null, "disruptive"],
	["auto_merge", true, false, "safe"],
	["auto_merge", false, true, "disruptive"],
	["auto_merge_delay_minutes", 5, 30, "safe"],
	["auto_merge_delay_minutes", 5, 0, "disruptive"],
	["max_dispatch_attempts", 5, 9, "safe"],
])(
	"LEDGER-7: %s from %j to %j is %s: what starts or merges work is confirmed and says so",
	(key, was, to, is) => {
		const { danger, will } = button(configured({ [key]: was }), "config.set", "t", {
			key,
			value: to,
			rig: null,
		});
		expect(danger).toBe(is);
		expect(will.some((words) => /^(Start beads|Merge )/.test(words))).toBe(is === "disruptive");
	},
);

test("LEDGER-14: variables that are masked as a whole are not changed one by one, which would lose the others", () => {
	const set = (env_vars: unknown) => why(configured({ env_vars }), "config.set-env", "t", { name: "ONE" });
	expect(set("masked")?.[1]).toBe("masked");
	expect(set({ TWO: "masked" })).toBeNull();
});
