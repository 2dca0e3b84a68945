import { isMemoryFull } from "../../shared/diagnosis/container-died.ts";
import { type ContainerState, isAtRest } from "../../shared/gastown/index.ts";
import type { ContainerReport } from "../../shared/ingest/index.ts";

/** Before any word of a container. */
export const noContainer = (at: string): ContainerState => ({
	status: "stopped",
	instance_id: null,
	since: at,
	last_stop: null,
	restarts_in_window: 0,
	window_started_at: null,
	health: null,
	last_restart_at: null,
	start_failures: 0,
	start_error: null,
	drained: [],
	sleep_after_ms: null,
	config_version: null,
	config_names: [],
	setbacks: [],
});

/** The town's clock in epoch milliseconds, and its restart window, fixed from its first restart (domain.md §2.13). */
type Clock = { now: number; window_ms: number };

type Told = ContainerReport & { id: number };
const SETBACKS_KEPT = 8;

/** What the container is after an event. `agents` work at that moment. */
export function containerAfter(
	before: ContainerState,
	event: Told,
	agents: string[],
	clock: Clock,
): ContainerState {
	const after = stateAfter(before, event, agents, clock);
	// Its drain ended their turns.
	const caught = event.type === "sleep" && agents.length === 0 ? before.drained : agents;
	const kind = isOther(before, event) ? null : setbackOf(event, caught.length);
	if (kind === null) return after;
	const { memory_mb, memory_limit_mb, id: event_id } = event;
	const at = new Date(clock.now).toISOString();
	const { sleep_after_ms } = before;
	const setback = { at, kind, agents: caught, memory_mb, memory_limit_mb, event_id, sleep_after_ms };
	return { ...after, setbacks: [...before.setbacks, setback].slice(-SETBACKS_KEPT) };
}

/** How an event broke into work; null where it did not. */
function setbackOf(event: Told, working: number) {
	const { type, oom, exit_code, detail } = event;
	if (type === "error" && oom) return "oom";
	if (type === "sleep") return working > 0 ? "slept" : null;
	if (type !== "stop" || exit_code === 0 || detail.ordered === true) return null;
	return oom || (isMemoryFull(event) && exit_code === 137) ? "oom" : "died";
}

function stateAfter(before: ContainerState, event: Told, agents: string[], clock: Clock): ContainerState {
	const at = new Date(clock.now).toISOString();
	const instance_id = event.instance_id ?? before.instance_id;
	const become = (status: string): ContainerState => ({
		...before,
		instance_id,
		status,
		since: status === before.status && instance_id === before.instance_id ? before.since : at,
	});
	switch (event.type) {
		case "start":
			return {
				...(before.status === "died" ? restarted(become("running"), clock) : become("running")),
				...{ start_failures: 0, start_error: null, health: null, config_version: null },
				...{ drained: [], sleep_after_ms: null },
			};
		case "wake":
			return become("running");
		case "sleep":
			return become("sleeping");
		case "eviction":
			// Told late, when it has ended or another runs: no word of what is now.
			return isOther(before, event) || isAtRest(before.status)
				? before
				: { ...become("draining"), drained: agents };
		case "health":
			return become(before.status);
		case "error":
			return event.detail.phase === "start" ? startFailed(before, event, clock) : become(before.status);
		case "stop":
			// The end of an older instance is history: the newer one runs.
			if (isOther(before, event)) return before;
			return {
				...become(event.exit_code === 0 || event.detail.ordered === true ? "stopped" : "died"),
				health: null,
				last_stop: {
					at,
					exit_code: event.exit_code,
					reason: event.reason ?? "",
					oom: event.oom,
					memory_mb: event.memory_mb,
					memory_limit_mb: event.memory_limit_mb,
					agents,
					event_id: event.id,
				},
			};
	}
}

/** What an event tells of another instance than the newest. */
const isOther = ({ instance_id }: ContainerState, event: ContainerReport): boolean =>
	event.instance_id !== null && instance_id !== null && event.instance_id !== instance_id;

/** A start that the platform refused uses the budget as a restart does (domain.md §2.13). */
const startFailed = (before: ContainerState, event: ContainerReport, clock: Clock): ContainerState => ({
	...restarted(before, clock),
	start_failures: before.start_failures + 1,
	start_error: typeof event.detail.error === "string" ? event.detail.error : (event.reason ?? ""),
});

/** One restart more after a death; a new window where the old one is over. */
export function restarted(state: ContainerState, { now, window_ms }: Clock): ContainerState {
	const at = new Date(now).toISOString();
	const started = state.window_started_at === null ? null : Date.parse(state.window_started_at);
	if (started === null || now - started >= window_ms)
		return { ...state, restarts_in_window: 1, window_started_at: at, last_restart_at: at };
	return { ...state, restarts_in_window: state.restarts_in_window + 1, last_restart_at: at };
}
