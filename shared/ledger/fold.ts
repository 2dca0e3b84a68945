import type { z } from "zod";
import {
	type clearedBody, type IntentBody,intentBody, type OutcomeBody, outcomeBody, type ProofBody, proofBody, 
} from "../interventions/steps.ts"; // biome-ignore format: a list
import type { LedgerEntry } from "../protocol/ledger-entry.ts";

/** One intervention, or one access or refusal, with its steps in order (LEDGER-3: shown folded by intervention). */
export type LedgerStory = {
	id: string;
	/** Number of its first row known here, and the row's time, epoch milliseconds. */
	n: number;
	at: number;
	admin: LedgerEntry["admin"];
	steps: LedgerEntry[];
	intent: IntentBody | null;
	outcome: OutcomeBody | null;
	proof: ProofBody | null;
	cleared: z.infer<typeof clearedBody> | null;
	/** Key of the state for `Status`: the furthest step that is known. */
	state: string;
};

/** Folds ledger rows in any order, doubles included; the newest story first. */
export function foldLedger(entries: Iterable<LedgerEntry>): LedgerStory[] {
	const byId = new Map<string, Map<number, LedgerEntry>>();
	for (const entry of entries) {
		const steps = byId.get(entry.id) ?? new Map<number, LedgerEntry>();
		byId.set(entry.id, steps.set(entry.n, entry));
	}
	const stories = [...byId].map(([id, steps]) =>
		story(
			id,
			[...steps.values()].sort((a, b) => a.n - b.n),
		),
	);
	return stories.sort((a, b) => b.n - a.n);
}

function story(id: string, steps: LedgerEntry[]): LedgerStory {
	const body = (step: string) => steps.findLast((entry) => entry.step === step)?.body;
	const intent = intentBody.safeParse(body("intent")).data ?? null;
	const outcome = outcomeBody.safeParse(body("outcome")).data ?? null;
	const proof = proofBody.safeParse(body("proof")).data ?? null;
	const cleared = (body("cleared") as z.infer<typeof clearedBody> | undefined) ?? null;
	const first = steps[0] as LedgerEntry;
	return {
		id, n: first.n, at: first.at, admin: first.admin, steps, intent, outcome, proof, cleared,
		state: steps.reduce(stateAfter, null as string | null) ?? "unknown",
	}; // biome-ignore format: a list
}

/** Where an intervention stands after one more of its steps, in order; the mirror's view `ledger_steps` says the same in SQL. */
export function stateAfter(state: string | null, { step, body }: Pick<LedgerEntry, "step" | "body">): string {
	if (state === "cancelled") return state;
	if (step === "intent") return state ?? (typeof body.due === "number" ? "armed" : "sent");
	if (step === "started") return state === null || state === "armed" ? "sent" : state;
	if (step === "outcome") return typeof body.outcome === "string" ? body.outcome : step;
	if (step === "proof") return body.seen ? "seen" : "not_seen";
	if (step === "cleared") return body.cleared ? "cleared" : "came_back";
	return step;
}

/** A line of the ledger: what was done, or neighbouring visits, which are only looked at when asked for. */
export type LedgerLine = { kind: "story"; story: LedgerStory } | { kind: "visits"; stories: LedgerStory[] };

/** Stories in their order; two or more visits beside each other are one line. */
export function ledgerLines(stories: readonly LedgerStory[]): LedgerLine[] {
	const lines: LedgerLine[] = [];
	for (const story of stories) {
		const last = lines.at(-1);
		if (story.state !== "access") lines.push({ kind: "story", story });
		else if (last?.kind === "visits") last.stories.push(story);
		else lines.push({ kind: "visits", stories: [story] });
	}
	return lines;
}

/** Stories whose target or touched rows name this bead or agent. */
export function storiesAbout(stories: readonly LedgerStory[], id: string): LedgerStory[] {
	return stories.filter(
		({ intent, outcome }) =>
			intent?.target === id || (outcome?.effects ?? []).some((effect) => effect.key === id),
	);
}
