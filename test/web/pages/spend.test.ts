import { expect, test } from "vitest";
import { periodsOf, uptimeOf, workingSteps } from "../../../web/container/lanes.ts";
import { amountOf, amountsBy, costPer, hourly, reviewCosts, wasteOf } from "../../../web/spend/spend.ts";
import { aBead, NOW, townOf } from "../../shared/diagnosis/town.ts";

const used = (attempt_id: string, cost: number, row: Record<string, unknown> = {}) => ({
	...{ attempt_id, model: "m", agent_id: "toast", bead_id: "b1", stream_seq: 1, at: "" },
	...{ input_tokens: 10, output_tokens: 4, reasoning_tokens: 1, cache_read_tokens: 2, cache_write_tokens: 0 },
	...{ cost, ...row },
});

test("a cost that nobody told is unknown, alone and beside known ones, and makes no price per bead", () => {
	expect(amountOf([used("a", 0)])).toEqual({ input: 10, output: 5, cached: 2, cost: null, unpriced: 17 });
	const mixed = amountOf([used("a", 0), used("b", 0.1), used("c", 0.2)]);
	expect(mixed).toMatchObject({ cost: 0.3, unpriced: 17 });
	expect(costPer(mixed, 3)).toBeNull();
	expect(costPer(amountOf([used("b", 0.3)]), 3)).toBeCloseTo(0.1);
	expect(costPer(amountOf([used("b", 0.3)]), 0)).toBeNull();
	expect(amountOf([])).toMatchObject({ cost: null, unpriced: 0 });
});

test("sums stand dearest first, and hours without work stand between those with", () => {
	const rows = [
		used("a", 0.1, { agent_id: "x" }),
		used("b", 0.3, { agent_id: "y" }),
		used("c", 0.1, { agent_id: "x" }),
	];
	expect(amountsBy(rows, ({ agent_id }) => agent_id).map(({ key, cost }) => [key, cost])).toEqual([
		["y", 0.3],
		["x", 0.2],
	]);
	const first = Math.floor(NOW / 3_600_000) * 3_600_000;
	const at = (n: number) => new Date(first + n * 3_600_000).toISOString();
	const hours = hourly(
		[
			{ ...used("", 0.1), hour: at(0) },
			{ ...used("", 0.1, { agent_id: "maple" }), hour: at(3) },
			{ ...used("", 0.1), hour: at(3) },
		],
		[
			{ type: "issue", status: "closed", closed_at: at(0.5) },
			{ type: "issue", status: "closed", closed_at: at(3.9) },
			{ type: "issue", status: "failed", closed_at: at(3.9) },
		],
	);
	expect(hours.map(({ key, cost, agents, closed }) => [key, cost, agents, closed])).toEqual([
		[at(0), 0.1, 1, 1],
		[at(1), null, 0, 0],
		[at(2), null, 0, 0],
		[at(3), 0.2, 2, 1],
	]);
});

test("waste is what failed attempts used; each attempt on a merge request is a review of it", () => {
	const attempt = (attempt_id: string, row: Record<string, unknown> = {}) => ({
		...{ attempt_id, bead_id: "b1", agent_id: "toast", n: 1, at: "", outcome: "started", order_id: null },
		...{
			container_response: null,
			error: null,
			ended_at: null,
			exit_code: 0,
			signal: null,
			end_reason: null,
		},
		...row,
	});
	const attempts = [
		attempt("a"),
		attempt("d", { exit_code: null, signal: "SIGTERM", end_reason: "completed" }),
		attempt("b", { exit_code: 1 }),
		attempt("c", { exit_code: null, signal: "SIGKILL" }),
	];
	const usage = [used("a", 1), used("b", 0.2), used("c", 0.3), used("d", 9)];
	expect(wasteOf(attempts, usage)).toMatchObject({ n: 2, cost: 0.5 });
	const view = townOf({
		beads: [aBead("mr", { type: "merge_request" })],
		review_metadata: [{ bead_id: "mr", merge_commit: null }],
		usage: [used("r1", 0.1, { bead_id: "mr" }), used("r2", 0.2, { bead_id: "mr" }), used("a", 1)],
	});
	expect(reviewCosts(view)).toMatchObject([{ request: "mr", reviews: 2, cost: 0.3 }]);
});

test("the container's life above its agents: deaths are told from stops, and idle is running without work", () => {
	const at = (minutes: number) => new Date(NOW + minutes * 60_000).toISOString();
	const event = (id: number, type: string, minutes: number, exit_code: number | null = null) => ({
		...{ id, type, at: at(minutes), exit_code, instance_id: null, reason: null },
		...{ memory_mb: null, memory_limit_mb: null, log: [], detail: {} },
	});
	const now = NOW + 60 * 60_000;
	const periods = periodsOf(
		[
			event(1, "start", 0),
			event(2, "health", 5),
			event(3, "stop", 20, 137),
			event(4, "start", 30),
			event(5, "sleep", 50),
		],
		now,
	);
	expect(periods.map(({ is, from, to }) => [is, (from - NOW) / 60_000, (to - NOW) / 60_000])).toEqual([
		["running", 0, 20],
		["dead", 20, 30],
		["running", 30, 50],
		["asleep", 50, 60],
	]);
	const moved = (id: number, agent_id: string, from_status: string, to_status: string, minutes: number) => ({
		...{ id, agent_id, from_status, to_status, at: at(minutes), cause: null },
	});
	const steps = workingSteps(
		[
			moved(1, "toast", "idle", "working", 5),
			moved(2, "maple", "working", "idle", 10),
			moved(3, "toast", "working", "idle", 20),
		],
		NOW,
		0,
	);
	expect(steps.map(({ at, working }) => [(at - NOW) / 60_000, working])).toEqual([
		[0, 1],
		[5, 2],
		[10, 1],
		[20, 0],
	]);
	expect(uptimeOf(periods, steps, NOW)).toEqual({ up: 40 * 60_000, idle: 20 * 60_000 });
});
