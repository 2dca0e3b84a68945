import { expect, test } from "vitest";
import { agentSessions, usageHours } from "../../../shared/gastown/index.ts";
import { listRows } from "../../../worker/town/rows.ts";
import { callTown } from "../../../worker/town/run.ts";
import { recordAgentReport } from "../../../worker/town/usage.ts";
import { inTown, type TestTown } from "../interventions/town.ts";

const HOUR = 3_600_000;
const CAUSE = { kind: "container", what: "agent-report", id: null, by: null };

/** The agent's totals of an attempt, absolute as it reports them. */
function report(town: TestTown, seq: number, input_tokens: number, cost: number, model = "m"): void {
	const quiet = { last_error: null, equal_calls: null, pending_permission: null, retry: null };
	const since = { offline_since: null, turn_since: null, last_step_at: null };
	const signals = { agent_id: "toast", ...quiet, ...since, steps: 0, stream_seq: seq };
	const tokens = { output_tokens: 1, reasoning_tokens: 0, cache_read_tokens: 0, cache_write_tokens: 0 };
	const totals = {
		...{ attempt_id: "a1", model, agent_id: "toast", bead_id: "b1", input_tokens, ...tokens, cost },
		...{ stream_seq: seq, at: "" },
	};
	callTown(town.live, town.town, CAUSE, () =>
		recordAgentReport(town.town, { agent: "toast", signals, usage: [totals] }),
	);
}
const hours = (town: TestTown) =>
	listRows(town.town.sql, usageHours, "ORDER BY hour, model").map((row) => [
		row.hour.slice(5, 13),
		row.model,
		row.input_tokens,
		row.output_tokens,
		row.cost,
	]);

test("STREAM-4: absolute totals become what each hour used, a repeat counts once, and a correction is taken back", () =>
	inTown((town) => {
		report(town, 1, 100, 0.1);
		report(town, 2, 150, 0.3);
		report(town, 2, 150, 0.3);
		report(town, 3, 10, 0, "other");
		town.now += HOUR;
		report(town, 4, 140, 0.4);
		expect(hours(town)).toEqual([
			["03-01T12", "m", 150, 1, 0.3],
			["03-01T12", "other", 10, 1, 0],
			["03-01T13", "m", -10, 0, 0.1],
		]);
	}));

test("hours beyond a week go with the first of a new one", () =>
	inTown((town) => {
		report(town, 1, 100, 0.1);
		town.now += 7 * 24 * HOUR;
		report(town, 2, 200, 0.2);
		expect(hours(town)).toHaveLength(2);
		town.now += HOUR;
		report(town, 3, 300, 0.3);
		expect(hours(town).map(([hour]) => hour)).toEqual(["03-08T12", "03-08T13"]);
	}));

test("FEED-9: a session is written when the container tells something new of it, not with each heartbeat", () =>
	inTown((town) => {
		const written = () =>
			town.town.sql.one<{ n: number }>("SELECT count(*) AS n FROM change_log WHERE entity = 'agent_sessions'")
				?.n;
		town.container("start");
		town.work("toast", "b1");
		town.beat("toast");
		expect(listRows(town.town.sql, agentSessions)).toMatchObject([
			{ agent_id: "toast", model: "scripted/m", prompt_hash: "0badcafe", session_id: "ses_1" },
		]);
		const once = written();
		town.now += 5_000;
		town.beat("toast");
		expect(written()).toBe(once);
	}));
