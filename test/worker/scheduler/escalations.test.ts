import { expect, it, test } from "vitest";
import { METHODS } from "../../../shared/ingest/index.ts";
import { acknowledgeEscalation, raiseEscalation, routeEscalation } from "../../../worker/town/escalations.ts";
import { reconcile } from "../../../worker/town/scheduler/reconcile.ts";
import type { EscalationNow } from "../../../worker/town/scheduler/state.ts";
import { workingTown } from "../town/support.ts";
import { escalation, MINUTE, NOW, town } from "./builders.ts";
import { schedulerOf } from "./support.ts";

const HOUR = 60 * MINUTE;
const types = (more: Partial<EscalationNow>) =>
	reconcile(town([], [], { escalations: new Map([["e", escalation("e", more)]]) })).map(({ type }) => type);

test.each<[string, Partial<EscalationNow>, string[]]>([
	["one that nobody acknowledged for four hours is raised again", {}, ["raise_escalation"]],
	["not before", { told_at: NOW - 239 * MINUTE }, []],
	["not one that somebody has seen", { acknowledged: true }, []],
	["not a fourth time", { raised: 3 }, []],
	["not one whose bead was closed meanwhile", { about: "closed" }, []],
	["one whose bead failed needs somebody more than ever", { about: "failed" }, ["raise_escalation"]],
])("TRIAGE-2: %s", (_, more, expected) => {
	expect(types(more)).toEqual(expected);
});

type Kit = ReturnType<typeof schedulerOf>;
async function inTown(id: string, part: (kit: Kit) => Promise<void>) {
	const made = await workingTown(id, NOW);
	await made.must("createAgent", { id: `${id}/mayor`, role: "mayor", name: "Mayor" });
	await made.must("closeBead", { bead_id: "bead-1" });
	await made.inside((_, ctx) => part(schedulerOf(id, ctx, NOW)));
}
const escalate = (kit: Kit, severity: "low" | "medium", bead_id: string | null = null) =>
	kit.call((town) =>
		routeEscalation(town, METHODS.routeEscalation.parse({ severity, bead_id, message: "Nobody answers" })),
	).escalation_id;
const seen = (kit: Kit, id: string) =>
	kit.town.sql.one<{ severity: string; n: number; priority: string; labels: string }>(
		`SELECT e.severity, e.re_escalation_count AS n, b.priority, b.labels FROM escalation_metadata e JOIN beads b USING (bead_id)
		 WHERE e.bead_id = ?`,
		id,
	);
const notes = (kit: Kit) =>
	kit.town.sql.all<{ message: string; mode: string }>(
		"SELECT message, mode FROM agent_nudges WHERE source = 'escalation' ORDER BY created_at, rowid",
	);

it("TRIAGE-2: it gets louder every four hours, three times, tells the mayor from medium on, and wakes nobody", () =>
	inTown("s-louder", async (kit) => {
		const id = escalate(kit, "low");
		expect(notes(kit)).toEqual([]);
		for (const [hours, severity] of [
			[4, "medium"],
			[8, "high"],
			[12, "critical"],
			[40, "critical"],
		] as const) {
			await kit.run(NOW + hours * HOUR + 6 * MINUTE - kit.now());
			expect(seen(kit, id)).toMatchObject({ severity, priority: severity });
		}
		expect(seen(kit, id)?.n).toBe(3);
		expect(seen(kit, id)?.labels).toBe('["gt:escalation","severity:critical"]');
		expect(notes(kit).map(({ message }) => message)).toEqual(
			["medium", "high", "critical"].map(
				(one) => `Escalation (${one}): nobody has acknowledged it yet: Nobody answers`,
			),
		);
		expect(new Set(notes(kit).map(({ mode }) => mode))).toEqual(new Set(["queue"]));
		expect(kit.arm.asked).toEqual([]);
		const journal = kit.town.sql.all(
			"SELECT old_value, new_value FROM bead_events WHERE bead_id = ? AND event_type = 'escalated' ORDER BY rowid",
			id,
		);
		expect(journal).toEqual([
			{ old_value: "low", new_value: "medium" },
			{ old_value: "medium", new_value: "high" },
			{ old_value: "high", new_value: "critical" },
		]);
		// An idle town looks every five minutes.
		expect(kit.ticks.n).toBeLessThan(40 * 12 + 12);
	}));

it("TRIAGE-2: what somebody acknowledged, or what has ended, is never raised again", () =>
	inTown("s-ghosts", async (kit) => {
		const [known, closed, failed] = [escalate(kit, "low"), escalate(kit, "low"), escalate(kit, "low")];
		const about = escalate(kit, "low", "bead-1");
		kit.call((town) =>
			acknowledgeEscalation(town, METHODS.acknowledgeEscalation.parse({ escalation_id: known })),
		);
		kit.town.sql.run("UPDATE beads SET status = 'closed' WHERE bead_id = ?", closed);
		kit.town.sql.run("UPDATE beads SET status = 'failed' WHERE bead_id = ?", failed);
		await kit.run(30 * HOUR);
		for (const id of [known, closed, failed, about])
			expect(seen(kit, id)).toMatchObject({ severity: "low", n: 0 });
		// Nor by anybody else who asks for it: the table says why not.
		for (const [id, why] of [
			[known, "it has been acknowledged"],
			[closed, "it has been closed"],
			[failed, "it has failed"],
		] as const)
			expect(raiseEscalation(kit.town, id)).toMatchObject({
				ok: false,
				message: expect.stringContaining(why),
			});
	}));
