import { isoNow, ok, type Result, type Town } from "../town.ts";
import { setTownValue, townValue } from "../town-state.ts";
import type { Applying } from "./apply-agent.ts";

const inHours = (town: Town, hours: number): string => new Date(town.now() + hours * 3_600_000).toISOString();

/** A person takes the restarts of the window on themselves: the watchdog has all of its own again (domain.md §2.13). */
function resetBudget({ town }: Applying): Result<unknown> {
	const container = townValue(town, "container");
	if (container)
		setTownValue(town, "container", {
			...container,
			...{ restarts_in_window: 0, window_started_at: null, last_restart_at: null },
			...{ start_failures: 0, start_error: null, setbacks: [] },
		});
	return ok(null);
}

function applyContainerPause({ town, id, by }: Applying, { hours }: { hours: number }): Result<unknown> {
	const until = inHours(town, hours);
	setTownValue(town, "run_policy", { policy: "paused_by_user", since: isoNow(town), by, order: id, until });
	return ok(null);
}

function applyContainerResume({ town, id, by }: Applying): Result<unknown> {
	setTownValue(town, "run_policy", {
		...{ policy: "automatic", since: isoNow(town), by, order: id, until: null },
	});
	return ok(null);
}

function applyDispatchPause({ town, id, by }: Applying, { hours }: { hours: number }): Result<unknown> {
	const since = townValue(town, "dispatch_pause")?.since ?? isoNow(town);
	setTownValue(town, "dispatch_pause", { since, until: inHours(town, hours), by, order: id });
	return ok(null);
}

function applyDispatchResume({ town }: Applying): Result<unknown> {
	setTownValue(town, "dispatch_pause", null);
	return ok(null);
}

export const APPLY_TOWN = {
	"container.start": resetBudget,
	"container.stop": () => ok(null),
	"container.restart": resetBudget,
	"container.pause": applyContainerPause,
	"container.resume": applyContainerResume,
	"town.pause-dispatch": applyDispatchPause,
	"town.resume-dispatch": applyDispatchResume,
};
