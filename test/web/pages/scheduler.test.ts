import { expect, test } from "vitest";
import type { Batch } from "../../../shared/protocol/index.ts";
import { countActions } from "../../../web/scheduler/count-actions.ts";
import { escalationRows, triageRows } from "../../../web/town/asked-rows.ts";
import { aBead, before, NOW, townOf } from "../../shared/diagnosis/town.ts";

const batch = (minutes: number, what: string, kind = "scheduler"): Batch => ({
	...{ from: 1, to: 1, at: NOW - minutes * 60_000, changes: [], mark: "" },
	cause: { kind, what, id: null, by: null },
});

test("actions of the last hour are counted by type, most first; others' changes and notes are none", () => {
	const log = [
		...[batch(70, "hook_agent"), batch(30, "hook_agent"), batch(5, "hook_agent"), batch(0.5, "hook_agent")],
		...[batch(2, "start_container"), batch(1, "tick"), batch(1, "effect_failed"), batch(1, "x", "user")],
		{ ...batch(1, "y"), cause: null },
	];
	expect(countActions(log, NOW)).toEqual([
		{ type: "hook_agent", minute: 1, ten: 2, hour: 3 },
		{ type: "start_container", minute: 0, ten: 1, hour: 1 },
	]);
});

test("what is asked stands unseen first, then the loudest, then the oldest; what is over is left out", () => {
	const call = (bead_id: string, row = {}) => aBead(bead_id, { type: "escalation", ...row });
	const meta = (bead_id: string, severity: string, acknowledged = 0) => ({
		...{ bead_id, severity, acknowledged, category: null, re_escalation_count: 0 },
		...{ raised_at: null, acknowledged_at: null },
	});
	const town = townOf({
		beads: [
			...[
				call("seen"),
				call("low"),
				call("late", { created_at: before(1) }),
				call("over", { status: "closed" }),
			],
			call("old", { created_at: before(9), metadata: { source_agent_id: "toast" } }),
			...[aBead("ask", { labels: ["gt:triage-request"], metadata: { bead_id: "b" } }), aBead("work")],
			aBead("told", { labels: ["gt:triage-request"], status: "closed" }),
		],
		escalation_metadata: [
			...[meta("seen", "critical", 1), meta("low", "low"), meta("late", "high"), meta("old", "high")],
			meta("over", "critical"),
		],
	});
	const rows = escalationRows(town);
	expect(rows.map(({ bead }) => bead.bead_id)).toEqual(["old", "late", "low", "seen"]);
	expect(rows[0]?.about).toEqual({ agent: "toast", bead: null });
	expect(triageRows(town).map(({ bead, about }) => [bead.bead_id, about.bead])).toEqual([["ask", "b"]]);
});
