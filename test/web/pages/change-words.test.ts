import { expect, test } from "vitest";
import { causeWords, eventRows } from "../../../web/town/change-words.ts";
import { aBatch, aBead, anAgent } from "./fixtures/rows.ts";

const names: Record<string, string> = { toast: "Toast", b1: "Fix login", b2: "Pagination" };
const nameOf = (id: string) => names[id] ?? null;
const words = (rows: ReturnType<typeof eventRows>) => rows.map((row) => row.words);

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
	expect(rows[1]?.words).toBe("Agent Toast: status working → idle");
	expect(causeWords(rows[1]?.cause ?? null)).toBe("intervention: agent.reset");
	expect(rows[1]?.subject).toEqual({ kind: "agent", id: "toast" });
});

test("FEED-5: a batch without a cause says so", () => {
	expect(causeWords(null)).toBe("no cause given");
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
	expect(words(rows)).toEqual([
		"Bead Fix login removed",
		"wonders w1: colour blue",
		"Bead Pagination written, in a shape this page does not know",
		"Dependency of Fix login on Pagination removed",
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
