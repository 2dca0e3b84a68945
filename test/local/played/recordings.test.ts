import { expect, test } from "vitest";
import { recording, replay } from "../../../local/played/recordings.ts";

const idsOf = (events: unknown[]) => JSON.stringify(events).match(/\b(?:ses|msg|prt|evt)_\w{26}\b/g) ?? [];

test("a replay happens now: it begins at its start, keeps the recorded distances and moves the times inside", () => {
	const start = 1_800_000_000_000;
	const source = recording("happy-path");
	const events = [...replay(source, start, "aa")];
	expect(events).toHaveLength(source.lines.length);
	expect(events[0]?.at).toBe(start);
	expect((events.at(-1)?.at ?? 0) - start).toBeCloseTo(source.length, -1);
	const created = events.find(({ type }) => type === "session.created");
	expect(created?.properties).toHaveProperty("info.time.created", expect.any(Number));
	const inside = Number(/"created":(\d+)/.exec(JSON.stringify(created))?.[1]);
	expect(Math.abs(inside - (created?.at ?? 0))).toBeLessThan(1_000);
});

test.each(["happy-path", "opencode-happy-path", "town:toast"])(
	"every replay of %s has ids of its own that sort as the recorded ones do",
	(name) => {
		const first = idsOf([...replay(recording(name), 1_800_000_000_000, "aa")]);
		const second = idsOf([...replay(recording(name), 1_800_000_600_000, "bb")]);
		expect(first.length).toBeGreaterThan(100);
		expect(first.length).toBe(second.length);
		const known = new Set(first);
		expect(second.filter((id) => known.has(id))).toEqual([]);
		const order = (ids: string[]) => {
			const sorted = [...new Set(ids.filter((id) => id.startsWith("msg_")))].sort();
			return ids.filter((id) => id.startsWith("msg_")).map((id) => sorted.indexOf(id));
		};
		expect(order(second)).toEqual(order(first));
	},
);

test("agents of one recorded town are told apart", () => {
	const agents = ["toast", "maple", "cinder", "refinery"].map(
		(name) => recording(`town:${name}`).lines.length,
	);
	expect(agents).toEqual([339, 337, 332, 320]);
});
