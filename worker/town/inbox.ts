import { isAtRest, type TownEvent, townEvents } from "../../shared/gastown/index.ts";
import { getRow, insertRow, updateRow } from "./rows.ts";
import { isoNow, type Town } from "./town.ts";
import { townValue } from "./town-state.ts";

/** The process of an agent is to be ended: it was taken off its work, or must not work beside the next one. */
export type EndProcess = {
	agent: string;
	/** Only the process of this attempt; whatever the agent runs, where it is null. */
	attempt: string | null;
	/** Its bead is not given to anybody else before. */
	bead: string | null;
	/** In one word, for the process's exit: `stall`, `lost`, `fail`… */
	cause: string;
	how: "term" | "kill";
};

/**
 * Writes the order with the change that calls for it; the scheduler carries it out until it is done. Answers its name; null
 * where the container runs no process.
 */
export function orderEnd(town: Town, { agent, attempt, bead, cause, how }: EndProcess): string | null {
	const container = townValue(town, "container");
	if (!container || isAtRest(container.status)) return null;
	const event_id = `${cause}:${attempt ?? town.uuid()}`;
	if (getRow(town.sql, townEvents, event_id)) return null;
	const instance = container.instance_id;
	insertRow(town.sql, townEvents, {
		...{ event_id, event_type: "end_process", agent_id: agent, bead_id: bead, created_at: isoNow(town) },
		payload: { attempt, how, instance },
	});
	return event_id;
}

/** The container in which the process ran has ended, and the process with it. */
export function endedWithContainer(town: Town, { payload }: Pick<TownEvent, "payload">): boolean {
	const container = townValue(town, "container");
	if (!container || isAtRest(container.status)) return true;
	return typeof payload.instance === "string" && payload.instance !== container.instance_id;
}

/** `note`: what is to be said of an event that nothing was done for. */
export const settleEvent = (town: Town, id: string, note: string | null = null): void =>
	updateRow(town.sql, townEvents, [id], { processed_at: isoNow(town), last_error: note });

/** It waits for another look, and says why. */
export function failEvent(town: Town, id: string, error: string): void {
	const event = getRow(town.sql, townEvents, id);
	if (event?.processed_at === null)
		updateRow(town.sql, townEvents, [id], { tries: event.tries + 1, last_error: error });
}
