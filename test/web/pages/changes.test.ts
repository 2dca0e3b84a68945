import { expect, test } from "vitest";
import type { Batch, Change } from "../../../shared/protocol/index.ts";
import { beadEventWords } from "../../../web/town/changes/bead-event-words.ts";
import { causeWords, keptCauseWords } from "../../../web/town/changes/cause-words.ts";
import { eventItems, eventReader, itemKey } from "../../../web/town/changes/event-rows.ts";
import type { NameOf } from "../../../web/town/changes/values.ts";
import { aBatch, aBead, aBeadEvent, anAgent } from "./fixtures/rows.ts";

const names: Record<string, string> = {
	toast: "Toast",
	b1: "Fix login",
	b2: "Pagination",
	mira: "Mira Okafor",
};
const nameOf = (id: string) => names[id] ?? null;
const eventRows = (batches: Batch[], names: NameOf) => [...eventReader(names)(batches)];
const told = (rows: ReturnType<typeof eventRows>) =>
	rows.map((row) => `${row.quiet ? "(quiet) " : ""}${[row.name, row.words].filter(Boolean).join(" ")}`);

test("FEED-5: a change seen before is told by what changed, with its cause", () => {
	const toast = anAgent({ bead_id: "toast" });
	const cause = { kind: "intervention", what: "agent.reset", id: "i1", by: "mira" };
	const rows = eventRows(
		[
			aBatch([[1, "agent_metadata", "toast", "put", { ...toast, status: "working" }]]),
			aBatch(
				[[2, "agent_metadata", "toast", "put", { ...toast, status: "idle", last_activity_at: "later" }]],
				cause,
			),
		],
		nameOf,
	);
	expect(told(rows)[1]).toBe("Toast Working → Idle");
	expect(rows[1]?.subject).toEqual({ kind: "agent", id: "toast" });
	expect(rows[1]?.before?.status).toBe("working");
});

test("FEED-5: causes are worded, an unknown one stands as it came, and none at all is said", () => {
	const cause = (kind: string, what: string, by: string | null) =>
		causeWords({ kind, what, id: null, by }, nameOf);
	expect(cause("agent", "startDispatch", "toast")).toBe("Dispatch, by Toast");
	expect(cause("container", "completions", null)).toBe("End of a process, by the container");
	expect(cause("intervention", "agent.reset", "mira")).toBe("Intervention agent.reset, by Mira Okafor");
	expect(cause("user", "somethingNew", null)).toBe("somethingNew");
	expect(causeWords(null, nameOf)).toBe("no cause given");
	expect(keptCauseWords("startDispatch by toast", nameOf)).toBe("Dispatch, by Toast");
});

test("P8: what only keeps the books is housekeeping, whatever else happens around it", () => {
	const bead = aBead({ bead_id: "b1" });
	const health = (light: string, at: string) => ({
		key: "health",
		value: { light, reason: "r", at },
		updated_at: at,
	});
	const rows = eventRows(
		[
			aBatch([
				[1, "beads", "b1", "put", bead],
				[2, "town_state", "health", "put", health("warning", "1")],
			]),
			aBatch([
				[3, "beads", "b1", "put", { ...bead, updated_at: "later" }],
				[4, "town_state", "health", "put", health("warning", "2")],
			]),
			aBatch([[5, "town_state", "health", "put", health("healthy", "3")]]),
		],
		nameOf,
	);
	expect(rows.map(({ quiet }) => quiet)).toEqual([false, false, true, true, false]);
	expect(told(rows)[4]).toBe("Health: Healthy");
});

test("P8: a look of the scheduler is told by what it did, and itself only where it failed at something", () => {
	const look = (seq: number, failed: number): Change => [
		seq,
		"town_state",
		"scheduler",
		"put",
		{ key: "scheduler", value: { at: `${seq}`, failed, last_error: failed > 0 ? "no answer" : null } },
	];
	const rows = eventRows([aBatch([look(1, 0)]), aBatch([look(2, 1)]), aBatch([look(3, 1)])], nameOf);
	expect(rows.map(({ quiet }) => quiet)).toEqual([true, false, true]);
	expect(told(rows)[1]).toBe("The scheduler failed at 1 of its actions: no answer");
});

