import type { AgentSignals } from "../../../shared/gastown/index.ts";
import type { Town } from "./kit.ts";

/** A kind of effect that an intervention has, with one that has it. */
export type Kind = {
	/** Brings the town to where somebody clicks; gives what is proposed then. */
	arrange(town: Town): Promise<Record<string, unknown>>;
	/** What the container is asked for, each once. */
	asks(town: Town): string[];
	/** What the world tells when it was done, from which the proof comes; null where the town's own rows show it. */
	told: ((town: Town) => Promise<unknown>) | null;
	/** It is the scheduler that carries it out. */
	scheduled?: true;
	/** The row that shows whether it was done; null: there is none. */
	row(town: Town, id: string): { entity: string; key: string; done: object; not: object | null };
};

const started = (town: Town, instance_id: string) =>
	town.report("container-events", { type: "start", instance_id, reason: "work" });
const stopped = (town: Town) =>
	town.report("container-events", {
		...{ type: "stop", instance_id: "i-1", exit_code: 0, reason: "asked", detail: { ordered: true } },
	});

async function atWork(town: Town): Promise<void> {
	await started(town, "i-1");
	await town.must("hookBead", { agent_id: town.toast, bead_id: "bead-1" });
	const { attempt_id } = await town.must<{ attempt_id: string }>("startDispatch", { agent_id: town.toast });
	await town.must("dispatchOutcome", { attempt_id, outcome: "started", process_id: "p-1" });
}

const ASKS = { id: "per_1", permission: "bash", patterns: ["rm *"], tool: "bash", since: 1 };
function signals(town: Town, stream_seq: number, now: Partial<AgentSignals>): Promise<void> {
	const quiet = { last_error: null, equal_calls: null, pending_permission: null, retry: null };
	const since = { offline_since: null, turn_since: null, last_step_at: null };
	const row = { agent_id: town.toast, ...quiet, ...since, steps: 0, stream_seq, ...now };
	return town.stub.reportAgent({ agent: town.toast, signals: row, usage: [] });
}
const inTurn = async (town: Town) => {
	await atWork(town);
	await signals(town, 1, { turn_since: 1, pending_permission: ASKS });
};
const quiet = (town: Town) => signals(town, 2, {});
async function tellsModel(town: Town, model: string): Promise<void> {
	const [attempt] = await town.journal("dispatch_attempts");
	const quiet = { last_event_type: null, last_event_at: null, active_tools: [], cpu: null, memory_mb: null };
	const beat = {
		agent_id: town.toast,
		attempt_id: String(attempt?.attempt_id),
		status: "running",
		pid: null,
	};
	await town.report("heartbeat", {
		instance_id: "i-1",
		agents: [{ ...quiet, ...beat, session_id: "ses_1", model }],
		container: null,
	});
}

async function processEnds(town: Town, signal: string): Promise<void> {
	const [attempt] = await town.journal("dispatch_attempts");
	const attempt_id = String(attempt?.attempt_id);
	const how = { status: "stopped", exit_code: null, signal, reason: "ended by an intervention" } as const;
	await town.report("completions", { agent_id: town.toast, attempt_id, ...how });
}
const SESSION = { status: "working", current_hook_bead_id: "bead-1", container_process_id: "p-1" };
const ofAgent = (town: Town, done: object) => ({
	...{ entity: "agent_metadata", key: town.toast, done, not: SESSION },
});
const ofSignals = (town: Town, done: object) => ({
	...{ entity: "agent_signals", key: town.toast, done, not: { turn_since: 1, pending_permission: ASKS } },
});
const ofContainer = (done: object) => ({
	...{ entity: "town_state", key: "container", done: { value: done } },
	not: { value: { status: "running", instance_id: "i-1" } },
});
const RUNNING = { container_status: "running", instance_id: "i-1", run_policy: "automatic" };
const onContainer = (name: string) => async (town: Town) => {
	await started(town, "i-1");
	return { name, target: town.id, params: {}, saw: RUNNING };
};

