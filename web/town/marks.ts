import type { Diagnosis, Finding, Subject } from "../../shared/diagnosis/finding.ts";
import type { TownTab } from "../routes/address.ts";
import { markKey } from "./open-town.ts";

/** Worst finding of each subject, roots and consequences alike; notices are no marks (P6). */
export function marksOf(diagnosis: Diagnosis): ReadonlyMap<string, Finding> {
	const marks = new Map<string, Finding>();
	for (const finding of diagnosis.findings)
		for (const key of keysOf(finding.subject)) {
			const known = marks.get(key);
			if (!known || (known.severity === "warning" && finding.severity === "critical"))
				marks.set(key, finding);
		}
	return marks;
}

/** The mayor is an agent too. */
const keysOf = ({ kind, id }: Subject) =>
	kind === "mayor" ? [markKey("agent", id), markKey(kind, id)] : [markKey(kind, id)];

/** Where each thing is at home: its rows, or the whole card of its finding where it has no inspector. */
export const TAB_OF: Readonly<Record<Subject["kind"], TownTab>> = {
	bead: "state",
	agent: "agents",
	mayor: "mayor",
	container: "container",
	town: "scheduler",
	credential: "credentials",
	rig: "credentials",
};

export type Badge = { severity: "critical" | "warning"; count: number };

/** Beads that have a tab of their own beside State. */
const TAB_OF_TYPE: Readonly<Record<string, TownTab>> = { merge_request: "review", convoy: "convoys" };

/**
 * The badge of each tab: how many of its rows carry a finding, with the sign of the worst; never a plain row count. `typeOf`
 * tells the type of a bead.
 */
export function badgesOf(
	diagnosis: Diagnosis,
	typeOf: (bead: string) => string | undefined,
): ReadonlyMap<TownTab, Badge> {
	const rows = new Map<TownTab, Map<string, "critical" | "warning">>();
	for (const { subject, severity } of diagnosis.findings) {
		if (severity === "notice") continue;
		const own = subject.kind === "bead" ? TAB_OF_TYPE[typeOf(subject.id) ?? ""] : undefined;
		for (const tab of [TAB_OF[subject.kind], own]) {
			if (!tab) continue;
			const of = rows.get(tab) ?? new Map();
			rows.set(tab, of);
			if (of.get(subject.id) !== "critical") of.set(subject.id, severity);
		}
	}
	return new Map(
		[...rows].map(([tab, of]) => {
			const critical = [...of.values()].filter((severity) => severity === "critical").length;
			return [
				tab,
				critical > 0 ? { severity: "critical", count: critical } : { severity: "warning", count: of.size },
			];
		}),
	);
}

/** Findings that are roots, by severity. */
export function counts(diagnosis: Diagnosis): { critical: number; warning: number } {
	const roots = diagnosis.findings.filter(({ because }) => because === null);
	return {
		critical: roots.filter(({ severity }) => severity === "critical").length,
		warning: roots.filter(({ severity }) => severity === "warning").length,
	};
}
