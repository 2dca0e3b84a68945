/** The complaint that a cause belongs to; 0 are reasons to wait, which are no failures. */
export type Scenario = 0 | Complaint;
export type Complaint = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

/** What somebody says who asks for help, in their words. */
export const COMPLAINTS: Readonly<Record<Complaint, string>> = {
	1: "My agent isn't doing anything",
	2: "My bead has been open forever",
	3: "Code won't merge",
	4: "Container keeps dying",
	5: "GitHub says permission denied",
	6: "My convoy never finished",
	7: "The Mayor isn't responding",
	8: "I'm being charged but nothing is happening",
};

type Cause = { complaint: Complaint; may: readonly string[] };
const cause = (complaint: Complaint, ...may: string[]): Cause => ({ complaint, may });

/** Every known root cause, and what may stand beside it as its consequence: under it, never above. */
export const CAUSES = {
	"agent.container-died": cause(1, "agent.process-crashed", "bead.dead-assignee", "mayor.crashed"),
	"agent.clone-failed": cause(1, "bead.dispatch-failing"),
	"agent.dispatch-exhausted": cause(1),
	"agent.names-exhausted": cause(1, "bead.no-idle-agent"),
	"agent.gupp-timeout": cause(1, "bead.all-stalled"),
	"agent.process-crashed": cause(1),
	"bead.no-idle-agent": cause(2),
	"bead.all-stalled": cause(2, "agent.gupp-timeout", "bead.no-idle-agent"),
	"bead.dispatch-failing": cause(2),
	"bead.dead-assignee": cause(2),
	"bead.blocked-by-dependency": cause(2),
	"bead.review-backed-up": cause(2),
	"review.merge-conflict": cause(3),
	"review.push-denied": cause(3),
	"review.bad-pr-url": cause(3),
	"review.waiting-for-webhook": cause(3),
	"review.bottleneck": cause(3, "bead.review-backed-up"),
	"container.oom": cause(4, "agent.container-died", "agent.process-crashed"),
	"container.platform": cause(4, "town.no-actions"),
	"container.sleep-wake": cause(4, "agent.container-died"),
	"container.bad-env": cause(4, "bead.dispatch-failing"),
	"credential.expired": cause(5, "agent.clone-failed", "review.push-denied"),
	"credential.revoked": cause(5, "agent.clone-failed", "review.push-denied"),
	"credential.wrong-integration": cause(5, "agent.clone-failed"),
	"credential.stale-in-container": cause(5, "review.push-denied"),
	"credential.resolver-failing": cause(5, "agent.clone-failed"),
	"convoy.tracked-bead-deleted": cause(6),
	"convoy.tracked-merge-failed": cause(6),
	"convoy.feature-conflict": cause(6, "review.merge-conflict"),
	"convoy.landing-failed": cause(6),
	"mayor.crashed": cause(7),
	"mayor.container-asleep": cause(7),
	"mayor.tool-loop": cause(7, "spend.retry-loop"),
	"mayor.stale-prompt": cause(7),
	"mayor.session-errored": cause(7),
	"spend.zombie-agent": cause(8),
	"spend.retry-loop": cause(8, "bead.dispatch-failing"),
	"spend.review-churn": cause(8),
	"spend.idle-container": cause(8),
} as const satisfies Record<string, Cause>;
export type CauseCode = keyof typeof CAUSES;
export const CAUSE_CODES = Object.keys(CAUSES) as CauseCode[];

/** Reasons to wait, in the order in which they are told. All are notices but a dead alarm, which nothing ends. */
export const WAITS = [
	"town.billing-blocked", "town.paused-by-user", "town.paused-by-admin", "town.dispatch-paused-by-admin", "town.draining",
	"town.circuit-breaker", "town.alarm-dead", "town.inbox-stuck", "town.no-actions", "convoy.staged", "bead.held",
	"bead.backing-off", "bead.waits-for-open-blocker", "bead.waits-for-capacity", "review.waits-its-turn",
	"review.awaiting-human", "agent.long-tool", "agent.blocked-on-permission", "agent.network-offline", "agent.provider-retry",
	"container.cold-start", "container.wedged", "model.out-of-credits", "mayor.waiting",
] as const; // biome-ignore format: a list

/** Told of things that no complaint names: what a cause can leave behind, and what nobody knows the cause of. */
const OTHERS: Readonly<Record<string, Complaint>> = {
	"agent.stop-awaited": 1,
	"agent.stop-unseen": 1,
	"agent.undispatched": 1,
	"bead.undispatched": 2,
	"review.merge-failed": 3,
};

/** Which of the eight complaints a finding answers, 0 for a reason to wait; null for a code that nobody here tells. */
export function scenarioOf(code: string): Scenario | null {
	if (Object.hasOwn(CAUSES, code)) return CAUSES[code as CauseCode].complaint;
	if ((WAITS as readonly string[]).includes(code)) return 0;
	return Object.hasOwn(OTHERS, code) ? (OTHERS[code] as Complaint) : null;
}

/** Whether one may stand under the other as its consequence. */
export const mayFollow = (root: string, code: string): boolean =>
	Object.hasOwn(CAUSES, root) && CAUSES[root as CauseCode].may.includes(code);
