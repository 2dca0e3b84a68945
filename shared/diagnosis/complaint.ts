import type { TownView } from "../town-view/index.ts";
import { CAUSE_CODES, type CauseCode, type Complaint, scenarioOf } from "./codes.ts";
import { aroundOf, nameOf } from "./complaint-around.ts";
import { NEEDED, SOURCES } from "./complaint-needs.ts";
import { factsOf, type Looks } from "./facts.ts";
import type { Diagnosis, Evidence, Finding, Subject } from "./finding.ts";
import { diagnose } from "./index.ts";

/** What the town's rows say of one cause of a complaint. */
export type Judged = { code: CauseCode } & (
	| { is: "found"; finding: Finding }
	/** Everything that would show it is there, and shows that it is not so. */
	| { is: "ruled-out"; says: string[]; evidence: Evidence[] }
	/** `missing`: what would have to be known. What is known is said beside it. */
	| { is: "unknown"; missing: string[]; says: string[]; evidence: Evidence[] }
);

/** What somebody complains of, and about what. */
export type Asked = { complaint: Complaint; subject: Subject };

/** Each known cause of a complaint: found at this subject or around it, ruled out, or not to be known, in the order of the catalogue. */
export function answerComplaint(
	view: TownView,
	now: number,
	{ complaint, subject }: Asked,
	looks: Looks | null = null,
	/** What was told of this town already: the rules are not run again. */
	{ findings, notices }: Pick<Diagnosis, "findings" | "notices"> = diagnose(view, now, looks),
): Judged[] {
	const facts = factsOf(view, now, looks);
	const around = aroundOf(facts, subject);
	const told = [...findings, ...notices].filter(
		(finding) =>
			subject.kind === "town" ||
			around.names.has(nameOf(finding.subject)) ||
			finding.behind.some((one) => nameOf(one) === nameOf(subject)),
	);
	return CAUSE_CODES.filter((code) => scenarioOf(code) === complaint).map((code): Judged => {
		const finding = told.find((one) => one.code === code);
		if (finding) return { code, is: "found", finding };
		const seen = NEEDED[code].map((source) => ({ source, known: SOURCES[source].read(facts, around) }));
		const says = seen.flatMap(({ known }) => known?.says ?? []);
		const evidence = seen.flatMap(({ known }) => known?.evidence ?? []);
		const missing = seen.flatMap(({ source, known }) => (known ? [] : [SOURCES[source].missing]));
		return missing.length > 0
			? { code, is: "unknown", missing, says, evidence }
			: { code, is: "ruled-out", says, evidence };
	});
}
