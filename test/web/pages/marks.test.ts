import { expect, test } from "vitest";
import type { Diagnosis, Finding } from "../../../shared/diagnosis/finding.ts";
import { townTitle } from "../../../web/routes/title.ts";
import { caseGiven, caseKey } from "../../../web/town/case.ts";
import { badgesOf, counts, marksOf } from "../../../web/town/marks.ts";

const finding = (kind: Finding["subject"]["kind"], id: string, severity: Finding["severity"], because: string | null = null): Finding => ({
	code: "a.code", severity, subject: { kind, id }, sentence: "", measured: [], evidence: [], since: 0, behind: [],
	recovers: { who: "button", text: "" }, remedy: [], ruledOut: [], needs: [], because,
}); // biome-ignore format: a finding
const diagnosis = (...findings: Finding[]): Diagnosis => ({
	findings,
	notices: [],
	light: "critical",
	reason: "",
});

test("design-ui §2: a badge counts rows with a finding, root or consequence, with the sign of the worst", () => {
	const badges = badgesOf(
		diagnosis(
			finding("container", "container", "critical"),
			finding("agent", "toast", "warning", "root"),
			finding("agent", "toast", "critical", "root"),
			finding("mayor", "m", "warning"),
			finding("bead", "b1", "notice"),
			finding("bead", "mr", "warning"),
		),
		(bead) => (bead === "mr" ? "merge_request" : "issue"),
	);
	expect(badges.get("container")).toEqual({ severity: "critical", count: 1 });
	expect(badges.get("agents")).toEqual({ severity: "critical", count: 1 });
	expect(badges.get("state")).toEqual({ severity: "warning", count: 1 });
	expect(badges.get("review")).toEqual({ severity: "warning", count: 1 });
	expect(badges.has("convoys")).toBe(false);
});

test("D1: only roots are counted in the top bar; the worst finding of a subject is its mark", () => {
	const told = diagnosis(
		finding("agent", "t", "warning"),
		finding("agent", "t", "critical"),
		finding("bead", "b", "critical", "root"),
	);
	expect(counts(told)).toEqual({ critical: 1, warning: 1 });
	expect(marksOf(told).get("agent:t")?.severity).toBe("critical");
	expect(marksOf(diagnosis(finding("mayor", "m", "warning"))).has("agent:m")).toBe(true);
});

test("P6: title and favicon tell critical, warning, blind and well apart without colour; blind outranks what was", () => {
	const of = (blind: boolean, critical: number, warning: number, past: string | null = null) =>
		townTitle("api", { blind, past, critical, warning });
	expect(of(false, 2, 1)).toEqual({ title: "✕2 api", favicon: "critical" });
	expect(of(false, 0, 1)).toEqual({ title: "▲1 api", favicon: "warning" });
	expect(of(true, 2, 1)).toEqual({ title: "? api", favicon: "blind" });
	expect(of(false, 0, 0)).toEqual({ title: "api", favicon: "well" });
	expect(of(true, 2, 1, "12:04:31")).toEqual({ title: "⟲ 12:04:31 api", favicon: "past" });
});

test("LEDGER-11: a case is kept for a town, a person and a day", () => {
	const key = caseKey("ada", "t1");
	const given = { [key]: { words: "case 4711", at: 0 } };
	expect(caseGiven(given, key, 86_399_999)).toBe("case 4711");
	expect(caseGiven(given, key, 86_400_000)).toBeNull();
	expect(caseGiven(given, caseKey("noah", "t1"), 1)).toBeNull();
	expect(caseGiven(given, caseKey("ada", "t2"), 1)).toBeNull();
});
