import { describe, expect, test } from "vitest";
import type { CauseCode } from "../../../shared/diagnosis/codes.ts";
import { diagnose, type Finding } from "../../../shared/diagnosis/index.ts";
import type { TownView } from "../../../shared/town-view/index.ts";
import { ALL_STATES } from "./states/states.ts";
import { NOW } from "./town.ts";

type Town = () => TownView;

export const told = (town: TownView, code: string): Finding | undefined => {
	const { findings, notices } = diagnose(town, NOW);
	return [...findings, ...notices].find((finding) => finding.code === code);
};

/** What is checked of each rule beside the table of rule by state. */
export type RuleCase = {
	/** The one sentence, whole. */
	sentence: string;
	recovers: "self" | "button" | "user";
	behind: string[];
	/** Neighbours and healthy states: above notice it is not told. */
	silent: Record<string, Town>;
	/** With this piece gone it is still told, and says other or less. */
	changed?: Record<string, [Town, (finding: Finding) => unknown]>;
};

export function checkRule(code: CauseCode, rule: RuleCase): void {
	const state = ALL_STATES[code];
	if (!state) throw new Error(`no state of ${code}`);
	describe(code, () => {
		test("DIAG-1: one sentence with its figures, what stands behind it, and who mends it", () => {
			const finding = told(state.town(), code);
			expect(finding?.sentence).toBe(rule.sentence);
			expect(finding?.recovers.who).toBe(rule.recovers);
			expect(finding?.behind.map(({ id }) => id)).toEqual(rule.behind);
		});
		test.each(Object.entries(rule.silent))("DIAG-3: is silent when %s", (_, town) => {
			expect(diagnose(town(), NOW).findings.map((finding) => finding.code)).not.toContain(code);
		});
		test.each(Object.entries(rule.changed ?? {}))("DIAG-3: says other when %s", (_, [town, of]) => {
			const finding = told(town(), code);
			const before = told(state.town(), code);
			if (!finding || !before) throw new Error(`${code} is not told`);
			expect(of(finding)).not.toEqual(of(before));
		});
	});
}
