import { expect, test } from "vitest";
import type { Effect } from "../../../shared/interventions/index.ts";
import { isSeen, newRows } from "../../../worker/admin-session/ledger/seen.ts";

const seen = (effect: Partial<Effect>, row: unknown, key = "k") =>
	isSeen({ entity: "e", key: "k", is: {}, ...effect }, { entity: "e", key, row });

test("LEDGER-8: an effect is seen where the named columns hold its values, whatever the others hold", () => {
	const row = { status: "idle", hook: null, tools: ["bash"] };
	expect(seen({ is: { status: "idle" } }, row)).toBe(true);
	expect(seen({ is: { status: "idle", hook: null } }, row)).toBe(true);
	expect(seen({ is: { tools: ["bash"] } }, row)).toBe(true);
	// A column that the row does not have is empty.
	expect(seen({ is: { other: null } }, row)).toBe(true);
	expect(seen({ is: { status: "working" } }, row)).toBe(false);
	expect(seen({ is: { tools: [] } }, row)).toBe(false);
	expect(seen({ is: { status: "idle" } }, row, "another")).toBe(false);
	expect(isSeen({ entity: "e", key: "k", is: {} }, { entity: "f", key: "k", row })).toBe(false);
});

test("LEDGER-8: of an object in a column the named fields count, at any depth", () => {
	const row = { value: { status: "running", instance_id: "i-1", last_stop: { code: 0, oom: false } } };
	expect(seen({ is: { value: { status: "running" } } }, row)).toBe(true);
	expect(seen({ is: { value: { last_stop: { oom: false } } } }, row)).toBe(true);
	expect(seen({ is: { value: { status: "stopped" } } }, row)).toBe(false);
	expect(seen({ is: { value: { last_stop: { code: 1 } } } }, row)).toBe(false);
	expect(seen({ is: { value: null } }, row)).toBe(false);
	expect(seen({ is: { value: null } }, { value: null })).toBe(true);
	expect(seen({ is: { value: { status: "running" } } }, { value: null })).toBe(false);
	expect(seen({ is: { value: { status: "running" } } }, { value: ["running"] })).toBe(false);
});

test("LEDGER-8: what an effect says that a row is no longer must have changed", () => {
	const instance = { is: { value: { status: "running" } }, isnt: { value: { instance_id: "i-1" } } };
	const running = (instance_id: string) => ({ value: { status: "running", instance_id } });
	expect(seen(instance, running("i-1"))).toBe(false);
	expect(seen(instance, running("i-2"))).toBe(true);
	expect(seen(instance, { value: { status: "stopped", instance_id: "i-2" } })).toBe(false);
	const answer = { is: {}, isnt: { pending_permission: { id: "per_1" } } };
	expect(seen(answer, { pending_permission: { id: "per_1", since: 7 } })).toBe(false);
	expect(seen(answer, { pending_permission: { id: "per_2", since: 8 } })).toBe(true);
	expect(seen(answer, { pending_permission: null })).toBe(true);
});

test("LEDGER-8: a row that is gone shows an effect that says so, and no other", () => {
	expect(seen({ is: "gone" }, null)).toBe(true);
	expect(seen({ is: "gone" }, { status: "idle" })).toBe(false);
	for (const is of [{}, { status: null }]) expect(seen({ is }, null)).toBe(false);
	expect(seen({ is: {}, isnt: { status: "idle" } }, null)).toBe(false);
});

test("LEDGER-8: the rows of a frame are read in order, a deleted one as gone; any other message has none", () => {
	const changes = [
		[7, "beads", "b", "put", { status: "open" }],
		[8, "beads", "c", "del", null],
	];
	const batch = { from: 7, to: 8, at: 1, cause: null, mark: "m", changes };
	expect(newRows(JSON.stringify({ t: "changes", epoch: "e", batches: [batch] }))).toEqual([
		{ entity: "beads", key: "b", row: { status: "open" } },
		{ entity: "beads", key: "c", row: null },
	]);
	expect(newRows(JSON.stringify({ t: "pulse", at: 1 }))).toEqual([]);
});
