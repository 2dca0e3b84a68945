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
	const causes = findings.filter(({ code, severity }) => severity !== "notice" && ROOTS.test(code));
	if (causes.length === 0) return [...findings];
	const once = new Set(
		causes
			.filter(({ code }) => code === "convoy.tracked-merge-failed")
			.flatMap(({ evidence }) => evidence.filter(({ entity }) => entity === "beads").map(({ key }) => key)),
	);
	return findings
		.filter(({ code, subject }) => code !== "review.merge-failed" || !once.has(subject.id))
		.map((finding) => {
			if (finding.because !== null && causes.some((cause) => findingKey(cause) === finding.because))
				return finding;
			const cause = causes.find((one) => one !== finding && isCause(facts, one, finding));
			return cause ? { ...finding, because: findingKey(cause) } : finding;
		});
}
const ROOTS = /^(container|credential|convoy)\.|^mayor\.tool-loop$/;

/** Whether this is what made the other: of the codes that may follow it, and of the same thing. */
function isCause(facts: Facts, cause: Finding, { code, subject }: Finding): boolean {
	if (code === "mayor.session-errored" && cause.subject.id === "town/kilo")
		return errorIs(facts, subject.id, 401);
	if (code === "mayor.crashed") return cause.code === "container.oom" && endedWithMemory(facts, subject.id);
	if (!mayFollow(cause.code, code)) return false;
	if (cause.code === "convoy.feature-conflict") return cause.behind.some(({ id }) => id === subject.id);
	if (cause.code === "mayor.tool-loop") return false;
	if (cause.subject.kind === "credential") return rigOf(facts, subject.id) === cause.subject.id.split("/")[0];
	if (code === "agent.process-crashed") return endedWithMemory(facts, subject.id);
	if (code === "bead.dispatch-failing") return namesVariable(facts, subject.id);
	return true;
}

/** The rig of a bead, an agent, or itself. */
const rigOf = ({ look }: Facts, id: string): string => look.bead(id)?.rig_id ?? id;

const errorIs = ({ look }: Facts, agent: string, status: number): boolean =>
	look.signals(agent)?.last_error?.status === status;

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
