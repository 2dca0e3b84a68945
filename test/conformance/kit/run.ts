import { FEED_CHECKS } from "./feed-checks.ts";
import { STREAM_CHECKS } from "./stream-checks.ts";
import { type Finding, NotTried, type Subject } from "./subject.ts";

/** Tries each rule on a subject, one after the other; a rule that breaks stops no other. */
export async function conform(subject: Subject): Promise<Finding[]> {
	const findings: Finding[] = [];
	for (const { rule, tried, run } of [...FEED_CHECKS, ...STREAM_CHECKS]) {
		const finding: Finding = { rule, tried, outcome: "passed", difference: "" };
		try {
			await run(subject);
		} catch (error) {
			finding.outcome = error instanceof NotTried ? "not tried" : "failed";
			finding.difference = error instanceof Error ? error.message : String(error);
		}
		findings.push(finding);
	}
	return findings;
}

const WIDTH = 88;

/** The findings as a table of plain text. */
export function tableOf(findings: readonly Finding[]): string {
	const lines = findings.flatMap(({ rule, tried, outcome, difference }) => [
		`${rule.padEnd(9)} ${tried.padEnd(WIDTH)} ${outcome}`,
		...(difference ? [`          ${difference}`] : []),
	]);
	const count = (wanted: string) => findings.filter(({ outcome }) => outcome === wanted).length;
	return [
		...lines,
		"",
		`${count("passed")} passed, ${count("failed")} failed, ${count("not tried")} not tried`,
	].join("\n");
}
