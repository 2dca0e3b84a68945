import { expect, test } from "vitest";
import { type Attempt, dispatched, history, statuses, type TestTown, workingTown } from "./support.ts";

const T0 = Date.parse("2026-11-22T10:00:00.000Z");

test("TOWN-4: five failed starts, each after its back-off, fail the bead with dispatch_exhausted and keep every error", async () => {
	const town = await workingTown("exhausted");
	let now = T0;
	await town.setClock(now);
	await town.must("hookBead", { agent_id: town.toast, bead_id: "bead-1" });
	const waits = [30_000, 60_000, 120_000, 300_000];
	for (let n = 1; n <= 5; n++) {
		const attempt = await town.must<Attempt>("startDispatch", { agent_id: town.toast });
		expect(attempt.n).toBe(n);
		await town.must("dispatchOutcome", {
			attempt_id: attempt.attempt_id,
			outcome: "failed",
			container_response: "500 boom",
			error: `clone ${n} failed: https://x:ghp_abcdefghijklmnopqrstuvwxyz0123456789@example.test`,
		});
		if (n === 5) break;
		expect(await town.row("beads", "bead-1")).toMatchObject({ status: "open", dispatch_attempts: n });
		expect(await town.row("agent_metadata", town.toast)).toMatchObject({
			status: "idle",
			current_hook_bead_id: "bead-1",
		});
		const wait = waits[n - 1] ?? 0;
		await town.setClock(now + wait - 1);
		expect(await town.call("startDispatch", { agent_id: town.toast })).toMatchObject({
			code: "backing-off",
			details: { next_at: now + wait },
		});
		now += wait;
		await town.setClock(now);
	}
	expect(await town.row("beads", "bead-1")).toMatchObject({
		status: "failed",
		metadata: { failure_reason: { code: "dispatch_exhausted", source: "scheduler" } },
	});
	expect(await town.row("agent_metadata", town.toast)).toMatchObject({
		status: "idle",
		current_hook_bead_id: null,
	});
	const attempts = await town.journal("dispatch_attempts", { bead_id: "bead-1" });
	expect(attempts.map((row) => [row.n, row.outcome])).toEqual([5, 4, 3, 2, 1].map((n) => [n, "failed"]));
	const stored =
		JSON.stringify(await town.journal("dispatch_attempts")) +
		JSON.stringify(await town.row("beads", "bead-1"));
	expect(stored).toContain("clone 5 failed");
	expect(stored).not.toContain("ghp_abcdef");
});

test("TOWN-4: a started attempt clears the agent's counter, but never a refinery's", async () => {
	const town = await workingTown("counters");
	await dispatched(town);
	expect(await town.row("agent_metadata", town.toast)).toMatchObject({ dispatch_attempts: 0 });
	const { merge_request_id: mr } = await town.must<{ merge_request_id: string }>("agentDone", {
		agent_id: town.toast,
	});
	await town.must("createAgent", {
		id: `${town.id}/ref`,
		role: "refinery",
		name: "Refinery",
		rig_id: "rig-1",
	});
	await dispatched(town, `${town.id}/ref`, mr);
	expect(await town.row("agent_metadata", `${town.id}/ref`)).toMatchObject({ dispatch_attempts: 1 });
});

test("LEDGER-12: hook = assignee; unhooking returns the bead to open, and a late answer to its start changes nothing", async () => {
	const town = await workingTown("unhook");
	await town.must("hookBead", { agent_id: town.toast, bead_id: "bead-1" });
	const { attempt_id } = await town.must<Attempt>("startDispatch", { agent_id: town.toast });
	await town.must("unhookBead", { agent_id: town.toast });
	const after = {
		bead: { status: "open", assignee_agent_bead_id: null },
		agent: { status: "idle", current_hook_bead_id: null, current_attempt_id: null },
	};
	expect(await town.row("beads", "bead-1")).toMatchObject(after.bead);
	expect(await town.row("agent_metadata", town.toast)).toMatchObject(after.agent);
	expect(await town.call("dispatchOutcome", { attempt_id, outcome: "started" })).toMatchObject({
		code: "illegal-move",
	});
	expect(await town.row("agent_metadata", town.toast)).toMatchObject(after.agent);
	expect(await town.call("unhookBead", { agent_id: town.toast })).toMatchObject({
		code: "illegal-move",
		details: { from: "empty", event: "unhook" },
	});
});

