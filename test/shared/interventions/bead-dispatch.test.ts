import { expect, test } from "vitest";
import { aBead, anAgent, before, blocks, container, townOf, value, works } from "../diagnosis/town.ts";
import { button, why } from "./button.ts";

type Rows = Parameters<typeof townOf>[0];
const RETRY = "bead.retry-dispatch";

const failed = { status: "failed", dispatch_attempts: 5, closed_at: before(3) };
const town = (bead: Record<string, unknown>, rows: Rows = {}) =>
	townOf({
		beads: [aBead("b", { title: "Fix login", ...bead })],
		agent_metadata: [anAgent("toast")],
		town_state: [container()],
		...rows,
	});
const codeOf = (bead: Record<string, unknown>, rows: Rows = {}) => why(town(bead, rows), RETRY, "b")?.[1];

test("bead.retry-dispatch of a failed bead says what it clears and what it costs, and shows a new attempt", () => {
	expect(button(town(failed), RETRY, "b")).toMatchObject({
		label: 'Retry "Fix login"',
		verdict: { ok: true },
		danger: "disruptive",
		saw: { status: "failed", dispatch_attempts: 5, hooked_by: [] },
		will: [
			'Put "Fix login" from Failed back to Open.',
			"Clear its 5 attempts and its back-off.",
			"Start it with the next free agent of its rig, and the container if it does not run, which spends money.",
		],
		wont: ["Mend what made it fail: that cause may be met again.", "Bring back uncommitted work."],
		effects: [
			{ entity: "beads", key: "b", is: { status: "in_progress", dispatch_attempts: 1 }, outside: true },
		],
		outside: [],
		undo: null,
	});
});

test("bead.retry-dispatch of one that backs off says whose counters go too", () => {
	const starts = anAgent("refinery", { role: "refinery", current_hook_bead_id: "b", dispatch_attempts: 2 });
	const waits = town(
		{ status: "in_progress", dispatch_attempts: 3, assignee_agent_bead_id: "refinery" },
		{ agent_metadata: [starts] },
	);
	expect(button(waits, RETRY, "b")).toMatchObject({
		verdict: { ok: true },
		saw: { hooked_by: ["refinery"] },
		will: ["Clear its 3 attempts and its back-off, and Refinery's 2 starts.", expect.anything()],
	});
	const drifted = town({ assignee_agent_bead_id: "toast" });
	expect(button(drifted, RETRY, "b").will).toContain("Clear its assignee Toast, who is not on it.");
});

test("bead.retry-dispatch is refused where its state or the town would keep it from being started, each by name", () => {
	expect(why(town({}), RETRY, "nothing")?.[1]).toBe("gone");
	expect(why(town({}), RETRY, "b")).toEqual([
		"noop",
		"ready",
		"It has no attempts to clear: it starts as soon as an agent is free.",
	]);
	expect(codeOf({ status: "closed", closed_at: before(5) })).toBe("closed");
	expect(codeOf({ status: "in_review" })).toBe("in-review");
	expect(codeOf({ ...failed, type: "convoy" })).toBe("wrong-type");
	expect(codeOf({ ...failed, rig_id: null })).toBe("no-rig");
	expect(codeOf({ ...failed, labels: ["gt:held"] })).toBe("held");
	const atWork = { agent_metadata: [anAgent("toast", works("b"))] };
	expect(why(town({ status: "in_progress" }, atWork), RETRY, "b")).toEqual([
		"refused",
		"working",
		"Toast is at it now. Reset that agent first.",
	]);
});

test("bead.retry-dispatch is refused where the town starts nothing, whoever stopped it", () => {
	const held = (...state: ReturnType<typeof value>[]) =>
		codeOf(failed, { town_state: [container(), ...state] });
	const since = before(5);
	expect(held()).toBeUndefined();
	expect(held(value("config", { external_container: true }))).toBe("external-container");
	expect(held(value("billing", { blocked: true, since, reason: null }))).toBe("billing-blocked");
	expect(held(value("run_policy", { policy: "paused_by_user", since, by: null }))).toBe("paused");
	expect(held(value("drain", { nonce: "n", started_at: since }))).toBe("draining");
	const pause = { since, until: before(-60), by: "ada", order: "o" };
	expect(held(value("dispatch_pause", pause))).toBe("paused-by-admin");
});

test("bead.retry-dispatch is refused for work that waits for other work: a blocker, its source, a staged convoy", () => {
	const other = (row: Record<string, unknown>, rows: Rows) => {
		const { beads = [], ...rest } = rows;
		return codeOf(failed, {
			beads: [aBead("b", { ...failed, ...row }), ...beads],
			...rest,
		});
	};
	const waits = (status: string) =>
		other({}, { beads: [aBead("x", { status })], bead_dependencies: [blocks("b", "x")] });
	expect(waits("open")).toBe("blocked");
	expect(waits("failed")).toBe("blocked");
	expect(waits("closed")).toBeUndefined();
	const tracks = { bead_id: "b", depends_on_bead_id: "x", dependency_type: "tracks" };
	const merge = (status: string) =>
		other({ type: "merge_request" }, { beads: [aBead("x", { status })], bead_dependencies: [tracks] });
	expect(merge("open")).toBe("source-moved-on");
	expect(merge("in_review")).toBeUndefined();
	const convoy = (staged: number) =>
		other(
			{},
			{
				beads: [aBead("x", { type: "convoy" })],
				bead_dependencies: [tracks],
				convoy_metadata: [{ bead_id: "x", staged }],
			},
		);
	expect(convoy(1)).toBe("staged");
	expect(convoy(0)).toBeUndefined();
});
