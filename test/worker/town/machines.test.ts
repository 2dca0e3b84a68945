import { expect, it } from "vitest";
import { workingTown } from "./support.ts";

const illegal = (from: string, event: string) => ({
	ok: false,
	code: "illegal-move",
	details: { from, event },
});

it("TOWN-1: a convoy is started once, takes no member when it is over, and says where it was and what was tried", async () => {
	const town = await workingTown("machines-convoy");
	const { convoy_id } = await town.must<{ convoy_id: string }>("slingConvoy", {
		...{
			id: "c",
			rig_id: "rig-1",
			title: "Doors",
			staged: true,
			beads: [{ title: "Front" }, { title: "Back" }],
		},
	});
	await town.must("startConvoy", { convoy_id });
	expect(await town.call("startConvoy", { convoy_id })).toMatchObject(illegal("working", "start"));
	await town.must("convoyAddBead", { convoy_id, bead_id: "bead-1" });
	await town.must("convoyRemoveBead", { convoy_id, bead_id: "bead-1" });
	await town.must("closeConvoy", { convoy_id });
	for (const [method, event] of [
		["convoyAddBead", "add"],
		["convoyRemoveBead", "remove"],
	] as const)
		expect(await town.call(method, { convoy_id, bead_id: "bead-1" })).toMatchObject(illegal("closed", event));
	expect(await town.call("closeConvoy", { convoy_id })).toMatchObject(illegal("closed", "close"));
});

it("TOWN-1: an escalation is acknowledged once and not after its end", async () => {
	const town = await workingTown("machines-escalation");
	const raise = () =>
		town.must<{ escalation_id: string }>("routeEscalation", {
			...{ agent_id: town.toast, bead_id: "bead-1", severity: "high", category: null, message: "help" },
		});
	const { escalation_id } = await raise();
	await town.must("acknowledgeEscalation", { escalation_id });
	expect(await town.call("acknowledgeEscalation", { escalation_id })).toMatchObject(
		illegal("acknowledged", "acknowledge"),
	);
	const other = await raise();
	await town.must("closeBead", { bead_id: other.escalation_id });
	expect(await town.call("acknowledgeEscalation", { escalation_id: other.escalation_id })).toMatchObject(
		illegal("closed", "acknowledge"),
	);
});

it("TOWN-1: a review that has ended is not ended again", async () => {
	const town = await workingTown("machines-review");
	await town.must("hookBead", { agent_id: town.toast, bead_id: "bead-1" });
	await town.must("startDispatch", { agent_id: town.toast });
	const { merge_request_id: entry_id } = await town.must<{ merge_request_id: string }>("agentDone", {
		...{ agent_id: town.toast, branch: "b", pr_url: null, summary: "done" },
	});
	await town.must("completeReview", { entry_id, status: "merged", commit_sha: "abc" });
	expect(await town.call("completeReview", { entry_id, status: "conflict", message: "late" })).toMatchObject(
		illegal("closed", "conflict"),
	);
	expect(
		await town.call("requestChanges", { agent_id: town.toast, entry_id, message: "late" }),
	).toMatchObject(illegal("closed", "fail"));
});
