import { DISCARDED } from "../../../shared/interventions/scheduler.ts";
import { settleEvent } from "../inbox.ts";
import { isoNow, ok, type Result } from "../town.ts";
import { setTownValue } from "../town-state.ts";
import type { Applying } from "./apply-agent.ts";

function applyClearDrain({ town }: Applying): Result<unknown> {
	setTownValue(town, "drain", null);
	return ok(null);
}

/** The breaker is a count: failures until now are left out of it. Counters and waits of the beads stay (domain.md §2.5). */
function applyResetBreaker({ town, id, by }: Applying): Result<unknown> {
	setTownValue(town, "circuit", null);
	setTownValue(town, "breaker_reset", { at: isoNow(town), by, order: id });
	return ok(null);
}

/** Written with the new plan, so that the look which comes can say that it came. */
function applyRearmAlarm({ town, id, by, rearm }: Applying): Result<unknown> {
	setTownValue(town, "look_order", { order: id, by, at: isoNow(town), looked_at: null });
	rearm();
	return ok(null);
}

function applyDiscardEvent({ town }: Applying, { event }: { event: string }): Result<unknown> {
	settleEvent(town, event, DISCARDED);
	return ok(null);
}

export const APPLY_SCHEDULER = {
	"town.clear-drain": applyClearDrain,
	"town.reset-breaker": applyResetBreaker,
	"town.rearm-alarm": applyRearmAlarm,
	"town.discard-event": applyDiscardEvent,
};
