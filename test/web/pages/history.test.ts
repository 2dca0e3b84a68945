import { expect, test } from "vitest";
import { stretches } from "../../../web/bead/history.ts";
import { aBead, aBeadEvent, at } from "./fixtures/rows.ts";

test("bead inspector: time in each status, in order, the last one going on", () => {
	const bead = aBead({ bead_id: "b", status: "in_progress", created_at: at(0) });
	const events = [
		aBeadEvent({
			bead_id: "b",
			event_type: "status_changed",
			old_value: "open",
			new_value: "in_progress",
			created_at: at(12),
		}),
		aBeadEvent({ bead_id: "b", event_type: "hooked", created_at: at(11) }),
		aBeadEvent({ bead_id: "b", event_type: "created", new_value: "open", created_at: at(0) }),
	];
	expect(stretches(bead, events, true)).toEqual([
		{ status: "open", from: Date.parse(at(0)), to: Date.parse(at(12)) },
		{ status: "in_progress", from: Date.parse(at(12)), to: null },
	]);
});

test("P2: a row that moved on without an event still ends in its own status", () => {
	const bead = aBead({ status: "failed", created_at: at(0), updated_at: at(40), closed_at: at(40) });
	const events = [
		aBeadEvent({
			event_type: "status_changed",
			old_value: "open",
			new_value: "in_progress",
			created_at: at(10),
		}),
	];
	expect(stretches(bead, events, true).map(({ status }) => status)).toEqual([
		"open",
		"in_progress",
		"failed",
	]);
	expect(stretches(bead, events, true).at(-1)).toMatchObject({
		from: Date.parse(at(40)),
		to: Date.parse(at(40)),
	});
});

test("P2: without the older events nothing is said of the time before them", () => {
	const bead = aBead({ status: "in_review", created_at: at(0), updated_at: at(30) });
	const events = [
		aBeadEvent({
			event_type: "status_changed",
			old_value: "in_progress",
			new_value: "in_review",
			created_at: at(30),
		}),
	];
	expect(stretches(bead, events, false)).toEqual([
		{ status: "in_review", from: Date.parse(at(30)), to: null },
	]);
});
