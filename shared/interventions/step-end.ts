import { outcomeBody, proofBody } from "./steps.ts";

/**
 * How one step of a remedy ended, by its ledger entries (LEDGER-9): true where its effect was seen or was there before, false
 * where it was not, null while that is not known.
 */
export function goneWell(
	entries: readonly { step: string; body: Record<string, unknown> }[],
): boolean | null {
	const bodyOf = (step: string) => entries.findLast((entry) => entry.step === step)?.body;
	if (bodyOf("cancelled")) return false;
	const outcome = outcomeBody.safeParse(bodyOf("outcome")).data;
	if (!outcome || outcome.outcome === "unknown") return null;
	if (outcome.outcome === "noop") return true;
	if (outcome.outcome !== "applied") return false;
	if (outcome.effects.length === 0) return true;
	return proofBody.safeParse(bodyOf("proof")).data?.seen ?? null;
}
