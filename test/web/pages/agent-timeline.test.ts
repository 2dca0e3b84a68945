import { describe, expect, test } from "vitest";
import { gapsIn, usualInterval, withBeat } from "../../../web/agent/beat-log.ts";
import { toolLookAfter } from "../../../web/agent/line-words.ts";
import { toolLine } from "../../../web/agent/lines/tool-line.ts";
import { removedOf } from "../../../web/agent/removed.ts";
import { barsOf, segmentsOf, timeIn } from "../../../web/agent/status-segments.ts";
import { holdsOf } from "../../../web/bead/holds.ts";
import { aBeadEvent, at, START } from "./fixtures/rows.ts";

const entry = (id: number, seconds: number, from_status: string | null, to_status: string) => ({
	...{ id, agent_id: "toast", at: at(seconds), cause: "hookBead by maple", from_status, to_status },
});
const s = (seconds: number) => START + seconds * 1_000;

describe("the status timeline of an agent", () => {
	const log = [
		entry(1, 0, null, "idle"),
		entry(2, 10, "idle", "working"),
		entry(3, 70, "working", "stalled"),
	];

	test("each status with its length, the last one until now", () => {
		const segments = segmentsOf(log, "stalled");
		expect(segments.map(({ status, from, to }) => [status, from, to])).toEqual([
			["idle", s(0), s(10)],
			["working", s(10), s(70)],
			["stalled", s(70), null],
		]);
		expect(timeIn(segments, s(80))).toEqual([
			{ status: "working", ms: 60_000 },
			{ status: "idle", ms: 10_000 },
			{ status: "stalled", ms: 10_000 },
		]);
	});

	test("P2: a status that nobody wrote is a stretch that nobody saw", () => {
		const holes = [log[0] as (typeof log)[0], entry(3, 70, "working", "stalled")];
		expect(segmentsOf(holes, "dead").map(({ status }) => status)).toEqual([null, null]);
		expect(segmentsOf([], "idle")).toEqual([]);
	});

	test("hundreds of short statuses become few bars, none is lost and a long one keeps its own", () => {
		const many = Array.from({ length: 200 }, (_, n) =>
			entry(n, n, n % 2 ? "working" : "idle", n % 2 ? "idle" : "working"),
		);
		const segments = segmentsOf([...many, entry(200, 200, "idle", "stalled")], "stalled");
		const bars = barsOf(segments, s(400), 12);
		expect(bars.length).toBeLessThanOrEqual(12);
		expect(bars.flatMap((bar) => bar.segments)).toEqual(segments);
		expect(bars.at(-1)).toMatchObject({ from: s(200), to: s(400), segments: [{ status: "stalled" }] });
		expect(barsOf(segments.slice(0, 3), s(2), 12)).toHaveLength(3);
	});
});

describe("heartbeats", () => {
	test("a gap is much longer than usual; the one that lasts counts too", () => {
		const beats = [0, 5_000, 10_000, 40_000, 45_000];
		expect(usualInterval(beats)).toBe(5_000);
		expect(gapsIn(beats, 47_000)).toEqual([{ from: 10_000, to: 40_000 }]);
		expect(gapsIn(beats, 70_000)).toEqual([
			{ from: 10_000, to: 40_000 },
			{ from: 45_000, to: 70_000 },
		]);
		expect(gapsIn([1_000], 900_000)).toEqual([]);
	});

	test("the same heartbeat again is no other one", () => {
		const beats = withBeat([], 1_000);
		expect(withBeat(beats, 1_000)).toBe(beats);
		expect(withBeat(beats, 2_000)).toEqual([1_000, 2_000]);
	});
});

describe("who had a bead when", () => {
	const event = (event_type: string, seconds: number, old_value: string | null, new_value: string | null) =>
		aBeadEvent({ bead_id: "b", event_type, old_value, new_value, created_at: at(seconds), agent_id: null });

	test("hook and assignee each with its stretch and why it ended", () => {
		const holds = holdsOf([
			event("hooked", 1, null, "toast"),
			event("assigned", 1, null, "toast"),
			{ ...event("unhooked", 9, "toast", null), metadata: { reason: "agent_reset" } },
			event("assigned", 9, "toast", "maple"),
		]);
		expect(holds).toEqual([
			{ how: "hook", agent: "toast", bead: "b", from: s(1), to: s(9), why: "agent reset" },
			{ how: "assignee", agent: "toast", bead: "b", from: s(1), to: s(9), why: null },
			{ how: "assignee", agent: "maple", bead: "b", from: s(9), to: null, why: null },
		]);
	});

	test("P2: a hold whose beginning is not loaded says so", () => {
		expect(holdsOf([event("unhooked", 9, "toast", null)])).toMatchObject([{ from: null, to: s(9) }]);
	});
});

test("STREAM-3: an agent that was removed says since when and until when its stream is kept; a dead one is not gone", () => {
	const own = { status: "closed", closed_at: at(0) };
	expect(removedOf({ status: "dead" }, own)).toEqual({ at: s(0), until: s(30 * 86_400) });
	expect(removedOf({ status: "dead" }, { status: "open", closed_at: null })).toBeNull();
	expect(removedOf({ status: "idle" }, own)).toBeNull();
});

test("P2: a call that ran when its stream ended did not end seen", () => {
	const line = toolLine({
		...{ id: "p", sessionID: "s", messageID: "m", type: "tool" as const, tool: "bash" },
		state: { status: "running", input: { command: "sleep 5" }, time: { start: s(5) } },
	});
	expect(toolLookAfter(line, []).word).toBe("Running");
	expect(toolLookAfter(line, [s(1)]).word).toBe("Running");
	expect(toolLookAfter(line, [s(1), s(9)]).word).toMatch(/^Unknown since /);
});
