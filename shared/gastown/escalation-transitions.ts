import type { Bead, escalationMetadata } from "./bead.ts";
import { isUnfinished } from "./bead-transitions.ts";
import type { Row } from "./table.ts";
import { type Moved, move, no, type TransitionTable } from "./transition.ts";

/** A call for help: nobody has seen it, somebody has, or it is over (domain.md §2.9). Its end is that of its bead. */
export const ESCALATION_STATES = ["unseen", "acknowledged", "closed", "failed"] as const;
export type EscalationState = (typeof ESCALATION_STATES)[number];

export const ESCALATION_MOVES = [
	"acknowledge",
	/** Nobody has seen it for hours: it is told again, and louder. */
	"raise",
] as const;
export type EscalationMove = (typeof ESCALATION_MOVES)[number];

export const ESCALATION_TRANSITIONS: TransitionTable<EscalationState, EscalationMove> = {
	/** It stays open until its cause is gone (Gastown closed it, #1107). */
	unseen: { acknowledge: "acknowledged", raise: "unseen" },
	acknowledged: {
		acknowledge: no("it has been acknowledged already"),
		raise: no("it has been acknowledged"),
	},
	/** Gastown raised these again too (#2123). */
	closed: { acknowledge: no("it has been closed"), raise: no("it has been closed") },
	failed: { acknowledge: no("it has failed"), raise: no("it has failed") },
};

/** Where an escalation goes from `from`, or why it cannot. */
export const moveEscalation = (from: string, event: EscalationMove): Moved<EscalationState> =>
	move(ESCALATION_TRANSITIONS, "escalation", from, event);

/** The state of an escalation, read from its rows. */
export function escalationState(
	bead: Pick<Bead, "status">,
	escalation: Pick<Row<typeof escalationMetadata>, "acknowledged">,
): EscalationState | string {
	if (!isUnfinished(bead.status)) return bead.status;
	return escalation.acknowledged === 1 ? "acknowledged" : "unseen";
}
