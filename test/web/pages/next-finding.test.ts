import { expect, test } from "vitest";
import { type Finding, findingKey } from "../../../shared/diagnosis/finding.ts";
import { nextRoot } from "../../../web/town/next-finding.ts";

const finding = (kind: Finding["subject"]["kind"], id: string, because: string | null = null): Finding => ({
	code: "a.code", severity: "critical", subject: { kind, id }, sentence: "", measured: [], evidence: [], since: 0,
	behind: [], recovers: { who: "button", text: "" }, remedy: [], ruledOut: [], needs: [], because,
}); // biome-ignore format: a finding

const ROOTS = [
	finding("container", "container"),
	finding("credential", "api/git"),
	finding("mayor", "m"),
	finding("bead", "b1"),
];

test("design-ui §8: ! visits every root in turn, those without an address of their own too", () => {
	const findings = [...ROOTS, finding("agent", "toast", findingKey(ROOTS[0] as Finding))];
	const visits: (string | undefined)[] = [];
	let visited: string | null = null;
	for (let press = 0; press < 5; press++) {
		// A bead that was opened before stays open beside the container's tab.
		const next: Finding | undefined = nextRoot(findings, visited, "bead:b1");
		visited = next ? findingKey(next) : null;
		visits.push(next?.subject.kind);
	}
	expect(visits).toEqual(["container", "credential", "mayor", "bead", "container"]);
});

test("design-ui §8: ! goes on from what is open where nothing was visited, and from the first where that has cleared", () => {
	expect(nextRoot(ROOTS, null, "agent:m")?.subject.id).toBe("b1");
	expect(nextRoot(ROOTS, "gone", null)?.subject.id).toBe("container");
	expect(nextRoot([], null, null)).toBeUndefined();
});
