import { type TownEvent, townEvents } from "../../../../shared/gastown/index.ts";
import { redact } from "../../../../shared/redaction/index.ts";
import { stopAgent } from "../../control.ts";
import { type EndProcess, endedWithContainer, failEvent, orderEnd, settleEvent } from "../../inbox.ts";
import { getRow } from "../../rows.ts";
import { type Failure, ok, type Result, type Town } from "../../town.ts";
import type { Action, ActionType } from "../actions.ts";
import { act, type SchedulerHost } from "../host.ts";
import { eventKey } from "../keys.ts";
import type { Doing, Effect } from "../scheduler.ts";

/** Does what an event of the inbox asks for. It stays there, with its tries and the last error, until that is done (SCHED-8). */
export const processEvent =
	(host: SchedulerHost, { event: id }: Pick<Extract<Action, { type: "process_event" }>, "event">): Effect =>
	async () => {
		const event = getRow(host.town.sql, townEvents, id);
		if (!event || event.processed_at !== null) return;
		try {
			const note = await carryOut(host, event);
			act(host, "process_event", (town) => ok(settleEvent(town, id, note)));
		} catch (error) {
			const said = redact(error instanceof Error ? error.message : String(error)).slice(0, 500);
			act(host, "process_event", (town) => ok(failEvent(town, id, said)));
			throw error;
		}
	};

/** Answers what is to be said of it, if nothing was done. */
async function carryOut(host: SchedulerHost, event: TownEvent): Promise<string | null> {
	const { event_id: key, event_type, agent_id, payload } = event;
	if (event_type !== "end_process" || agent_id === null) return `Nothing is done for a "${event_type}".`;
	if (endedWithContainer(host.town, event)) return "Its container has ended, and the process with it.";
	const attempt = typeof payload.attempt === "string" ? payload.attempt : null;
	await stopAgent(host.arm(), {
		agent: agent_id,
		attempt,
		key,
		how: payload.how === "kill" ? "kill" : "term",
	});
	return null;
}

/** A change of rows that calls for the end of processes: ordered with it, done at once, tried again at the next looks. */
export function withEnds(
	host: SchedulerHost,
	what: ActionType,
	part: (town: Town) => Result<EndProcess[]>,
): Doing[] | Failure {
	const changed = act(host, what, (town) => {
		const ends = part(town);
		return ends.ok ? ok(ends.value.flatMap((end) => orderEnd(town, end) ?? [])) : ends;
	});
	if (!changed.ok) return changed;
	return changed.value.map((event) => ({ key: eventKey(event), run: processEvent(host, { event }) }));
}
