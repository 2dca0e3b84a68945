import { Button } from "@cloudflare/kumo/components/button";
import { useState } from "react";
import { goneWell } from "../../shared/interventions/index.ts";
import type { LedgerStory } from "../../shared/ledger/fold.ts";
import { storyLook, storyReason } from "../ledger/story-words.ts";
import { type Look, look, Status } from "../ui/index.ts";
import { useOpenTown } from "./open-town.ts";

type Step = { intervention: string; label: string };
type Props = { steps: readonly Step[]; stories: readonly LedgerStory[] };

/** How each step stands; what has not begun can be stopped (LEDGER-9). */
export function RemedySteps({ steps, stories }: Props) {
	const { client } = useOpenTown();
	const [failed, setFailed] = useState<string | null>(null);
	const known = new Map(stories.map((story) => [story.id, story]));
	const stoppedAt = stopOf(steps, stories);
	const next = stoppedAt === null ? steps.find(({ intervention }) => !known.has(intervention)) : undefined;
	return (
		<div className="flex flex-col gap-2">
			<ol className="flex flex-col gap-1" aria-label="Steps">
				{steps.map(({ intervention, label }, at) => {
					const story = known.get(intervention);
					const reason = story && storyReason(story);
					return (
						<li key={intervention} className="flex flex-wrap gap-x-3" data-step={at + 1}>
							<span>
								{at + 1}. {label}
							</span>
							<Status look={story ? storyLook(story) : stoppedAt === null ? TO_COME : NOT_DONE} />
							{reason ? <span className="text-tone-quiet">{reason}</span> : null}
						</li>
					);
				})}
			</ol>
			{next ? (
				<span>
					<Button
						size="sm"
						variant="outline"
						onClick={() =>
							void client
								.cancel(next.intervention)
								.then((result) => setFailed(result.ok ? null : result.error.message))
						}
					>
						Stop before “{next.label}”
					</Button>
				</span>
			) : null}
			{failed === null ? null : <p role="alert">{failed}</p>}
		</div>
	);
}

const TO_COME = look("open", "To come", "quiet");
const NOT_DONE = look("gone", "Not done", "quiet");

/** How the whole stands: by its first step that has not gone well, or that is not over. */
export function remedyLook(steps: readonly Step[], stories: readonly LedgerStory[]): Look {
	const stopped = stopOf(steps, stories);
	if (stopped !== null) return look("warning", `Stopped at step ${stopped + 1} of ${steps.length}`, "warn");
	const at = endsOf(steps, stories).findIndex((end) => end !== true);
	return at < 0
		? look("done", `All ${steps.length} steps done`, "good")
		: look("underWay", `Step ${at + 1} of ${steps.length}`, "active");
}

const endsOf = (steps: readonly Step[], stories: readonly LedgerStory[]) =>
	steps.map(({ intervention }) => goneWell(stories.find(({ id }) => id === intervention)?.steps ?? []));

/** Index of the step at which it has stopped; null where it has not. */
function stopOf(steps: readonly Step[], stories: readonly LedgerStory[]): number | null {
	const at = endsOf(steps, stories).indexOf(false);
	return at < 0 ? null : at;
}