test("LEDGER-12: a second agent that hooks a bead takes the first one off", async () => {
	const town = await workingTown("evict");
	await town.must("createAgent", { id: `${town.id}/lark`, role: "polecat", name: "Lark", rig_id: "rig-1" });
	await dispatched(town);
	await town.must("hookBead", { agent_id: `${town.id}/lark`, bead_id: "bead-1" });
	expect(await town.row("agent_metadata", town.toast)).toMatchObject({
		status: "idle",
		current_hook_bead_id: null,
	});
	expect(await town.row("beads", "bead-1")).toMatchObject({
		status: "open",
		assignee_agent_bead_id: `${town.id}/lark`,
	});
	expect(await town.call("hookBead", { agent_id: `${town.id}/lark`, bead_id: "bead-1" })).toMatchObject({
		code: "illegal-move",
		details: { hook: "bead-1" },
	});
});

test("LEDGER-12: closing or failing a bead that is worked on frees its agent; an ended bead refuses a second end", async () => {
	const town = await workingTown("ends");
	await dispatched(town);
	await town.must("closeBead", { bead_id: "bead-1", actor: "user/olive" });
	expect(await town.row("agent_metadata", town.toast)).toMatchObject({
		status: "idle",
		current_hook_bead_id: null,
	});
	const [closed] = await town.journal("bead_events", { bead_id: "bead-1", event_type: "closed" });
	expect(closed).toMatchObject({ agent_id: null, old_value: "in_progress", metadata: { by: "user/olive" } });
	for (const again of [
		await town.call("closeBead", { bead_id: "bead-1" }),
		await town.call("updateBeadStatus", { bead_id: "bead-1", status: "failed" }),
	])
		expect(again).toMatchObject({ ok: false, code: "illegal-move", details: { from: "closed" } });
	expect(await town.call("updateBeadStatus", { bead_id: "bead-1", status: "closed" })).toMatchObject({
		code: "no-change",
	});
	await town.must("updateBeadStatus", { bead_id: "bead-1", status: "open" });
	expect(await town.row("beads", "bead-1")).toMatchObject({
		status: "open",
		closed_at: null,
		assignee_agent_bead_id: null,
	});
});

test("TOWN-4: an exit without a word keeps hook and bead, so that a late `done` still counts", async () => {
	const town = await workingTown("late-done");
	const attempt_id = await dispatched(town);
	await town.report("completions", { agent_id: town.toast, attempt_id, status: "completed", exit_code: 0 });
	expect(await town.row("agent_metadata", town.toast)).toMatchObject({
		status: "idle",
		current_hook_bead_id: "bead-1",
		container_process_id: null,
		last_exit: { code: 0, signal: null, bead_id: "bead-1" },
	});
	expect(await town.row("beads", "bead-1")).toMatchObject({ status: "in_progress" });
	await town.must("agentDone", { agent_id: town.toast });
	expect(await town.row("beads", "bead-1")).toMatchObject({ status: "in_review" });
});

test("TOWN-3: a crash gives the bead back while attempts are left, then fails it with agent_failed; an eviction opens it without an assignee", async () => {
	const town = await workingTown("crash");
	const attempt_id = await dispatched(town);
	await town.report("completions", { agent_id: town.toast, attempt_id, status: "failed", signal: "SIGSEGV" });
	expect(await town.row("beads", "bead-1")).toMatchObject({
		...{ status: "open", assignee_agent_bead_id: null },
		last_dispatch_error: "The agent's process failed with signal SIGSEGV.",
	});
	expect(await town.row("dispatch_attempts", attempt_id)).toMatchObject({
		signal: "SIGSEGV",
		exit_code: null,
	});
	await town.must("setTownState", { key: "config", value: { thresholds: { max_dispatch_attempts: 2 } } });
	await town.must("hookBead", { agent_id: town.toast, bead_id: "bead-1" });
	const last = await town.must<Attempt>("startDispatch", { agent_id: town.toast, skip_back_off: true });
	await town.report("completions", {
		...{ agent_id: town.toast, attempt_id: last.attempt_id, status: "failed", signal: "SIGSEGV" },
	});
	expect(await town.row("beads", "bead-1")).toMatchObject({
		status: "failed",
		metadata: {
			failure_reason: { code: "agent_failed", message: "The agent's process failed with signal SIGSEGV." },
		},
	});
	expect(await town.row("agent_metadata", town.toast)).toMatchObject({
		status: "idle",
		current_hook_bead_id: null,
	});
	await town.must("createBead", { id: "bead-2", title: "Second", rig_id: "rig-1" });
	const second = await dispatched(town, town.toast, "bead-2");
	await town.report("completions", { agent_id: town.toast, attempt_id: second, status: "evicted" });
	expect(await town.row("beads", "bead-2")).toMatchObject({ status: "open", assignee_agent_bead_id: null });
	expect(await town.row("dispatch_attempts", second)).toMatchObject({ outcome: "started", exit_code: null });
});

