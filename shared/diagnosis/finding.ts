/** What a finding, a remedy or an evidence is about. */
export type Subject = {
	kind: "bead" | "agent" | "container" | "rig" | "town" | "credential" | "mayor";
	/** Bead id, agent id, rig id or `rig/credential`; `container` and `town` for the town's own. */
	id: string;
};

export type Severity = "critical" | "warning" | "notice";

/** A row that proves it: opens at its seq, or by key. `at` in epoch milliseconds of the town. */
export type Evidence = { label: string; entity: string; key: string; at: number | null };

export type Recovery =
	/** Gastown mends it; at `at` where that is known. */
	| { who: "self"; at: number | null; text: string }
	/** The remedy mends it. */
	| { who: "button"; text: string }
	/** Only the town's owner can; `message` is ready to send. */
	| { who: "user"; text: string; message: string };

/** One step of a remedy: an intervention with its parameters filled in. */
export type RemedyStep = { name: string; target: string; params: Record<string, unknown> };

/** One cause, told (design §7). Roots stand alone; a consequence names its root in `because`. Times are the town's epoch milliseconds. */
export type Finding = {
	/** e.g. `agent.container-died`. */
	code: string;
	severity: Severity;
	subject: Subject;
	/** One sentence in plain words with the figures that matter. */
	sentence: string;
	/** What was measured, at most two lines. */
	measured: string[];
	evidence: Evidence[];
	since: number;
	/** Distinct things behind it. */
	behind: Subject[];
	recovers: Recovery;
	remedy: RemedyStep[];
	ruledOut: string[];
	/** Data the rule would need to be sure; empty when it is. */
	needs: string[];
	/** `findingKey` of its root, for a consequence. */
	because: string | null;
};

/** The same finding over time: code and subject. */
export const findingKey = (finding: Pick<Finding, "code" | "subject">): string =>
	`${finding.code}:${finding.subject.kind}:${finding.subject.id}`;

/** The finding of this code that stands as a root, where one does. */
export const rootOf = (findings: readonly Finding[], code: string): Finding | undefined =>
	findings.find((finding) => finding.code === code && finding.because === null);

/** `waiting`: nothing is wrong, and nothing starts, for a reason that holds the whole town. */
export type Light = "critical" | "warning" | "waiting" | "healthy" | "asleep" | "unknown";

/** Roots worst first, then most behind, then oldest; notices apart; the health light with its reason. */
export type Diagnosis = { findings: Finding[]; notices: Finding[]; light: Light; reason: string };
