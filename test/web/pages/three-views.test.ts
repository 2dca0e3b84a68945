import { expect, test } from "vitest";
import type { Agent, AgentSessionRow, AgentSignals } from "../../../shared/gastown/index.ts";
import { threeViews } from "../../../web/agent/three-views.ts";
import { anAgent, NOW, signals, works } from "../../shared/diagnosis/town.ts";

const beat = (age: number, row: Record<string, unknown> = {}) => ({
	...{ agent_id: "toast", heartbeat_at: NOW - age, last_event_type: null, last_event_at: null },
	...{ active_tools: [], pid: 4121, cpu: 1, memory_mb: 1, attempt_id: "a1", uptime_s: 9, ...row },
});
const exit = (age: number) => ({
	...{ at: new Date(NOW - age).toISOString(), code: 143, signal: null, reason: "completed", bead_id: null },
});
const SESSION = { agent_id: "toast", status: "running" } as AgentSessionRow;
type Given = { agent?: object; beat?: ReturnType<typeof beat> | null; signals?: object; runs?: boolean };
const views = ({ agent = {}, beat: heard = beat(2_000), signals: now = {}, runs = true }: Given = {}) =>
	threeViews({
		...{
			agent: anAgent("toast", { ...works("b1"), ...agent }) as Agent,
			beat: heard,
			session: SESSION,
			runs,
		},
		...{ signals: signals("toast", { turn_since: NOW - 60_000, ...now }) as AgentSignals, now: NOW },
	});

test("three places that agree are not marked", () => {
	expect(views()).toMatchObject({
		container: { word: "Running", tone: "good" },
		session: { word: "In a turn" },
		differ: [],
	});
});

test.each([
	[
		"a silent process",
		{ beat: beat(120_000) },
		"The town says working, the container has said nothing of it for 2m",
	],
	[
		"a process that is nobody's",
		{ agent: { status: "idle", container_process_id: null }, signals: { turn_since: null } },
		"The town says idle, the container still runs its process 4121.",
	],
	[
		"another process",
		{ beat: beat(1_000, { pid: 99 }) },
		"The town knows process 4121, the container runs 99.",
	],
	[
		"another attempt",
		{ beat: beat(1_000, { attempt_id: "a0" }) },
		"The process is of another attempt than the town's.",
	],
	[
		"an end that the town has not taken in",
		{ beat: beat(80_000), agent: { last_exit: exit(60_000) } },
		"The town says working, its process ended 1m",
	],
	["a container that is down", { runs: false }, "The town says working, the container does not run."],
	[
		"a turn of one that waits",
		{ agent: { status: "waiting" } },
		"The town says waiting, its session is in a turn since 1m",
	],
	[
		"no turn of one that works",
		{ signals: { turn_since: null, last_step_at: NOW - 300_000 } },
		"The town says working, its session has no turn under way since 5m",
	],
])("%s is marked", (_, given, words) => {
	const { differ } = views(given as Given);
	expect(differ).toHaveLength(1);
	expect(differ[0]).toContain(words);
});

test("a heartbeat from before the end of its process is no process that still runs", () => {
	const idle = { status: "idle", container_process_id: null, current_attempt_id: null };
	const now = { signals: { turn_since: null }, beat: beat(7_000) };
	expect(views({ ...now, agent: { ...idle, last_exit: exit(4_000) } })).toMatchObject({
		container: { word: "Process ended" },
		differ: [],
	});
	expect(views({ ...now, agent: { ...idle, last_exit: exit(20_000) } }).differ).toHaveLength(1);
});

test("what nobody has heard of is unknown, not well", () => {
	const { container } = views({ beat: null });
	expect(container).toMatchObject({ word: "Nothing heard yet", tone: "quiet" });
});
