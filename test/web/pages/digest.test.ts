// @vitest-environment node
import { expect, test } from "vitest";
import type { Batch } from "../../../shared/protocol/index.ts";
import { digestOf } from "../../../web/town/digest.ts";

const batch = (seq: number, entity: string, key: string, row: object): Batch => ({
	from: seq,
	to: seq,
	at: 0,
	cause: null,
	mark: "m",
	changes: [[seq, entity, key, "put", row]],
});

test("the digest tells how many changes there were since it was last spoken, and which of them matter", () => {
	const batches = [
		batch(1, "beads", "a", { status: "closed" }),
		batch(2, "beads", "b", { status: "closed" }),
		batch(3, "beads", "b", { status: "closed" }),
		batch(4, "agent_metadata", "t", { status: "stalled" }),
		batch(5, "usage", "u", {}),
	];
	expect(digestOf(batches, 1)).toBe("4 changes: 1 bead closed, 1 agent stalled");
	expect(digestOf(batches, 4)).toBe("1 change");
	expect(digestOf(batches, 5)).toBeNull();
});
