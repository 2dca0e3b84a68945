import type { TownView } from "../town-view/index.ts";
import { awaitedStops } from "./awaited-stops.ts";
import { capacity } from "./capacity.ts";
import { cloneFailed } from "./clone-failed.ts";
import { WAITS } from "./codes.ts";
import { underCauses } from "./consequences.ts";
import { convoys } from "./convoys.ts";
import { credentials } from "./credentials.ts";
import { dispatchFailing } from "./dispatch-failing.ts";
import { factsOf, type Looks } from "./facts.ts";
import { failedMerges } from "./failed-merge.ts";
import type { Diagnosis, Finding } from "./finding.ts";
import { mayor } from "./mayor.ts";
import { pullRequests } from "./pull-requests.ts";
import { pushDenied } from "./push-denied.ts";
import { reviewQueues } from "./review-queue.ts";
import { lightOf, underRoots, worstFirst } from "./roots.ts";
import { scheduler } from "./scheduler.ts";
import { silentSpend } from "./silent-spend.ts";
import { stuckAgents } from "./stuck-agent.ts";
import { stuckBeads } from "./stuck-bead.ts";
import { undispatched } from "./undispatched.ts";
import { unstableContainer } from "./unstable-container.ts";
import { waits } from "./waits.ts";

export type { Looks } from "./facts.ts";
export * from "./finding.ts";
export * from "./why-not-moving.ts";

/**
 * What is wrong with a town at `now`, the town's clock in epoch milliseconds. Pure; a town that was not read yet (no
 * position) is `unknown`, never healthy. `looks`: of its scheduler, as newest told; null where nothing was.
 */
export function diagnose(view: TownView, now: number, looks: Looks | null = null): Diagnosis {
	const facts = factsOf(view, now, looks);
	const told = underCauses(facts, [
		...scheduler(facts), ...unstableContainer(facts), ...stuckAgents(facts), ...awaitedStops(facts), ...cloneFailed(facts),
		...credentials(facts), ...mayor(facts), ...convoys(facts), ...stuckBeads(facts), ...capacity(facts),
		...dispatchFailing(facts), ...failedMerges(facts), ...pushDenied(facts), ...pullRequests(facts), ...reviewQueues(facts),
		...silentSpend(facts), ...undispatched(facts),
	]); // biome-ignore format: a list
	const findings = worstFirst(underRoots(told.filter((finding) => finding.severity !== "notice")));
	const failing = new Set(
		findings
			.filter(({ subject }) => subject.kind === "bead" || subject.kind === "mayor")
			.map(({ subject }) => subject.id),
	);
	const notices = inOrder([
		// What is told as a failure is not told as a wait as well.
		...waits(facts).filter(({ subject }) => !failing.has(subject.id)),
		...told.filter((finding) => finding.severity === "notice"),
	]);
	const roots = findings.filter((finding) => finding.because === null);
	const working = facts.agents.filter((agent) => agent.status === "working").length;
	return {
		findings,
		notices,
		...lightOf(view.position !== null, roots, notices, facts.container?.status, working),
	};
}

/** Reasons to wait in the order of scenarios.md §0, and what else is a notice after them. */
function inOrder(notices: readonly Finding[]): Finding[] {
	const place = ({ code }: Finding) => {
		const at = (WAITS as readonly string[]).indexOf(code);
		return at < 0 ? WAITS.length : at;
	};
	return notices.toSorted((a, b) => place(a) - place(b));
}
