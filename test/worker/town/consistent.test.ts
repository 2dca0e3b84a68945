import fc from "fast-check";
import { expect, test } from "vitest";
import { AGENT_STATUSES, BEAD_STATUSES } from "../../../shared/gastown/index.ts";
import { METHODS, type Method, REPORTS } from "../../../shared/ingest/index.ts";
import type { TownDO } from "../../../worker/town-do.ts";
import { CAUSE, townOf } from "./support.ts";

const AGENTS = ["polecat-1", "polecat-2", "refinery", "mayor"];
const agent_id = fc.constantFrom(...AGENTS.map((name) => `consistent/${name}`));
const bead_id = fc.constantFrom("b1", "b2", "b3", "newest-mr");

type Step = { method: Method | "completions"; args: Record<string, unknown> };
const step = (method: Step["method"], args: Record<string, fc.Arbitrary<unknown>>) =>
	fc.record(args).map((made): Step => ({ method, args: made }));

/** An agent takes a bead and is started: the way into the deeper states. */
const work: fc.Arbitrary<Step[]> = fc
	.record({ agent_id, bead_id, done: fc.boolean() })
	.map(({ done, ...args }) => [
		{ method: "hookBead", args },
		{ method: "startDispatch", args: { agent_id: args.agent_id, skip_back_off: true } },
		{ method: "dispatchOutcome", args: { attempt_id: "newest", outcome: "started" } },
		...(done ? [{ method: "agentDone", args: { agent_id: args.agent_id } } as const] : []),
	]);

/** Whatever agents, users and the container may say, in any order. Refusals are fine. */
const steps: fc.Arbitrary<Step> = fc.oneof(
	{ weight: 4, arbitrary: step("hookBead", { agent_id, bead_id }) },
	{ weight: 4, arbitrary: step("startDispatch", { agent_id, skip_back_off: fc.constant(true) }) },
	{
		weight: 4,
		arbitrary: step("dispatchOutcome", {
			attempt_id: fc.constantFrom("newest", "older"),
			outcome: fc.constantFrom("started", "started", "failed", "refused"),
		}),
	},
	{
		weight: 3,
		arbitrary: step("agentDone", { agent_id, pr_url: fc.constantFrom(null, "https://example.test/1") }),
	},
	{
		weight: 2,
		arbitrary: step("completions", {
			agent_id,
			attempt_id: fc.constantFrom(null, "newest", "older"),
			status: fc.constantFrom("completed", "failed", "stopped", "evicted"),
		}),
	},
	{
		weight: 2,
		arbitrary: step("completeReview", {
			entry_id: fc.constant("newest-mr"),
			status: fc.constantFrom("merged", "failed", "conflict"),
		}),
	},
	{ weight: 3, arbitrary: step("unhookBead", { agent_id }) },
	step("deleteAgent", { agent_id }),
	step("updateBeadStatus", { bead_id, status: fc.constantFrom(...BEAD_STATUSES) }),
	{
		weight: 2,
		arbitrary: step("updateAgentStatus", {
			agent_id,
			status: fc.constantFrom(...AGENT_STATUSES.slice(0, 4)),
		}),
	},
	step("closeBead", { bead_id }),
);

const story = fc
	.array(fc.oneof({ weight: 1, arbitrary: work }, { weight: 2, arbitrary: steps.map((one) => [one]) }), {
		minLength: 5,
		maxLength: 30,
	})
	.map((parts) => parts.flat());

