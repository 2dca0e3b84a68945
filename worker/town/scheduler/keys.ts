import type { Action } from "./actions.ts";

type Of<T extends Action["type"]> = Extract<Action, { type: T }>;

/** One thing at a time is done to the container, and to the PR of a merge request. */
const container = () => "container";
const pull = ({ review }: { review: string }) => `pr:${review}`;

/**
 * Actions that are done outside the database only, each with the name of what it is done to: while something is done to it, or
 * has to wait after it failed, no other is begun. Rows do not tell that, so that a look has to ask for it (SCHED-5).
 */
const KEYS = {
	create_agent: ({ rig_id, name }: Of<"create_agent">) => `create:${rig_id}:${name}`,
	delete_agent: ({ agent }: Of<"delete_agent">) => `delete:${agent}`,
	deliver_nudge: ({ nudge }: Of<"deliver_nudge">) => `nudge:${nudge}`,
	process_event: ({ event }: Of<"process_event">) => eventKey(event),
	poll_pr: pull,
	merge_pr: pull,
	start_container: container,
	stop_container: container,
	check_container: container,
	set_sleep_after: container,
	restart_container: container,
	refresh_container_token: () => "container-token",
	refresh_git_token: ({ rig }: Of<"refresh_git_token">) => `git-token:${rig}`,
	push_kilo_token: () => "kilo-token",
} as const;
export type Outside = keyof typeof KEYS;

export const eventKey = (event: string): string => `event:${event}`;

/** Null for an action that changes rows. */
export const keyOf = (action: Action): string | null =>
	Object.hasOwn(KEYS, action.type) ? KEYS[action.type as Outside](action as never) : null;
