import { mayFollow } from "./codes.ts";
import { distinct } from "./facts.ts";
import { type Diagnosis, type Finding, findingKey, type Severity, type Subject } from "./finding.ts";
import { push } from "./lists.ts";

/** A cause outranks its symptoms (scenarios.md): container before credential before agent before mayor before convoy before bead. */
const RANK = [
	"town.", "container.", "agent.container-died", "credential.", "spend.zombie-agent", "agent.", "mayor.", "convoy.", "spend.",
	"review.", "bead.",
]; // biome-ignore format: a list
const rankOf = (code: string): number => RANK.findIndex((start) => code.startsWith(start));
const WORST: readonly Severity[] = ["critical", "warning", "notice"];

/**
 * Roots before consequences: what names a root that was not found stands alone; a subject with two roots stands under the
 * one that outranks the other (D2); what a failed bead keeps from starting stands under why it failed.
 */
export function underRoots(findings: readonly Finding[]): Finding[] {
	const keys = new Set(findings.map(findingKey));
	const ofSubject = Map.groupBy(findings, subjectOf);
	const failed = new Map<string, string>();
	for (const finding of findings)
		for (const target of finding.code === "bead.blocked-by-dependency" ? [] : reopened(finding))
			failed.set(target, findingKey(finding));
	// What a bead that failed in its convoy keeps from starting stands under why it failed there.
	for (const finding of findings)
		for (const { id } of finding.code.startsWith("convoy.") ? finding.behind : [])
			failed.set(id, findingKey(finding));
	const ranks = new Map(findings.map(({ code }) => [code, rankOf(code)]));
	const rank = ({ code }: Finding) => ranks.get(code) ?? 0;
	const first = new Map<string, Finding>();
	const placed = [...findings]
		.sort((a, b) => rank(a) - rank(b) || a.since - b.since)
		.map((finding) => {
			const subject = subjectOf(finding);
			const earlier = first.get(subject);
			if (!earlier) first.set(subject, finding);
			const named = rootNamed(finding, keys, ofSubject);
			const cause =
				finding.code === "bead.blocked-by-dependency" ? failed.get(reopened(finding)[0] ?? "") : undefined;
			return { ...finding, because: cause ?? named ?? (earlier ? findingKey(earlier) : null) };
		});
	return countedAtRoots(placed);
}

/**
 * The key that a finding names as its root, if such a finding was told. `credential.*:credential:api/git` names any cause of
 * that subject which this finding may follow.
 */
function rootNamed(
	{ code, because }: Finding,
	keys: ReadonlySet<string>,
	ofSubject: ReadonlyMap<string, readonly Finding[]>,
): string | null {
	if (because === null || keys.has(because)) return because;
	const [start = "", subject] = because.split("*:");
	const root = ofSubject
		.get(subject ?? "")
		?.find((finding) => finding.code.startsWith(start) && mayFollow(finding.code, code));
	return root ? findingKey(root) : null;
}

const subjectOf = ({ subject }: Finding): string => `${subject.kind}:${subject.id}`;

/** Consequences point at the root itself, and everything behind them stands behind it, once (D3). */
function countedAtRoots(findings: readonly Finding[]): Finding[] {
	const byKey = new Map(findings.map((finding) => [findingKey(finding), finding]));
	const rootOf = (finding: Finding): Finding => {
		let root = finding;
		for (let steps = 0; root.because !== null && steps < findings.length; steps++)
			root = byKey.get(root.because) ?? root;
		return root;
	};
	const behind = new Map<string, Subject[]>();
	const roots = findings.map((finding) => (finding.because === null ? null : findingKey(rootOf(finding))));
	for (const [n, finding] of findings.entries()) {
		const root = roots[n];
		if (root) push(behind, root, finding.subject, ...finding.behind);
	}
	return findings.map((finding, n) => {
		const more = behind.get(findingKey(finding));
		const own = (subject: Subject) =>
			subject.kind === finding.subject.kind && subject.id === finding.subject.id;
		return {
			...finding,
			because: roots[n] ?? null,
			behind: more
				? distinct([...finding.behind, ...more]).filter((subject) => !own(subject))
				: finding.behind,
		};
	});
}

const reopened = (finding: Finding): string[] =>
	finding.remedy.filter((step) => AGAIN.includes(step.name)).map((step) => step.target);
const AGAIN: readonly string[] = ["bead.reopen", "bead.retry-dispatch"];

/** Worst first, then most behind, then oldest. Consequences follow their roots' order of severity. */
export const worstFirst = (findings: readonly Finding[]): Finding[] =>
	[...findings].sort(
		(a, b) =>
			Number(a.because !== null) - Number(b.because !== null) ||
			WORST.indexOf(a.severity) - WORST.indexOf(b.severity) ||
			b.behind.length - a.behind.length ||
			a.since - b.since,
	);

/** The health light: the worst root, else what holds the whole town, else what the container is. */
export function lightOf(
	known: boolean,
	roots: readonly Finding[],
	notices: readonly Finding[],
	container: string | undefined,
	working: number,
): Pick<Diagnosis, "light" | "reason"> {
	if (!known) return { light: "unknown", reason: "The town's state has not been read." };
	const [worst] = roots;
	if (worst && worst.severity !== "notice") {
		const more = roots.filter((finding) => finding.severity !== "notice").length - 1;
		return {
			light: worst.severity,
			reason: more > 0 ? `${worst.sentence}, and ${more} more` : worst.sentence,
		};
	}
	const held = notices.find(({ subject }) => subject.kind === "town");
	if (held) return { light: "waiting", reason: `${held.sentence}.` };
	if (working === 0 && (container === undefined || ["stopped", "sleeping"].includes(container)))
		return {
			light: "asleep",
			reason: container === "sleeping" ? "The container sleeps." : "The container is stopped.",
		};
	const hands = working === 1 ? "1 agent works" : `${working} agents work`;
	return {
		light: "healthy",
		reason: working === 0 ? "Nothing is wrong; no agent works." : `Nothing is wrong; ${hands}.`,
	};
}
