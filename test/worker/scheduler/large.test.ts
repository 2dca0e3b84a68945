import { expect, it } from "vitest";
import { workingTown } from "../town/support.ts";
import { NOW } from "./builders.ts";
import { schedulerOf } from "./support.ts";

const AT = new Date(NOW - 60_000).toISOString();
/** `SELECT` over n = 1 to `count`. */
const each = (count: number) =>
	`WITH RECURSIVE every(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM every WHERE n < ${count})`;

/** 40 agents at work, 2,000 beads that wait for them, and 20,000 that have ended. */
async function largeTown(id: string, part: (kit: ReturnType<typeof schedulerOf>) => Promise<void>) {
	const made = await workingTown(id, NOW);
	await made.must("setTownState", { key: "config", value: { max_polecats_per_rig: 10 } });
	for (const n of [2, 3, 4]) await made.must("createRig", { id: `rig-${n}`, name: `rig ${n}` });
	await made.must("closeBead", { bead_id: "bead-1" });
	await made.must("deleteAgent", { agent_id: made.toast });
	await made.inside(async (_, ctx) => {
		const kit = schedulerOf(id, ctx, NOW);
		const { sql } = kit.town;
		const bead = (what: string, count: number, values: string) =>
			sql.run(
				`${each(count)} INSERT INTO beads (bead_id, type, status, title, rig_id, assignee_agent_bead_id, priority, labels, metadata,
					created_at, updated_at, status_since)
				 SELECT '${what}-' || n, ${values}, 'medium', '[]', '{}', '${AT}', '${AT}', '${AT}' FROM every`,
			);
		const rig = "'rig-' || (1 + n % 4)";
		bead("agent", 40, `'agent', 'open', 'Agent ' || n, ${rig}, NULL`);
		bead("work", 40, `'issue', 'in_progress', 'Work ' || n, ${rig}, 'agent-' || n`);
		bead("open", 1_960, `'issue', 'open', 'Open ' || n, ${rig}, NULL`);
		bead(
			"ended",
			20_000,
			`'issue', CASE n % 10 WHEN 0 THEN 'failed' ELSE 'closed' END, 'Ended ' || n, ${rig}, NULL`,
		);
		sql.run(
			"UPDATE beads SET dispatch_attempts = 1, last_dispatch_attempt_at = CASE WHEN bead_id LIKE 'work-%' THEN ? ELSE ? END WHERE status != 'open'",
			...[AT, "2026-10-01T00:00:00.000Z"],
		);
		sql.run(
			`${each(40)} INSERT INTO dispatch_attempts (attempt_id, bead_id, agent_id, n, at, outcome)
			 SELECT 'attempt-' || n, 'work-' || n, 'agent-' || n, 1, '${AT}', 'started' FROM every`,
		);
		sql.run(
			`${each(40)} INSERT INTO agent_metadata (bead_id, role, identity, status, current_hook_bead_id, current_attempt_id, container_process_id)
			 SELECT 'agent-' || n, 'polecat', 'agent-' || n, 'working', 'work-' || n, 'attempt-' || n, '7' FROM every`,
		);
		sql.run(
			`${each(1_000)} INSERT INTO bead_dependencies (bead_id, depends_on_bead_id, dependency_type)
			 SELECT 'open-' || n, 'ended-' || n, 'blocks' FROM every`,
		);
		kit.up();
		kit.beat({ agents: Array.from({ length: 40 }, (_, n) => `agent-${n + 1}`) });
		await part(kit);
	});
}

it("SCHED-5: looks at a large town in which nothing is due write nothing", () =>
	largeTown("s-large", async (kit) => {
		kit.scheduler.tick();
		await kit.scheduler.settled();
		const [logged, asked] = [kit.logged(), kit.arm.asked.length];
		for (let n = 0; n < 5; n++) {
			kit.at(kit.now() + 5_000);
			expect(kit.scheduler.tick()).toEqual([]);
		}
		expect(kit.logged()).toBe(logged);
		expect(kit.arm.asked).toHaveLength(asked);
		expect(kit.town.sql.one("SELECT count(*) AS n FROM beads")).toEqual({ n: 22_042 });
	}));
