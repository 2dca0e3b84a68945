// @vitest-environment happy-dom
import { expect, test } from "vitest";
import { leaveTab, searchOfTab } from "../../../web/settings/tab-memory.ts";

test("PAGE-7: a tab is taken up with the filter and order that it was left with; what is open goes along", () => {
	leaveTab("harbor", "state", { q: "rig:api", sort: "-cost", open: "bead:one", sel: "two" });
	expect(searchOfTab("harbor", "state", { open: "agent:toast", at: "47902", q: "role:mayor" })).toMatchObject(
		{
			...{ q: "rig:api", sort: "-cost", open: "agent:toast", at: "47902" },
		},
	);
	expect(searchOfTab("harbor", "agents", {}).q).toBeUndefined();
	expect(searchOfTab("mill", "state", {}).q).toBeUndefined();
	leaveTab("harbor", "state", {});
	expect(searchOfTab("harbor", "state", {}).q).toBeUndefined();
});
