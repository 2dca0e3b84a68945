import { CATALOGUE } from "../../shared/interventions/index.ts";
import type { LedgerStory } from "../../shared/ledger/fold.ts";
import { duration } from "../ui/format/duration.ts";
import { type Look, look } from "../ui/index.ts";

const LOOKS: Record<string, Look> = {
	armed: look("waiting", "Can be cancelled", "human"),
	sent: look("changing", "Sent", "active"),
	applied: look("underWay", "Applied, to be seen", "active"),
	seen: look("done", "Effect seen", "good"),
	cleared: look("done", "Effect seen, finding cleared", "good"),
	came_back: look("warning", "Came back", "warn"),
	not_seen: look("warning", "Not seen", "warn"),
	refused: look("refused", "Refused", "warn"),
	noop: look("gone", "No change", "quiet"),
	never: look("gone", "Never reached", "quiet"),
	unknown: look("unknown", "Unknown until observed", "warn"),
	cancelled: look("gone", "Cancelled", "quiet"),
	access: look("review", "Is here", "human"),
	refusal: look("refused", "Refused", "warn"),
	disclosure: look("done", "Revealed", "quiet"),
};

/** States that a search can ask for, in words. */
export const outcomeWords: [outcome: string, word: string][] = [
	"sent", "applied", "seen", "not_seen", "cleared", "came_back", "refused", "noop", "never", "unknown", "cancelled",
].map((outcome) => [outcome, LOOKS[outcome]?.word ?? outcome]); // biome-ignore format: a list

/** How an intervention stands, by the furthest step that is in the ledger (P4: done means seen). */
export function storyLook(story: LedgerStory): Look {
	const known = LOOKS[story.state] ?? look("unknown", story.state, "warn");
	if (story.state === "access" && accessOf(story).event === "left") return look("gone", "Left", "quiet");
	if ((story.state === "seen" || story.state === "cleared") && story.proof)
		return look(known.sign, `${known.word} after ${duration(story.proof.ms)}`, known.tone);
	return known;
}

const accessOf = (story: LedgerStory) =>
	(story.steps.at(-1)?.body ?? {}) as { event?: string; case?: string; seconds?: number | null };

/** What was done to what, in words. */
export function storyTitle(story: LedgerStory): string {
	const { intent } = story;
	if (intent)
		return `${CATALOGUE[intent.name]?.title ?? intent.name} ${intent.target_name || intent.target.slice(0, 8)}`;
	const body = story.steps[0]?.body ?? {};
	if (story.state === "access") {
		const { event, seconds, case: why } = accessOf(story);
		const long = typeof seconds === "number" ? ` for ${duration(seconds * 1_000, true)}` : "";
		return `Opened${event === "left" ? long : ", open now"}: ${why ?? "no reason given"}`;
	}
	if (story.state === "disclosure")
		return `Revealed the conversation of ${String(body.target_name || body.target)}: ${String(body.case)}`;
	if (story.state === "refusal") return String(body.what ?? "a request");
	return story.steps[0]?.step ?? "";
}

/** Why it was refused or came to nothing; null where it did not. */
export function storyReason(story: LedgerStory): string | null {
	const cancelled = story.steps.find(({ step }) => step === "cancelled");
	if (cancelled) return `Cancelled by ${cancelled.admin?.name ?? "an admin"}. Nothing was changed.`;
	if (story.outcome?.message) return story.outcome.message;
	if (story.state === "refusal") return String(story.steps[0]?.body.message ?? "");
	if (story.proof && !story.proof.seen) return `Not seen in time: ${story.proof.missing.join(", ")}`;
	return null;
}

const STEP_WORDS: Record<string, string> = {
	intent: "Sent",
	started: "Started",
	outcome: "Outcome",
	proof: "Effect",
	cleared: "Finding",
	cancelled: "Cancelled",
	disclosure: "Revealed",
	access: "Town",
	refusal: "Refused",
};
export const stepWord = (step: string): string => STEP_WORDS[step] ?? step;