export const KINDS: Record<string, Kind> = {
	"of the database": {
		arrange: async () => ({}),
		asks: () => [],
		told: null,
		row: () => ({
			...{ entity: "beads", key: "bead-1" },
			...{ done: { priority: "high" }, not: { priority: "medium" } },
		}),
	},
	"that stops a process": {
		async arrange(town) {
			await atWork(town);
			return { name: "agent.reset", target: town.toast, params: {}, saw: SESSION };
		},
		asks: ({ toast }) => [`POST /agents/${toast}/stop`],
		told: (town) => processEnds(town, "SIGTERM"),
		row: (town) => ofAgent(town, { status: "idle", current_hook_bead_id: null, container_process_id: null }),
	},
	"that kills a process": {
		async arrange(town) {
			await atWork(town);
			const saw = { container_process_id: "p-1" };
			return { name: "agent.kill", target: town.toast, params: {}, saw };
		},
		asks: ({ toast }) => [`POST /agents/${toast}/stop`],
		told: (town) => processEnds(town, "SIGKILL"),
		row: (town) =>
			ofAgent(town, { status: "idle", current_hook_bead_id: "bead-1", container_process_id: null }),
	},
	"that interrupts a session": {
		async arrange(town) {
			await inTurn(town);
			const saw = { container_process_id: "p-1" };
			return { name: "agent.interrupt", target: town.toast, params: {}, saw };
		},
		asks: ({ toast }) => [`POST /agents/${toast}/interrupt`],
		told: quiet,
		row: (town) => ofSignals(town, { turn_since: null }),
	},
	"that answers a session": {
		async arrange(town) {
			await inTurn(town);
			const params = { permission: "per_1", reply: "once" };
			return { name: "agent.answer-permission", target: town.toast, params, saw: { permission: "per_1" } };
		},
		asks: ({ toast }) => [`POST /agents/${toast}/permissions/per_1`],
		told: quiet,
		row: (town) => ofSignals(town, { pending_permission: null }),
	},
	"that sends a message": {
		async arrange(town) {
			await atWork(town);
			const saw = { container_process_id: "p-1" };
			return { name: "agent.nudge", target: town.toast, params: { message: "Go on." }, saw };
		},
		asks: ({ toast }) => [`POST /agents/${toast}/message`],
		scheduled: true,
		told: null,
		row: (_, id) => ({ entity: "agent_nudges", key: id, done: { status: "delivered" }, not: null }),
	},
	"that sets what a session runs on": {
		async arrange(town) {
			await atWork(town);
			await signals(town, 1, {});
			await tellsModel(town, "scripted/old");
			const saw = { container_process_id: "p-1", model: "scripted/old" };
			return { name: "agent.set-model", target: town.toast, params: { model: "scripted/new" }, saw };
		},
		asks: ({ toast }) => [`PATCH /agents/${toast}/model`],
		told: (town) => tellsModel(town, "scripted/new"),
		row: ({ toast }) => ({
			...{
				entity: "agent_sessions",
				key: toast,
				done: { model: "scripted/new" },
				not: { model: "scripted/old" },
			},
		}),
	},
	"that hands out the configuration": {
		async arrange(town) {
			await started(town, "i-1");
			await town.must("setTownState", { key: "config", value: { env_vars: { STAGE: "two" } } });
			const saw = { config_version: null, environment: 1 };
			return { name: "container.sync-config", target: town.id, params: {}, saw };
		},
		asks: () => ["POST /sync-config"],
		told: null,
		row: () => ({
			...{ entity: "town_state", key: "container", done: { value: { config_version: "1" } } },
			not: { value: { config_version: null } },
		}),
	},
	"that stops the container": {
		arrange: onContainer("container.stop"),
		asks: () => ["stop"],
		told: stopped,
		row: () => ofContainer({ status: "stopped", instance_id: "i-1" }),
	},
	"that restarts the container": {
		arrange: onContainer("container.restart"),
		asks: () => ["stop", "start"],
		async told(town) {
			await stopped(town);
			await started(town, "i-2");
		},
		row: () => ofContainer({ status: "running", instance_id: "i-2" }),
	},
};
