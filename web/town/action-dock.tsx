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
	const { ledger, sight, name } = useOpenTown();
	const act = useAct();
	const { consider, send, blocked } = act;
	const intervention = "intervention" in phase ? phase.intervention : null;
	const story = useMemo(
		() =>
			intervention === null ? undefined : foldLedger(ledger.filter((entry) => entry.id === intervention))[0],
		[ledger, intervention],
	);
	if (!asked || dockOf(asked.target.kind) !== kind || asked.target.id !== id) return null;
	const considered = consider(asked.name, asked.target, asked.params, asked.finding);
	if (!considered) return null;
	const { entry, label, danger, verdict, missing } = considered;
	const failed = sight.look.town("stops")?.failed.find((one) => one.id === intervention)?.error ?? null;
	return (
		<ActionSheet
			// What was typed for one action confirms no other.
			key={asked.name}
			label={"label" in phase ? phase.label : label}
			danger={danger}
			preview={entry.preview(id, asked.params, sight.look)}
			verdict={verdict}
			blocked={blocked}
			reason={reason}
			onReason={setReason}
			typed={
				danger === "destructive"
					? (sight.look.bead(id)?.title ?? sight.look.rig(id)?.name ?? name)
					: undefined
			}
			params={<ActionParams asked={asked} />}
			missing={missing}
			phase={sheetPhase(phase, story && { story, failed }, {
				undo: undoOf(asked, story, act),
				next: nextOf(asked, story, act),
			})}
			onConfirm={() => send(asked, reason)}
			onClose={close}
			onLookAgain={() => setPhase({ is: "asking" })}
		/>
	);
}

/** A mayor's sheet stands in its agent's inspector. */
const dockOf = (kind: ActionTarget["kind"]): ActionTarget["kind"] => (kind === "mayor" ? "agent" : kind);

/** An intervention with what became of its effect outside the database, where that failed. */
type Told = { story: LedgerStory; failed: string | null };

function sheetPhase(
	phase: ReturnType<typeof useAction.getState>["phase"],
	known: Told | undefined,
	{ undo, next }: { undo: React.ReactNode; next: React.ReactNode },
): SheetPhase {
	if (phase.is === "asking") return phase;
	// Where its answer was lost its entry tells, too.
	if (known && (known.story.outcome || phase.is === "failed"))
		return { is: "told", told: { ...told(known), undo, next: undo === null ? next : null } };
	if (phase.is === "failed") return { is: "failed", message: phase.message };
	return { is: "sending" };
}

function told({ story, failed }: Told): Omit<ActionTold, "undo" | "next"> {
	const { outcome, proof, steps } = story;
	const missing = proof?.missing ?? [];
	return {
		look: { ...storyLook(story), word: storyLook(story).word.replace(/ after .*/, "") },
		at: outcome?.at ?? null,
		message: [failed, storyReason(story)].filter(Boolean).join(" ") || null,
		effects: (outcome?.outcome === "applied" ? outcome.effects : []).map(({ label, outside }) => ({
			label,
			outside,
			state: !proof ? "awaited" : missing.includes(label) ? "missing" : "seen",
		})),
		seenAfter: proof?.seen ? proof.ms : null,
		entry: <span className="text-tone-quiet">Entry {steps[0]?.n}</span>,
		again: outcome?.outcome === "refused",
	};
}

type Act = ReturnType<typeof useAct>;

/** Puts back what was applied, where the catalogue said before that it can be. */
function undoOf({ target }: Asked, story: LedgerStory | undefined, { consider, press }: Act) {
	const { phase } = useAction.getState();
	if (story?.outcome?.outcome !== "applied" || !("undo" in phase) || phase.undo === null) return null;
	const undo = consider(phase.undo.name, target, phase.undo.params, null);
	return undo ? (
		<ActionButton
			label={`Undo: ${undo.label}`}
			danger={undo.danger}
			reason={undo.reason}
			onPress={() => press(undo)}
		/>
	) : null;
}

/** What to do next where there is no undo; nothing that could not be done now. */
function nextOf({ name, target, params }: Asked, story: LedgerStory | undefined, { consider, press }: Act) {
	if (story?.outcome?.outcome !== "applied") return null;
	const then = consider(name, target, params, null)?.entry.next;
	const next = then ? consider(then, target, undefined, null) : null;
	if (!next?.verdict.ok || next.entry.target !== target.kind) return null;
	return (
		<ActionButton label={next.label} danger={next.danger} reason={next.reason} onPress={() => press(next)} />
	);
}