/** Where the town breaks LEDGER-12, as SQL that finds nothing while it holds. */
const NEVER = {
	"a hook whose bead is assigned to another or has left work": `
		SELECT a.bead_id FROM agent_metadata a LEFT JOIN beads b ON b.bead_id = a.current_hook_bead_id
		WHERE a.current_hook_bead_id IS NOT NULL
			AND (b.assignee_agent_bead_id IS NOT a.bead_id OR b.status NOT IN ('open', 'in_progress'))`,
	"a bead on two hooks": `
		SELECT current_hook_bead_id FROM agent_metadata WHERE current_hook_bead_id IS NOT NULL
		GROUP BY 1 HAVING COUNT(*) > 1`,
	"work without a hook": `
		SELECT bead_id FROM agent_metadata WHERE status IN ('working', 'stalled') AND role != 'mayor'
			AND current_hook_bead_id IS NULL`,
	"a bead in progress on nobody's hook": `
		SELECT bead_id FROM beads WHERE status = 'in_progress'
			AND bead_id NOT IN (SELECT current_hook_bead_id FROM agent_metadata WHERE current_hook_bead_id IS NOT NULL)`,
	"an agent that is gone and still has something": `
		SELECT bead_id FROM agent_metadata WHERE status = 'dead'
			AND (current_hook_bead_id IS NOT NULL OR current_attempt_id IS NOT NULL)`,
	"an attempt under way that has ended": `
		SELECT a.bead_id FROM agent_metadata a LEFT JOIN dispatch_attempts d ON d.attempt_id = a.current_attempt_id
		WHERE a.current_attempt_id IS NOT NULL AND (d.ended_at IS NOT NULL OR d.outcome IS NULL)`,
	"an attempt that runs for nobody": `
		SELECT attempt_id FROM dispatch_attempts WHERE outcome IN ('starting', 'started') AND ended_at IS NULL
			AND attempt_id NOT IN (SELECT current_attempt_id FROM agent_metadata WHERE current_attempt_id IS NOT NULL)`,
	"a status of an agent that its timeline does not end with": `
		SELECT a.bead_id FROM agent_metadata a WHERE a.status IS NOT (SELECT l.to_status FROM agent_status_log l
			WHERE l.agent_id = a.bead_id ORDER BY l.id DESC LIMIT 1)`,
	"a closed bead without its time": `
		SELECT bead_id FROM beads WHERE (status IN ('closed', 'failed')) IS NOT (closed_at IS NOT NULL)`,
	"a batch without a cause": "SELECT last_seq FROM change_batch WHERE cause IS NULL",
} as const;

/** Ids that exist only in a run, in place of their names. */
function fill(args: Record<string, unknown>, storage: SqlStorage): Record<string, unknown> {
	const newest = (sql: string, offset = 0) =>
		storage.exec<{ id: string }>(`${sql} ORDER BY rowid DESC LIMIT 1 OFFSET ?`, offset).toArray()[0]?.id ??
		"none";
	const attempts = "SELECT attempt_id AS id FROM dispatch_attempts";
	const names: Record<string, () => string> = {
		newest: () => newest(attempts),
		older: () => newest(attempts, 1),
		"newest-mr": () => newest("SELECT bead_id AS id FROM beads WHERE type = 'merge_request'"),
	};
	return Object.fromEntries(
		Object.entries(args).map(([key, value]) => [key, names[String(value)]?.() ?? value]),
	);
}

async function say(instance: TownDO, { method, args }: Step): Promise<boolean> {
	const cause = { ...CAUSE, what: method };
	const called =
		method === "completions"
			? await instance.ingest("completions", REPORTS.completions.parse(args), cause)
			: await instance.gastown(method, METHODS[method].parse(args) as never, cause);
	return called.ok;
}

const make = async (instance: TownDO) => {
	const must = async (method: Method, args: object) =>
		expect(await instance.gastown(method, METHODS[method].parse(args) as never, CAUSE)).toMatchObject({
			ok: true,
		});
	await must("createTown", { name: "t", owner_type: "user", owner_id: "u" });
	await must("createRig", { id: "r", name: "r" });
	for (const name of AGENTS)
		await must("createAgent", {
			id: `consistent/${name}`,
			role: name.split("-")[0],
			name,
			rig_id: name === "mayor" ? null : "r",
		});
	for (const id of ["b1", "b2", "b3"]) await must("createBead", { id, title: id, rig_id: "r" });
};

test("LEDGER-12: whatever agents, users and containers say in whatever order, the town stays consistent", async () => {
	const done = new Set<string>();
	await townOf("consistent").inside(async (instance, state) => {
		const { sql } = state.storage;
		const tables = sql
			.exec<{ name: string }>(
				"SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_%' ESCAPE '\\' AND name NOT LIKE 'sqlite%' AND name != 'live_ops_meta'",
			)
			.toArray();
		await fc.assert(
			fc.asyncProperty(story, async (all) => {
				for (const { name } of tables) sql.exec(`DELETE FROM ${name}`);
				sql.exec("DELETE FROM change_log");
				await make(instance);
				for (const [n, one] of all.entries()) {
					const filled = { ...one, args: fill(one.args, sql) };
					if (await say(instance, filled)) done.add(one.method);
					for (const [what, query] of Object.entries(NEVER))
						expect(sql.exec(query).toArray(), `${what}, after ${n}: ${JSON.stringify(filled)}`).toEqual([]);
				}
			}),
			{ numRuns: 60, seed: 1_052 },
		);
	});
	expect([...done].sort()).toEqual([
		"agentDone", "closeBead", "completeReview", "completions", "deleteAgent", "dispatchOutcome", "hookBead",
		"startDispatch", "unhookBead", "updateAgentStatus", "updateBeadStatus",
	]); // biome-ignore format: a list
}, 60_000);
