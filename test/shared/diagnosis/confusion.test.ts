import { describe, expect, test } from "vitest";
import { CAUSE_CODES, type CauseCode, mayFollow } from "../../../shared/diagnosis/codes.ts";
import { diagnose } from "../../../shared/diagnosis/index.ts";
import { CATALOGUE } from "../../../shared/interventions/index.ts";
import { lookupOf } from "../../../shared/town-view/index.ts";
import { ALL_STATES, type FailingState } from "./states/states.ts";
import { NOW } from "./town.ts";

const STATES = Object.entries(ALL_STATES) as [CauseCode, FailingState][];

describe.each(STATES)("in the state of %s", (code, { subject, town, remedy }) => {
	const view = town();
	const { findings } = diagnose(view, NOW);
	const own = findings.find((finding) => finding.code === code);

	test("DIAG-1 DIAG-2: it is the first root, of its subject", () => {
		expect(findings[0]?.code).toBe(code);
		expect(findings[0]?.because).toBeNull();
		expect(own?.subject.id).toBe(subject);
	});
	test("DIAG-2: nothing else is above notice but what may follow it, under it", () => {
		const others = findings.filter((finding) => finding !== own);
		expect(others.filter((finding) => finding.because === null).map((finding) => finding.code)).toEqual([]);
		expect(
			others
				.filter((other) => other.code !== code && !mayFollow(code, other.code))
				.map((other) => other.code),
		).toEqual([]);
	});
	test("DIAG-1: it says why in one plain sentence, with what was measured and rows that open", () => {
		expect(own?.sentence).toMatch(/^[A-Z0-9"]/);
		expect(own?.sentence.length).toBeLessThan(260);
		expect(own?.sentence).not.toMatch(/undefined|NaN|null|[0-9a-f]{9}/);
		expect(own?.measured.length).toBeGreaterThan(0);
		expect(own?.measured.length).toBeLessThan(3);
		expect(own?.evidence.length).toBeGreaterThan(0);
		expect(own?.since).toBeLessThanOrEqual(NOW);
	});
	test("DIAG-1: its remedy is filled in, and each step is one that may be done now", () => {
		expect(own?.remedy.map(({ name, target }) => `${name} ${target}`)).toEqual(remedy);
		for (const { name, target, params } of own?.remedy ?? []) {
			const entry = CATALOGUE[name];
			// As a page aims them: what is done to the container or the mayor is done to the town that it is of.
			const at = ["container", "town"].includes(entry?.target ?? "") ? "t" : target;
			const parsed = entry?.params.parse(params) ?? {};
			expect(entry?.precondition(at, parsed, lookupOf(view)), name).toEqual({ ok: true });
		}
	});
});

test("DIAG-2: rule by state, only the diagonal and what may follow is filled", () => {
	const confused = STATES.flatMap(([of, { town }]) =>
		CAUSE_CODES.filter((code) => code !== of && !mayFollow(of, code))
			.filter((code) => diagnose(town(), NOW).findings.some((finding) => finding.code === code))
			.map((code) => `${of} is told as ${code}`),
	);
	expect(confused).toEqual([]);
});