test("TOWN-4: the exit of an older attempt leaves the newer one alone", async () => {
	const town = await workingTown("older-exit");
	const first = await dispatched(town);
	await town.must("unhookBead", { agent_id: town.toast });
	await town.must("hookBead", { agent_id: town.toast, bead_id: "bead-1" });
	const second = await town.must<Attempt>("startDispatch", { agent_id: town.toast, skip_back_off: true });
	await town.report("completions", {
		agent_id: town.toast,
		attempt_id: first,
		status: "failed",
		exit_code: 1,
	});
	expect(await town.row("agent_metadata", town.toast)).toMatchObject({
		status: "working",
		current_attempt_id: second.attempt_id,
		last_exit: null,
	});
});

test.each([
	["was taken off", (town: TestTown) => town.must("unhookBead", { agent_id: town.toast })],
	[
		"crashed before",
		(town: TestTown, attempt_id: string) =>
			town.report("completions", { agent_id: town.toast, attempt_id, status: "failed", exit_code: 1 }),
	],
])("LEDGER-12: the failed exit of an agent that %s fails no bead that it took since", async (why, leave) => {
	const town = await workingTown(`late-exit/${why}`);
	await town.must("createBead", { id: "bead-2", title: "Innocent", rig_id: "rig-1" });
	const attempt_id = await dispatched(town);
	await leave(town, attempt_id);
	await town.must("hookBead", { agent_id: town.toast, bead_id: "bead-2" });
	const exit = { agent_id: town.toast, attempt_id, status: "failed", exit_code: 1 } as const;
	await town.report("completions", exit);
	const after = await town.row("agent_metadata", town.toast);
	expect(after).toMatchObject({ current_hook_bead_id: "bead-2", container_process_id: null });
	expect(await town.row("beads", "bead-2")).toMatchObject({
		status: "open",
		assignee_agent_bead_id: town.toast,
	});
	const told = await history(town, town.toast);
	await town.report("completions", exit);
	expect(await town.row("agent_metadata", town.toast)).toEqual(after);
	expect(await history(town, town.toast)).toEqual(told);
});

test("TOWN-3: a deleted agent's unfinished beads are open again, ended ones keep their end, and its history stays", async () => {
	const town = await workingTown("delete");
	await dispatched(town);
	await town.must("createBead", {
		id: "old",
		title: "Old",
		rig_id: "rig-1",
		assignee_agent_bead_id: town.toast,
	});
	await town.must("closeBead", { bead_id: "old" });
	await town.must("deleteAgent", { agent_id: town.toast });
	expect(await town.row("beads", "bead-1")).toMatchObject({ status: "open", assignee_agent_bead_id: null });
	expect(await town.row("beads", "old")).toMatchObject({
		status: "closed",
		assignee_agent_bead_id: town.toast,
	});
	expect(await town.row("agent_metadata", town.toast)).toMatchObject({
		status: "dead",
		current_hook_bead_id: null,
	});
	expect(await statuses(town, town.toast)).toEqual(["idle", "working", "dead"]);
	expect(await town.stub.ownsAgent(town.toast)).toBe(true);
	expect(await town.call("hookBead", { agent_id: town.toast, bead_id: "bead-1" })).toMatchObject({
		code: "illegal-move",
		details: { from: "dead" },
	});
});

test("TOWN-4: what holds the town's dispatch is told by name", async () => {
	const town = await workingTown("holds");
	await town.must("hookBead", { agent_id: town.toast, bead_id: "bead-1" });
	await town.must("setTownState", {
		key: "run_policy",
		value: { policy: "paused_by_user", by: "user/owner:1" },
	});
	expect(await town.call("startDispatch", { agent_id: town.toast })).toMatchObject({
		code: "paused",
	});
	await town.must("setTownState", { key: "run_policy", value: { policy: "automatic" } });
	await town.must("setTownState", { key: "drain", value: { nonce: "n" } });
	expect(await town.call("startDispatch", { agent_id: town.toast })).toMatchObject({ code: "draining" });
	await town.must("setTownState", { key: "drain", value: null });
	await town.must("startDispatch", { agent_id: town.toast });
});