test("P8: what a journal tells in the same batch is not told twice by the row", () => {
	const bead = aBead({ bead_id: "b1", status: "open" });
	const toast = anAgent({ bead_id: "toast" });
	const rows = eventRows(
		[
			aBatch([
				[1, "beads", "b1", "put", bead],
				[2, "agent_metadata", "toast", "put", toast],
			]),
			aBatch([
				[3, "beads", "b1", "put", { ...bead, status: "in_progress", priority: "high" }],
				[
					4,
					"bead_events",
					"e1",
					"put",
					aBeadEvent({
						bead_id: "b1",
						event_type: "status_changed",
						old_value: "open",
						new_value: "in_progress",
					}),
				],
				[5, "agent_metadata", "toast", "put", { ...toast, current_hook_bead_id: "b1" }],
				[
					6,
					"bead_events",
					"e2",
					"put",
					aBeadEvent({ bead_id: "b1", event_type: "hooked", new_value: "toast" }),
				],
			]),
		],
		nameOf,
	);
	expect(told(rows).slice(2)).toEqual([
		"Fix login priority medium → high",
		"Fix login Open → In progress",
		"(quiet) Toast written: current hook bead id",
		"Fix login Hooked by Toast",
	]);
	expect(eventItems(rows).map(itemKey)).toEqual(["1", "2", "3", "4", "6", "5"]);
});

test("P8: neighbouring housekeeping is one line, whose key stands while it grows", () => {
	const bead = aBead({ bead_id: "b1" });
	const batches = [1, 2, 3, 4].map((seq) =>
		aBatch(
			[[seq, "beads", "b1", "put", { ...bead, updated_at: `${seq}`, title: seq === 4 ? "New" : bead.title }]],
			null,
			seq,
		),
	);
	const lines = (n: number) => eventItems(eventRows(batches.slice(0, n), nameOf));
	expect(lines(2).map(itemKey)).toEqual(["1", "2"]);
	expect(lines(3).map(itemKey)).toEqual(["1", "2"]);
	expect(lines(4).map(({ kind }) => kind)).toEqual(["row", "fold", "row"]);
});

test("P2: a row that vanishes, one of an unknown table and one of an unknown shape are all told", () => {
	const rows = eventRows(
		[
			aBatch([
				[1, "beads", "b1", "del", null],
				[2, "wonders", "w1", "put", { colour: "blue" }],
				[3, "beads", "b2", "put", "not a row"],
				[4, "bead_dependencies", '["b1","b2"]', "del", null],
			]),
		],
		nameOf,
	);
	expect(told(rows)).toEqual([
		"Fix login removed",
		"wonders w1 colour blue",
		"Pagination written, in a shape this page does not know",
		"Fix login on Pagination removed",
	]);
});

test("P8: a row deleted and written anew is told whole again", () => {
	const bead = aBead({ bead_id: "b1", status: "open" });
	const rows = eventRows(
		[
			aBatch([
				[1, "beads", "b1", "put", bead],
				[2, "beads", "b1", "del", null],
				[3, "beads", "b1", "put", { ...bead, status: "closed" }],
			]),
		],
		nameOf,
	);
	expect(rows[2]?.words).toContain("status closed");
	expect(rows[2]?.words).not.toContain("→");
});

test("bead history: events read as sentences, an unknown type keeps its own words", () => {
	const words = (fields: Parameters<typeof aBeadEvent>[0]) => beadEventWords(aBeadEvent(fields), nameOf);
	expect(words({ event_type: "created", new_value: "open" })).toBe("Created");
	expect(words({ event_type: "assigned", new_value: "toast" })).toBe("Given to Toast");
	expect(words({ event_type: "unhooked", old_value: "toast" })).toBe("Off the hook of Toast");
	expect(words({ event_type: "status_changed", old_value: "in_progress", new_value: "in_review" })).toBe(
		"In progress → In review",
	);
	expect(words({ event_type: "agent_status", agent_id: "toast", new_value: "Reading" })).toBe(
		'Toast says "Reading"',
	);
	expect(words({ event_type: "went_sideways", old_value: "a", new_value: "b" })).toBe("Went sideways a → b");
	expect(
		words({
			event_type: "fields_updated",
			old_value: "low",
			new_value: "high",
			metadata: { fields: ["priority"] },
		}),
	).toBe("Changed priority low → high");
});
