import type { ContainerState } from "../../../shared/gastown/index.ts";
import { type Look, look, unknownLook } from "./signs.ts";

const LOOKS: Record<string, Look> = {
	stopped: look("open", "Stopped", "quiet"),
	starting: look("changing", "Starting", "active"),
	running: look("running", "Running", "good"),
	draining: look("changing", "Draining", "active"),
	stopping: look("changing", "Stopping", "active"),
	sleeping: look("asleep", "Asleep", "quiet"),
	died: look("failed", "Died", "bad"),
	evicted: look("gone", "Evicted", "quiet"),
	unhealthy: look("warning", "Unhealthy", "warn"),
	paused: look("paused", "Paused", "human"),
};

/**
 * How a container stands: `town_state.container`, or only its status where that is all one has (user page).
 * `paused`: its run policy is `paused_by_user`.
 */
export function containerLook(
	container: (Pick<ContainerState, "status"> & Partial<Pick<ContainerState, "last_stop">>) | null | undefined,
	paused = false,
): Look {
	if (!container) return look("unknown", "Unknown", "warn");
	if (paused && container.status !== "running") return look("paused", "Paused", "human");
	const code = container.last_stop?.exit_code;
	if (container.status === "died" && typeof code === "number")
		return look("failed", `Died, exit ${code}`, "bad");
	return LOOKS[container.status] ?? unknownLook(container.status);
}
