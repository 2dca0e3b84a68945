import type { CauseCode } from "./codes.ts";
import type { Source } from "./complaint-source.ts";
import { TOWN_SOURCES } from "./complaint-town-sources.ts";
import { WORK_SOURCES } from "./complaint-work-sources.ts";

export const SOURCES = { ...TOWN_SOURCES, ...WORK_SOURCES } as const satisfies Record<string, Source>;

/** What has to be known to rule a cause out. */
export const NEEDED: Readonly<Record<CauseCode, readonly (keyof typeof SOURCES)[]>> = {
	"agent.container-died": ["container"],
	"agent.clone-failed": ["git"],
	"agent.dispatch-exhausted": ["bead"],
	"agent.names-exhausted": ["polecats"],
	"agent.gupp-timeout": ["agent"],
	"agent.process-crashed": ["agent"],
	"bead.no-idle-agent": ["polecats"],
	"bead.all-stalled": ["polecats"],
	"bead.dispatch-failing": ["bead"],
	"bead.dead-assignee": ["bead"],
	"bead.blocked-by-dependency": ["bead"],
	"bead.review-backed-up": ["queue"],
	"review.merge-conflict": ["review"],
	"review.push-denied": ["git"],
	"review.bad-pr-url": ["review"],
	"review.waiting-for-webhook": ["review"],
	"review.bottleneck": ["queue"],
	"container.oom": ["container"],
	"container.platform": ["container"],
	"container.sleep-wake": ["container"],
	"container.bad-env": ["container", "environment"],
	"credential.expired": ["credential"],
	"credential.revoked": ["credential"],
	"credential.wrong-integration": ["credential"],
	"credential.stale-in-container": ["credential", "held"],
	"credential.resolver-failing": ["credential"],
	"convoy.tracked-bead-deleted": ["convoy"],
	"convoy.tracked-merge-failed": ["convoy"],
	"convoy.feature-conflict": ["convoy"],
	"convoy.landing-failed": ["convoy"],
	"mayor.crashed": ["mayor"],
	"mayor.container-asleep": ["mayor", "container"],
	"mayor.tool-loop": ["mayorSignals"],
	"mayor.stale-prompt": ["mayorSession"],
	"mayor.session-errored": ["mayorSignals"],
	"spend.zombie-agent": ["agent", "usage"],
	"spend.retry-loop": ["bead", "usage"],
	"spend.review-churn": ["review", "usage"],
	"spend.idle-container": ["container"],
};
