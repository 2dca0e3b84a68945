import { expect, test } from "vitest";
import { dispatched, history, statuses, workingTown } from "./support.ts";

const T0 = Date.parse("2026-11-22T10:00:00.000Z");

test("TOWN-3: a bead's row says since when it is in its status, whatever else of it changes", async () => {
	const town = await workingTown("status-since", T0);
	const since = async () => (await town.row("beads", "bead-1")).status_since;
	expect(await since()).toBe("2026-11-22T10:00:00.000Z");
	await town.setClock(T0 + 60_000);
	await town.must("updateBead", { bead_id: "bead-1", fields: { priority: "high" } });
	await town.must("hookBead", { agent_id: town.toast, bead_id: "bead-1" });
	expect(await since()).toBe("2026-11-22T10:00:00.000Z");
	await town.must("startDispatch", { agent_id: town.toast });
	expect(await since()).toBe("2026-11-22T10:01:00.000Z");
});

test("TOWN-3: a bead goes from open over review to closed, and everything on the way is journaled", async () => {
	const town = await workingTown("whole-way");
	await dispatched(town);
	expect(await town.row("agent_metadata", town.toast)).toMatchObject({
		status: "working",
		current_hook_bead_id: "bead-1",
		container_process_id: "4711",
	});
	expect((await town.row("beads", "bead-1")).assignee_agent_bead_id).toBe(town.toast);

	const done = await town.must<{ merge_request_id: string }>("agentDone", {
		agent_id: town.toast,
		branch: "fix/door",
	});
	const mr = done.merge_request_id;
	expect(await town.row("beads", "bead-1")).toMatchObject({ status: "in_review" });
	expect(await town.row("agent_metadata", town.toast)).toMatchObject({
		status: "idle",
		current_hook_bead_id: null,
	});
	expect(await town.row("review_metadata", mr)).toMatchObject({ branch: "fix/door", target_branch: "main" });
	expect(await town.row("bead_dependencies", JSON.stringify([mr, "bead-1"]))).toMatchObject({
		dependency_type: "tracks",
	});

	await town.must("createAgent", {
		id: `${town.id}/ref`,
		role: "refinery",
		name: "Refinery",
		rig_id: "rig-1",
	});
	await dispatched(town, `${town.id}/ref`, mr);
	await town.must("agentDone", { agent_id: `${town.id}/ref`, pr_url: "https://example.test/pr/1" });
	expect(await town.row("beads", mr)).toMatchObject({ status: "in_review" });
	await town.must("completeReview", { entry_id: mr, status: "merged", commit_sha: "abc" });
	expect(await town.row("beads", mr)).toMatchObject({ status: "closed" });
	expect(await town.row("beads", "bead-1")).toMatchObject({ status: "closed" });
	expect((await town.row("beads", "bead-1")).closed_at).not.toBeNull();
	expect(await town.row("review_metadata", mr)).toMatchObject({ merge_commit: "abc" });

	expect(await history(town, "bead-1")).toEqual([
		"created", "assigned", "hooked", "status_changed", "agent_spawned", "unhooked", "status_changed",
		"review_submitted", "closed",
	]); // biome-ignore format: a list
	expect(await statuses(town, town.toast)).toEqual(["idle", "working", "idle"]);
	const [last] = await town.journal("agent_status_log", { agent_id: town.toast });
	expect(last?.cause).toBe("agentDone by user/test");
});

test("TOWN-1: a review that fails gives its source back to the queue, and a second `done` makes no second merge request", async () => {
	const town = await workingTown("rejected");
	await dispatched(town);
	const { merge_request_id: mr } = await town.must<{ merge_request_id: string }>("agentDone", {
		agent_id: town.toast,
	});
	expect(await town.call("agentDone", { agent_id: town.toast })).toMatchObject({
		code: "illegal-move",
		details: { from: "empty", event: "done" },
	});
	await town.must("completeReview", { entry_id: mr, status: "conflict", message: "both changed door.ts" });
	expect(await town.row("beads", "bead-1")).toMatchObject({ status: "open", assignee_agent_bead_id: null });
	expect(await town.row("beads", mr)).toMatchObject({
		status: "failed",
		metadata: { failure_reason: { code: "merge_conflict", message: "both changed door.ts" } },
	});
	expect(await town.row("review_metadata", mr)).toMatchObject({ retry_count: 1 });
});

test("REVIEW-1: a conflict ends the work at once where it is not to be resolved by itself, and asks a person", async () => {
	const town = await workingTown("unresolved");
	await town.must("setTownState", { key: "config", value: { auto_resolve_merge_conflicts: false } });
	await dispatched(town);
	const { merge_request_id: mr } = await town.must<{ merge_request_id: string }>("agentDone", {
		agent_id: town.toast,
	});
	await town.must("completeReview", { entry_id: mr, status: "conflict", message: "both changed door.ts" });
	expect(await town.row("beads", "bead-1")).toMatchObject({
		status: "failed",
		metadata: {
			failure_reason: { code: "merge_conflict", message: "It conflicted: both changed door.ts" },
		},
	});
	const [escalated] = await town.journal("bead_events", { event_type: "escalated" });
	expect(escalated?.bead_id).toBe("bead-1");
});

test("CONVOY-1: a deleted bead leaves its convoy's counters and a history that says who deleted it", async () => {
	const town = await workingTown("deleted");
	const members = [{ title: "One" }, { title: "Two" }];
	await town.must("slingConvoy", { id: "c", title: "Door", rig_id: "rig-1", beads: members });
	await town.must("deleteBead", { bead_id: "c.2", actor: "user/ada" });
	expect(await town.call("closeBead", { bead_id: "c.2" })).toMatchObject({ ok: false });
	expect((await town.row("convoy_metadata", "c")).total_beads).toBe(2);
	const [last] = await town.journal("bead_events", { bead_id: "c" });
	expect(last).toMatchObject({ new_value: "c.2", metadata: { by: "user/ada", member: "deleted" } });
	await dispatched(town);
	expect(await town.call("deleteBead", { bead_id: "bead-1" })).toMatchObject({ code: "at-work" });
});

test("FEED-6: a branch that holds a token is redacted wherever it is kept", async () => {
	const town = await workingTown("branch");
	await dispatched(town);
	const branch = "fix/ghp_abcdefghijklmnopqrstuvwxyz0123456789";
	const { merge_request_id: mr } = await town.must<{ merge_request_id: string }>("agentDone", {
		...{ agent_id: town.toast, branch },
	});
	expect(await town.row("review_metadata", mr)).toMatchObject({ branch: "fix/[redacted]" });
	const [submitted] = await town.journal("bead_events", { event_type: "review_submitted" });
	expect(submitted).toMatchObject({ metadata: { branch: "fix/[redacted]" } });
});

test("TOWN-1: work that needs no review is closed when it is done", async () => {
	const town = await workingTown("rework");
	await town.must("createBead", { id: "again", title: "Again", rig_id: "rig-1", labels: ["gt:rework"] });
	await dispatched(town, town.toast, "again");
	expect(await town.must("agentDone", { agent_id: town.toast })).toEqual({ merge_request_id: null });
	expect(await town.row("beads", "again")).toMatchObject({ status: "closed" });
});
