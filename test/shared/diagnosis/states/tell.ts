import { describe, expect, test } from "vitest";
import type { CauseCode } from "../../../../shared/diagnosis/codes.ts";
import { diagnose, type Finding } from "../../../../shared/diagnosis/index.ts";
import type { TownView } from "../../../../shared/town-view/index.ts";
import { checkRule, type RuleCase } from "../check-rule.ts";
import { NOW } from "../town.ts";
import { ALL_STATES, type States } from "./states.ts";

type Expected = Omit<RuleCase, "behind" | "changed"> & {
	behind?: string[];
	/** Parameters of the steps that have some, by the step's name. */
	params?: Record<string, unknown>;
	/** With a piece of its evidence gone a reader is told otherwise. */
	otherwise?: Record<string, () => TownView>;
};

export const toldOf = (view: TownView, code: string): Finding | undefined =>
	diagnose(view, NOW).findings.find((finding) => finding.code === code);
/** Codes above notice that stand alone. */
export const rootsOf = (view: TownView): string[] =>
	diagnose(view, NOW).findings.flatMap(({ code, because }) => (because === null ? [code] : []));

/** What of a finding a reader would notice. */
const said = (finding: Finding) => [
	...[finding.sentence, finding.severity, finding.measured, finding.needs, finding.remedy, finding.recovers],
];

/** Tests of the rules of one scenario beside the table of rule by state. */
export function testStates(states: States, expected: Partial<Record<CauseCode, Expected>>): void {
	for (const code of Object.keys(states) as CauseCode[]) {
		const { behind = [], params = {}, otherwise = {}, ...rule } = expected[code] as Expected;
		const changed = Object.entries(otherwise).map(([when, town]) => [when, [town, said]] as const);
		checkRule(code, { ...rule, behind, changed: Object.fromEntries(changed) as RuleCase["changed"] });
		describe(code, () => {
			const view = ALL_STATES[code]?.town() as TownView;
			test("DIAG-1: its evidence is in the state rows, and its remedy has the parameters that it needs", () => {
				const { remedy, evidence } = toldOf(view, code) as Finding;
				for (const [name, of] of Object.entries(params))
					expect(remedy.find((step) => step.name === name)?.params).toEqual(of);
				const rows = evidence.filter(
					({ entity, label }) => entity !== "container_events" && !label.includes("gone"),
				);
				expect(rows.length).toBeGreaterThan(0);
				for (const { entity, key } of rows)
					expect(view.tables[entity as "beads"].has(key), `${entity} ${key}`).toBe(true);
			});
		});
	}
}
