import { describe, expect, test } from "vitest";
import type { CauseCode } from "../../../../shared/diagnosis/codes.ts";
import { diagnose, type Finding } from "../../../../shared/diagnosis/index.ts";
import { CATALOGUE } from "../../../../shared/interventions/index.ts";
import { lookupOf, type TownView } from "../../../../shared/town-view/index.ts";
import { NOW } from "../town.ts";
import type { FailingState, States } from "./states.ts";

export type Expected = {
	sentence: string;
	recovers: "self" | "button" | "user";
	behind?: string[];
	/** Parameters of the steps that have some, by the step's name. */
	params?: Record<string, unknown>;
	/** States in which it must not be told. */
	silent: Record<string, () => TownView>;
	/** With a piece of its evidence gone it is told otherwise. */
	otherwise?: Record<string, () => TownView>;
};

export const toldOf = (view: TownView, code: string): Finding | undefined =>
	diagnose(view, NOW).findings.find((finding) => finding.code === code);
/** Codes above notice that stand alone. */
export const rootsOf = (view: TownView): string[] =>
	diagnose(view, NOW).findings.flatMap(({ code, because }) => (because === null ? [code] : []));

/** What of a finding a reader would notice. */
const said = (finding: Finding | undefined) =>
	finding && [
		finding.sentence,
		finding.severity,
		finding.measured,
		finding.needs,
		finding.remedy,
		finding.recovers,
	];

/** Tests of the states of one scenario: what is told, whether its remedy may be done now, and what silences it. */
export function testStates(states: States, expected: Partial<Record<CauseCode, Expected>>): void {
	for (const [code, state] of Object.entries(states) as [CauseCode, FailingState][])
		describe(code, () => {
			const { sentence, recovers, behind, params, silent, otherwise = {} } = expected[code] as Expected;
			test("DIAG-1: its state tells it as the only root, in plain words, with evidence that is there", () => {
				const view = state.town();
				const finding = toldOf(view, code);
				expect(finding).toMatchObject({ sentence, because: null });
				expect(finding?.subject.id).toBe(state.subject);
				expect(finding?.recovers.who).toBe(recovers);
				if (behind) expect(finding?.behind.map(({ id }) => id)).toEqual(behind);
				expect(rootsOf(view)).toEqual([code]);
				expect(finding?.measured.length).toBeGreaterThan(0);
				expect(finding?.measured.length).toBeLessThan(3);
				for (const { entity, key, label } of finding?.evidence ?? [])
					if (entity in view.tables && !JOURNALS.includes(entity) && !label.includes("gone"))
						expect(view.tables[entity as "beads"].has(key), `${entity} ${key}`).toBe(true);
				expect(finding?.evidence.length).toBeGreaterThan(0);
			});
			test("DIAG-1: every step of its remedy is filled in and may be done now", () => {
				const view = state.town();
				const remedy = toldOf(view, code)?.remedy ?? [];
				expect(remedy.map(({ name, target }) => `${name} ${target}`)).toEqual(state.remedy);
				for (const step of remedy) {
					const entry = CATALOGUE[step.name];
					const parsed = entry?.params.parse(step.params) ?? {};
					const at = entry?.target === "container" || entry?.target === "town" ? "t" : step.target;
					expect(entry?.precondition(at, parsed, lookupOf(view)), step.name).toEqual({ ok: true });
					if (params?.[step.name]) expect(step.params).toEqual(params[step.name]);
				}
			});
			test.each(Object.entries(silent))("DIAG-3: it is not told when %s", (_, view) => {
				expect(toldOf(view(), code)).toBeUndefined();
			});
			test.each(Object.entries(otherwise))("DIAG-3: it is told otherwise when %s", (_, view) => {
				const finding = toldOf(view(), code);
				expect(finding).toBeDefined();
				expect(said(finding)).not.toEqual(said(toldOf(state.town(), code)));
			});
		});
}
const JOURNALS = ["container_events", "git_operations"];
