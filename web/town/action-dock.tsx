import { useMemo } from "react";
import { foldLedger, type LedgerStory } from "../ledger/fold.ts";
import { storyLook, storyReason } from "../ledger/story-words.ts";
import { ActionButton, ActionSheet, type ActionTold, type SheetPhase } from "../ui/index.ts";
import { ActionParams } from "./action-params.tsx";
import { type ActionTarget, type Asked, useAction } from "./action-state.ts";
import { useOpenTown } from "./open-town.ts";
import { useAct } from "./use-act.ts";

/** The sheet of the action that is asked for on this target, docked at the bottom of its inspector. */
export function ActionDock({ kind, id }: ActionTarget) {
	const { asked, reason, phase, setReason, close, setPhase } = useAction();
	const { ledger, sight } = useOpenTown();
	const act = useAct();
	const { consider, send, blocked } = act;
	const intervention = "intervention" in phase ? phase.intervention : null;
	const story = useMemo(
		() =>
			intervention === null ? undefined : foldLedger(ledger.filter((entry) => entry.id === intervention))[0],
		[ledger, intervention],
	);
	if (asked?.target.kind !== kind || asked.target.id !== id) return null;
	const considered = consider(asked.name, asked.target, asked.params, asked.finding);
	if (!considered) return null;
	const { entry, label, danger, verdict } = considered;
	return (
		<ActionSheet
			label={story?.intent ? labelOf(story, label) : label}
			danger={danger}
			preview={entry.preview(id, asked.params, sight.look)}
			verdict={verdict}
			blocked={blocked}
			reason={reason}
			onReason={setReason}
			typed={danger === "destructive" ? (sight.look.bead(id)?.title ?? id.slice(0, 8)) : undefined}
			params={<ActionParams asked={asked} />}
			phase={sheetPhase(phase, story, nextOf(asked, story, act))}
			onConfirm={() => send(asked, reason)}
			onClose={close}
			onLookAgain={() => setPhase({ is: "asking" })}
		/>
	);
}

/** Its words at the moment it was pressed: the state has moved on since. */
const labelOf = (story: LedgerStory, now: string) =>
	story.intent ? `${now.split(" ")[0] ?? ""} ${story.intent.target_name}` : now;

function sheetPhase(
	phase: ReturnType<typeof useAction.getState>["phase"],
	story: LedgerStory | undefined,
	next: React.ReactNode,
): SheetPhase {
	if (phase.is === "asking") return phase;
	if (story?.outcome) return { is: "told", told: told(story, next) };
	if (phase.is === "failed") return { is: "failed", message: phase.message };
	return { is: "sending" };
}

function told(story: LedgerStory, next: React.ReactNode): ActionTold {
	const { outcome, proof, steps } = story;
	const missing = proof?.missing ?? [];
	return {
		look: { ...storyLook(story), word: storyLook(story).word.replace(/ after .*/, "") },
		at: outcome?.at ?? null,
		message: storyReason(story),
		effects: (outcome?.outcome === "applied" ? outcome.effects : []).map(({ label, outside }) => ({
			label,
			outside,
			state: !proof ? "awaited" : missing.includes(label) ? "missing" : "seen",
		})),
		seenAfter: proof?.seen ? proof.ms : null,
		entry: <span className="text-tone-quiet">Entry {steps[0]?.n}</span>,
		next,
		again: outcome?.outcome === "refused",
	};
}

/** After it was applied: undo where the row can be put back, else what to do next. */
function nextOf(
	asked: Asked,
	story: LedgerStory | undefined,
	{ consider, press }: ReturnType<typeof useAct>,
) {
	const { before } = story?.outcome ?? {};
	if (story?.outcome?.outcome !== "applied" || !before) return null;
	if (asked.name === "bead.priority" && typeof before.priority === "string") {
		const undo = consider(asked.name, asked.target, { priority: before.priority }, null);
		return undo ? (
			<ActionButton
				label={`Undo: back to ${before.priority}`}
				danger={undo.danger}
				reason={undo.reason}
				onPress={() => press(undo)}
			/>
		) : null;
	}
	const name = consider(asked.name, asked.target, asked.params, null)?.entry.next;
	const next = name
		? consider(name, asked.target, name === "bead.reassign" ? { agent: null } : {}, null)
		: null;
	if (!next || next.entry.target !== asked.target.kind) return null;
	return (
		<ActionButton label={next.label} danger={next.danger} reason={next.reason} onPress={() => press(next)} />
	);
}
