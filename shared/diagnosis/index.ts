import type { TownView } from "../town-view/index.ts";
import { awaitedStops } from "./awaited-stops.ts";
import { credentials } from "./credentials.ts";
import { factsOf, type Looks } from "./facts.ts";
import { failedMerges } from "./failed-merge.ts";
import type { Diagnosis } from "./finding.ts";
import { mayor } from "./mayor.ts";
import { lightOf, underRoots, worstFirst } from "./roots.ts";
import { stuckAgents } from "./stuck-agent.ts";
import { stuckBeads } from "./stuck-bead.ts";
import { undispatched } from "./undispatched.ts";
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
	const told = [
		...stuckAgents(facts), ...awaitedStops(facts), ...credentials(facts), ...mayor(facts), ...stuckBeads(facts),
		...failedMerges(facts), ...undispatched(facts),
	]; // biome-ignore format: a list
	const findings = worstFirst(underRoots(told.filter((finding) => finding.severity !== "notice")));
	const failing = new Set(
		findings
			.filter(({ subject }) => subject.kind === "bead" || subject.kind === "mayor")
			.map(({ subject }) => subject.id),
	);
	const notices = [
		// What is told as a failure is not told as a wait as well.
		...waits(facts).filter(({ subject }) => !failing.has(subject.id)),
		...told.filter((finding) => finding.severity === "notice"),
	];
	const roots = findings.filter((finding) => finding.because === null);
	const working = facts.agents.filter((agent) => agent.status === "working").length;
	return { findings, notices, ...lightOf(view.position !== null, roots, facts.container?.status, working) };
}
