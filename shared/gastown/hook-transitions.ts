import type { Agent } from "./agent.ts";
import type { Bead } from "./bead.ts";
import { type Moved, move, no, type TransitionTable } from "./transition.ts";

/** An agent's hook: nothing on it, a bead that waits, or a bead whose process was asked for. */
export const HOOK_STATES = ["empty", "hooked", "dispatched"] as const;
export type HookState = (typeof HOOK_STATES)[number];

export const HOOK_MOVES = [
	"hook",
	"unhook",
	"dispatch",
	"start_failed",
	/** The agent reported its work done. */
	"done",
	/** The process ended without a word: the hook stays, for a late `done` or the next dispatch. */
	"exit",
	/** The bead was closed or failed, or the agent's container is gone. */
	"drop",
] as const;
export type HookMove = (typeof HOOK_MOVES)[number];

const empty = no("nothing is on the hook");
const taken = no("a bead is on the hook already");

export const HOOK_TRANSITIONS: TransitionTable<HookState, HookMove> = {
	empty: {
		hook: "hooked",
		unhook: empty,
		dispatch: empty,
		start_failed: empty,
		done: empty,
		exit: "empty",
		drop: "empty",
	},
	hooked: {
		hook: taken,
		unhook: "empty",
		dispatch: "dispatched",
		start_failed: no("no start is under way"),
		done: "empty",
		exit: "hooked",
		drop: "empty",
	},
	dispatched: {
		hook: taken,
		unhook: "empty",
		dispatch: no("it is dispatched already"),
		start_failed: "hooked",
		done: "empty",
		exit: "hooked",
		drop: "empty",
	},
};

/** Where a hook goes from `from`, or why it cannot. */
export const moveHook = (from: HookState, event: HookMove): Moved<HookState> =>
	move(HOOK_TRANSITIONS, "hook", from, event);

/** The state of an agent's hook, read from its row. */
export function hookState(agent: Pick<Agent, "current_hook_bead_id" | "current_attempt_id">): HookState {
	if (agent.current_hook_bead_id === null) return "empty";
	return agent.current_attempt_id === null ? "hooked" : "dispatched";
}

/** Types that no agent takes on its hook (domain.md §2.2, `hookBead`). */
const UNHOOKABLE_TYPES: readonly string[] = ["escalation", "convoy", "agent", "message"];

/** Who takes work of this kind on its hook (domain.md §0, §2.9). */
export function workerFor(bead: Pick<Bead, "type" | "labels">): "polecat" | "refinery" | "triage" {
	if (bead.type === "merge_request") return "refinery";
	return bead.labels.includes("gt:triage") ? "triage" : "polecat";
}

/** Why this bead is of a kind that cannot be hooked; null where it can. */
export function unhookable(bead: Pick<Bead, "type" | "labels">): string | null {
	if (UNHOOKABLE_TYPES.includes(bead.type)) return `A bead of type "${bead.type}" cannot be hooked.`;
	if (bead.labels.includes("gt:triage-request")) return "A triage request is resolved, not hooked.";
	return null;
}
