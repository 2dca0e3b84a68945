import { expect, test } from "vitest";
import type { Cause } from "../../../shared/protocol/index.ts";
import { eventReader } from "../../../web/town/changes/event-rows.ts";
import { laneCounts, laneRows, within } from "../../../web/town/reproduce/lanes.ts";
import { formatRange, parseRange } from "../../../web/town/reproduce/range.ts";
import { aBatch, aBead, anAgent } from "./fixtures/rows.ts";

const by = (kind: string, what: string): Cause => ({ kind, what, id: null, by: null });
const bead = (title: string) => aBead({ bead_id: "b1", title });

test("P7: the range of a reproduction stands in the address, and nothing else is taken for one", () => {
	expect(parseRange("47902")).toEqual({ from: 47902, to: null });
	expect(parseRange("47902..48211")).toEqual({ from: 47902, to: 48211 });
	for (const mark of ["47902", "1..1", "47902..48211"])
		expect(formatRange(parseRange(mark) ?? { from: -1, to: null })).toBe(mark);
	for (const other of [undefined, "", "5..4", "-1", "1...2", "1..", "x"])
		expect(parseRange(other)).toBeNull();
});

test("a range holds the batches after its mark, its end included", () => {
	const log = [1, 2, 3, 4].map((seq) => aBatch([[seq, "beads", "b1", "put", bead(`v${seq}`)]]));
	expect(within(log, { from: 1, to: 3 }).map(({ to }) => to)).toEqual([2, 3]);
	expect(within(log, { from: 2, to: null }).map(({ to }) => to)).toEqual([3, 4]);
	expect(within(log, { from: 4, to: 4 })).toEqual([]);
});

test("FEED-5: a reproduction shows who called, and in lanes what it made of beads, agents and container", () => {
	const log = [
		aBatch([[1, "beads", "b1", "put", bead("Fix login")]], by("user", "createBead"), 1),
		aBatch(
			[
				[2, "beads", "b1", "put", { ...bead("Fix login"), status: "in_progress" }],
				[3, "agent_metadata", "toast", "put", anAgent({ bead_id: "toast", status: "working" })],
				[4, "rigs", "r1", "put", { id: "r1", name: "api" }],
			],
			by("scheduler", "dispatch"),
			2,
		),
		// The books of its own agent are a row of the agents.
		aBatch(
			[[5, "beads", "toast", "put", aBead({ bead_id: "toast", type: "agent", title: "Toast" })]],
			by("agent", "agentDone"),
			3,
		),
		// Nobody called for it, and it only counts on.
		aBatch([[6, "usage", "u1", "put", { id: "u1" }]], by("agent", "stream"), 4),
		// A call that changed nothing to speak of is a call all the same.
		aBatch([[7, "usage", "u2", "put", { id: "u2" }]], by("user", "mail"), 5),
	];
	const rows = laneRows(eventReader(() => null)(log));
	const told = rows.map(({ seq, called, lanes }) => [
		seq,
		called,
		...Object.values(lanes).map((lane) => lane.map((row) => row.seq)),
	]);
	expect(told).toEqual([
		[1, true, [1], [], []],
		[2, false, [2], [3], [4]],
		[5, false, [], [5], []],
		[7, true, [], [], []],
	]);
	expect(laneCounts(rows)).toEqual({ user: 2, beads: 2, agents: 2, container: 1 });
});
