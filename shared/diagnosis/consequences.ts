import { lastExitOf, timeOf } from "../town-view/index.ts";
import { variableIn } from "./bad-environment.ts";
import { mayFollow } from "./codes.ts";
import type { Facts } from "./facts.ts";
import { type Finding, findingKey } from "./finding.ts";
import { SAME_DEATH_MS } from "./thresholds.ts";

/**
 * Names the cause of what rules of other complaints told (scenarios.md, "may follow"): they know their subject, not what stands
 * behind it. A failed review of a convoy's bead is told once, with the convoy that it holds.
 */
export function underCauses(facts: Facts, findings: readonly Finding[]): Finding[] {
	const causes = findings.filter(({ code, severity }) => severity !== "notice" && CAUSES.includes(code));
	const kilo = findings.find(({ subject }) => subject.id === "town/kilo");
	if (causes.length === 0 && kilo === undefined) return [...findings];
	const keys = new Set(causes.map(findingKey));
	const reviews = new Set(
		causes
			.filter(({ code }) => code === "convoy.tracked-merge-failed")
			.flatMap(({ evidence }) => evidence.map(({ key }) => key)),
	);
	return findings.flatMap((finding) => {
		const { code, subject, because } = finding;
		if (code === "review.merge-failed" && reviews.has(subject.id)) return [];
		if (because !== null && keys.has(because)) return [finding];
		if (code === "mayor.session-errored" && kilo && isRefused(facts, subject.id))
			return [{ ...finding, because: findingKey(kilo) }];
		const cause = FOLLOW.includes(code) ? causes.find((one) => isCause(facts, one, finding)) : undefined;
		return [cause ? { ...finding, because: findingKey(cause) } : finding];
	});
}

const CAUSES: readonly string[] = [
	"container.oom", "container.sleep-wake", "container.bad-env", "convoy.feature-conflict", "convoy.tracked-merge-failed",
]; // biome-ignore format: a list
const FOLLOW: readonly string[] = [
	"agent.container-died", "agent.process-crashed", "mayor.crashed", "bead.dispatch-failing", "review.merge-conflict",
]; // biome-ignore format: a list

/** Whether this is what made the other: of the codes that may follow it, and of the same thing. */
function isCause(facts: Facts, cause: Finding, { code, subject }: Finding): boolean {
	if (code === "mayor.crashed") return cause.code === "container.oom" && endedWithMemory(facts, subject.id);
	if (!mayFollow(cause.code, code)) return false;
	if (code === "review.merge-conflict") return cause.behind.some(({ id }) => id === subject.id);
	if (code === "agent.process-crashed") return endedWithMemory(facts, subject.id);
	if (code === "bead.dispatch-failing") return namesVariable(facts, subject.id);
	return true;
}

const isRefused = ({ look }: Facts, agent: string): boolean =>
	look.signals(agent)?.last_error?.status === 401;

/** Its process ended when memory ran out. */
function endedWithMemory({ look, container }: Facts, agent: string): boolean {
	const row = look.agent(agent);
	const at = row ? timeOf(lastExitOf(row)?.at) : null;
	return (container?.setbacks ?? []).some(
		(one) => one.kind === "oom" && at !== null && Math.abs(at - (timeOf(one.at) ?? 0)) <= SAME_DEATH_MS,
	);
}

const namesVariable = (facts: Facts, id: string): boolean =>
	variableIn(facts, facts.look.bead(id)?.last_dispatch_error ?? null) !== null;
