import type { Finding, RemedyStep } from "../../shared/diagnosis/finding.ts";
import type { LedgerStory } from "../../shared/ledger/fold.ts";

/** What did not help twice is not offered first again (D5). */
export const IN_VAIN = 2;

/** How often this step was pressed for this cause and its effect was not seen, or the cause came back. */
export const pressedInVain = (
	stories: readonly LedgerStory[],
	{ code }: Pick<Finding, "code">,
	{ name, target }: Pick<RemedyStep, "name" | "target">,
): number =>
	stories.filter(
		({ intent, state }) =>
			(state === "not_seen" || state === "came_back") &&
			intent?.name === name &&
			intent.target === target &&
			intent.finding?.code === code,
	).length;
