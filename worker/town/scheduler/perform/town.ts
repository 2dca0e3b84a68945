import { tellMayor } from "../../mayor.ts";
import { isoNow, ok, type Result } from "../../town.ts";
import { setTownValue } from "../../town-state.ts";
import type { Action } from "../actions.ts";
import { act, type SchedulerHost } from "../host.ts";

type Of<T extends Action["type"]> = Extract<Action, { type: T }>;

export const clearDrain = (host: SchedulerHost): Result<unknown> =>
	act(host, "clear_drain", (town) => ok(setTownValue(town, "drain", null)));

export const endPause = (host: SchedulerHost, { of }: Of<"end_pause">): Result<unknown> =>
	act(host, "end_pause", (town) => {
		if (of === "dispatch") setTownValue(town, "dispatch_pause", null);
		else
			setTownValue(town, "run_policy", {
				...{ policy: "automatic", since: isoNow(town), by: "scheduler", order: null, until: null },
			});
		return ok(null);
	});

/** Told once for each opening: in the state, where its page and its history have it, and to the mayor (domain.md §2.5). */
export const openCircuit = (
	host: SchedulerHost,
	{ failing_beads, why }: Of<"open_circuit">,
): Result<unknown> =>
	act(host, "open_circuit", (town) => {
		const message = `${why}: nothing is started until they are fewer.`;
		setTownValue(town, "circuit", { since: isoNow(town), failing_beads, message });
		tellMayor(town, { message, source: "circuit" });
		return ok(null);
	});

export const closeCircuit = (host: SchedulerHost): Result<unknown> =>
	act(host, "close_circuit", (town) => ok(setTownValue(town, "circuit", null)));
