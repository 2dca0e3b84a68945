import { byQueue, dispatchVerdict, priorityRank, workerFor } from "../../../shared/gastown/index.ts";
import type { AgentNow, BeadNow, SchedulerState } from "./state.ts";

/** Roles that take beads on their hooks. */
export type Worker = ReturnType<typeof workerFor>;

/** Best first: priority, then age, then id, so that the order never depends on that of the rows. */
export const byUrgency = (a: BeadNow, b: BeadNow): number =>
	priorityRank(a.priority) - priorityRank(b.priority) ||
	a.created_at - b.created_at ||
	(a.id < b.id ? -1 : 1);

/** Every bead that it waits for is closed; one that is gone or failed holds it for good. */
export const isUnblocked = (state: SchedulerState, id: string): boolean =>
	(state.blockers.get(id) ?? []).every((blocker) => state.beads.get(blocker)?.status === "closed");

/** Its convoy has not been started by its owner. */
const isStaged = (state: SchedulerState, bead: BeadNow): boolean =>
	state.convoys.get(String(bead.metadata.convoy_id ?? ""))?.staged ?? false;

/** Whether this bead may be started now: holds of the town, attempts, back-off (domain.md §2.5). */
export function mayStart(
	state: SchedulerState,
	bead: Pick<BeadNow, "rig_id" | "held" | "dispatch_attempts" | "last_dispatch_at">,
): boolean {
	const { holds, now, thresholds } = state;
	const max = maxAttemptsOf(state, bead.rig_id);
	const counters = {
		dispatch_attempts: bead.dispatch_attempts,
		last_dispatch_attempt_at:
			bead.last_dispatch_at === null ? null : new Date(bead.last_dispatch_at).toISOString(),
	};
	return !bead.held && dispatchVerdict(counters, holds, now, { max, backOff: thresholds.back_off_ms }).ok;
}

export const maxAttemptsOf = (state: SchedulerState, rig: string | null): number =>
	state.rigs.get(rig ?? "")?.limits.max_dispatch_attempts ?? state.thresholds.max_dispatch_attempts;

/** A merge request whose PR is open is watched, not reviewed again: it needs no agent, and no container. */
const needsRefinery = (state: SchedulerState, bead: BeadNow): boolean =>
	(state.reviews.get(bead.id)?.pr_url ?? null) === null;

/** Nobody's, or of somebody of this rig and role who was given it by hand and is free: their hook is still empty. */
function mayBeTaken(state: SchedulerState, bead: BeadNow): boolean {
	if (bead.assignee === null) return true;
	const agent = state.agents.get(bead.assignee);
	return (
		agent !== undefined && isFree(agent) && agent.rig_id === bead.rig_id && agent.role === workerFor(bead)
	);
}

/** It is resolved by somebody, not worked on (domain.md §2.9). */
export const isRequest = ({ labels }: BeadNow): boolean => labels.includes("gt:triage-request");
/** What a triage agent works on. */
export const isBatch = (bead: BeadNow): boolean => bead.type === "issue" && bead.labels.includes("gt:triage");

/** Open work that somebody could begin, but for its back-off and the holds of the town. */
const isCandidate = (state: SchedulerState, bead: BeadNow): boolean =>
	bead.status === "open" &&
	(bead.type === "issue" || (bead.type === "merge_request" && needsRefinery(state, bead))) &&
	mayBeTaken(state, bead) &&
	!bead.labels.includes("gt:held") &&
	!isRequest(bead) &&
	isUnblocked(state, bead.id) &&
	!isStaged(state, bead);

/** Time alone may make it ready: it waits for nobody's act. */
export function mayBecomeReady(state: SchedulerState, bead: BeadNow): boolean {
	const { billingBlocked, paused } = state.holds;
	return !billingBlocked && !paused && !bead.held && isCandidate(state, bead);
}

/** Open work of a rig that may begin and that whoever it is assigned to, if anybody, can take; best first. Null: of the whole town. */
export function readyBeads(state: SchedulerState, rig: string | null, role: Worker): BeadNow[] {
	return [...state.beads.values()]
		.filter(
			(bead) =>
				bead.rig_id === rig && workerFor(bead) === role && isCandidate(state, bead) && mayStart(state, bead),
		)
		.sort(role !== "refinery" ? byUrgency : (a, b) => byQueue(inQueue(state, a), inQueue(state, b)));
}

const inQueue = ({ reviews }: SchedulerState, { id, priority, created_at }: BeadNow) => ({
	...{ id, priority, at: created_at, queue_at: reviews.get(id)?.queue_at ?? null },
});

/** Agents of a rig and role in a fixed order. */
export const agentsOf = (state: SchedulerState, role: string, rig: string | null): AgentNow[] =>
	[...state.agents.values()]
		.filter((agent) => agent.role === role && agent.rig_id === rig)
		.sort((a, b) => (a.id < b.id ? -1 : 1));

export const isFree = (agent: AgentNow): boolean =>
	agent.status === "idle" && agent.hook === null && !agent.held;

/** It was given a bead and does not run: it is to be started as soon as that bead may be. */
export function waitsToStart(state: SchedulerState, agent: AgentNow): BeadNow | null {
	if (agent.status !== "idle" || agent.hook === null || agent.held) return null;
	const bead = state.beads.get(agent.hook);
	if (!bead || !["open", "in_progress"].includes(bead.status)) return null;
	return isUnblocked(state, bead.id) && mayStart(state, bead) ? bead : null;
}

/** Its mayor has no session and may get one. */
export function mayorToWake(state: SchedulerState): AgentNow | null {
	const mayor = state.agents.get(state.mayor ?? "");
	if (mayor?.status !== "idle" || mayor.hook !== null) return null;
	// A pause of dispatch and the breaker hold work back; the town's owner may still talk to the mayor.
	const holds = { ...state.holds, pausedUntil: null, failingBeads: 0 };
	return mayStart({ ...state, holds }, { rig_id: null, held: mayor.held, ...mayor.sessions }) ? mayor : null;
}

/** A container that takes starts. */
export const isUp = ({ container }: SchedulerState): boolean => container?.status === "running";
