import { expect, test } from "vitest";
import { eventOf, foldSignals, noSignals, signalColumns } from "../../../shared/conversation/index.ts";
import { diagnose, type Finding } from "../../../shared/diagnosis/index.ts";
import type { TownView } from "../../../shared/town-view/index.ts";
import { eventsOf, RECORDINGS } from "../../support/recordings.ts";
import { withMayor } from "./states/scenario-7.ts";

/** Epoch milliseconds at which a recording begins; it is told as of the event that it has come to. */
const BEGIN = Date.parse("2026-03-01T12:00:00Z");

/** What is told of a mayor who does what was recorded, from the first time on that its signals show a loop. */
async function toldOf(name: string): Promise<Finding[]> {
	const signals = noSignals();
	const told: Finding[] = [];
	for (const event of await eventsOf(name)) {
		const at = BEGIN + event.t;
		const before = signals.loops.current?.count;
		foldSignals(signals, eventOf(event), at);
		const columns = signalColumns(signals);
		if (columns.equal_calls === null || columns.equal_calls.count === before) continue;
		told.push(...loopsIn(withMayor({ signals: { ...columns } }), at));
	}
	return told;
}
const loopsIn = (view: TownView, now: number) =>
	diagnose(view, now).findings.filter(({ code }) => code === "mayor.tool-loop");

const LOOPS = ["loop", "opencode-loop"];

test.each(LOOPS)(
	"DIAG-1, STREAM-6: what was recorded of an agent in a loop is told as one: %s",
	async (name) => {
		const told = await toldOf(name);
		expect(told.length).toBeGreaterThan(3);
		expect(told[0]?.sentence).toMatch(/^The Mayor undoes its own edits of \S+cart\.js, 5 times, for /);
		expect(told.at(-1)?.since).toBe(told[0]?.since);
	},
);

test.each(RECORDINGS.filter((name) => !LOOPS.includes(name)))(
	"DIAG-1, STREAM-6: what was recorded of an agent that gets on is told as no loop: %s",
	async (name) => expect(await toldOf(name)).toEqual([]),
);
