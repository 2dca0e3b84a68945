import { expect, test } from "vitest";
import { history, workingTown } from "./support.ts";

test("DIAG-4: an open bead is assigned for practice to who was removed, and to nobody who is there", async () => {
	const town = await workingTown("practice-gone");
	const practise = () =>
		town.call("practiceState", { state: "assigned-to-gone", agent_id: town.toast, bead_id: "bead-1" });
	expect(await practise()).toMatchObject({ ok: false, code: "not-so" });
	expect((await town.row("beads", "bead-1")).assignee_agent_bead_id).toBeNull();
	await town.must("deleteAgent", { agent_id: town.toast });
	expect(await practise()).toMatchObject({ ok: true });
	expect(await town.row("beads", "bead-1")).toMatchObject({
		...{ assignee_agent_bead_id: town.toast, status: "open" },
	});
	expect(await town.row("agent_metadata", town.toast)).toMatchObject({
		...{ status: "dead", current_hook_bead_id: null },
	});
	expect(await history(town, "bead-1")).toContain("assigned");
});

test("DIAG-4: an idle agent holds for practice a bead that has ended, and none that goes on", async () => {
	const town = await workingTown("practice-slot");
	const practise = () =>
		town.call("practiceState", { state: "ended-on-hook", agent_id: town.toast, bead_id: "bead-1" });
	expect(await practise()).toMatchObject({ ok: false, code: "not-so" });
	expect((await town.row("agent_metadata", town.toast)).current_hook_bead_id).toBeNull();
	await town.must("closeBead", { bead_id: "bead-1" });
	expect(await practise()).toMatchObject({ ok: true });
	expect(await town.row("agent_metadata", town.toast)).toMatchObject({
		...{ status: "idle", current_hook_bead_id: "bead-1" },
	});
});
