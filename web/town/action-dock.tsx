import { useEffect, useMemo, useState } from "react";
import { foldLedger, type LedgerStory } from "../../shared/ledger/fold.ts";
import type { LedgerEntry } from "../../shared/protocol/index.ts";
import { storyLook, storyReason } from "../ledger/story-words.ts";
import { ActionButton, ActionSheet, type ActionTold, type SheetPhase } from "../ui/index.ts";
import { ActionParams } from "./action-params.tsx";
import { type ActionTarget, type Asked, type Phase, useAction } from "./action-state.ts";
import { useOpenTown } from "./open-town.ts";
import { OthersIntend } from "./others-intend.tsx";
import { RemedySteps, remedyLook } from "./remedy-steps.tsx";
import { SecretField } from "./secret-field.tsx";
import { useAct } from "./use-act.ts";
import { dueOf, useSecondsLeft } from "./use-seconds-left.ts";

/** The sheet of the action that is asked for on this target, docked at the bottom of its inspector. */
export function ActionDock({ kind, id }: ActionTarget) {
	const { asked, reason, phase, secret, setReason, close, setPhase, setDocked } = useAction();
	const { client, ledger, sight, name } = useOpenTown();
	const [failedToCancel, setFailedToCancel] = useState<string | null>(null);
	const act = useAct();
	const { consider, considerAll, send, blocked } = act;
	const stories = useMemo(() => storiesOf(phase, ledger), [phase, ledger]);
	const intervention = "intervention" in phase ? phase.intervention : null;
	const story = stories.find((one) => one.id === intervention);
	const seconds = useSecondsLeft(dueOf(story));
	const isHere = asked !== null && dockOf(asked.target.kind) === kind && asked.target.id === id;
	useEffect(() => {
		if (!isHere) return;
		setDocked(true);
		return () => setDocked(false);
	}, [isHere, setDocked]);
	if (!asked || !isHere) return null;
	const considered = asked.steps
		? considerAll(asked.steps, asked.finding)
		: consider(asked.name, asked.target, asked.params, asked.finding);
	if (!considered) return null;
	const { label, danger, verdict, preview, entry } = considered;
	const wanted = asked.steps ? null : (entry.secret?.(asked.params) ?? null);
	const missing =
		considered.missing ?? (wanted !== null && secret === "" ? "Its value is still to be given." : null);
	const cancel = async () => {
		if (intervention === null) return;
		const result = await client.cancel(intervention);
		setFailedToCancel(result.ok ? null : result.error.message);
	};
	const failed = sight.look.town("stops")?.failed.find((one) => one.id === intervention)?.error ?? null;
	return (
		<ActionSheet
			// What was typed for one action confirms no other.
			key={asked.name}
			label={"label" in phase ? phase.label : label}
			danger={danger}
			preview={preview}
			verdict={verdict}
			blocked={blocked}
			reason={reason}
			onReason={setReason}
			typed={
				danger === "destructive"
					? (sight.look.bead(id)?.title ?? sight.look.rig(id)?.name ?? name)
					: undefined
			}
			params={
				asked.steps ? null : (
					<>
						<ActionParams asked={asked} />
						{wanted === null ? null : <SecretField label={wanted} />}
					</>
				)
			}
			notice={phase.is === "asking" ? <OthersIntend id={asked.target.id} /> : null}
			missing={missing}
			phase={
				seconds !== null
					? { is: "armed", seconds, failed: failedToCancel }
					: sheetPhase(phase, story && { story, stories, failed }, {
							undo: undoOf(asked, story, act),
							next: asked.steps ? null : nextOf(asked, story, act),
						})
			}
			onConfirm={() => send(asked, reason)}
			onClose={close}
			onCancel={() => void cancel()}
			onLookAgain={() => setPhase({ is: "asking" })}
		/>
	);
}

/** A mayor's sheet stands in its agent's inspector. */
const dockOf = (kind: ActionTarget["kind"]): ActionTarget["kind"] => (kind === "mayor" ? "agent" : kind);

/** What the ledger says of what was sent: one intervention, or the steps of a remedy that have begun. */
function storiesOf(phase: Phase, ledger: readonly LedgerEntry[]): LedgerStory[] {
	if (!("intervention" in phase)) return [];
	const ids = new Set(phase.steps?.map(({ intervention }) => intervention) ?? [phase.intervention]);
	return foldLedger(ledger.filter(({ id }) => ids.has(id)));
}

/** An intervention with what became of its effect outside the database, where that failed. */
type Told = { story: LedgerStory; stories: readonly LedgerStory[]; failed: string | null };

function sheetPhase(
	phase: Phase,
	known: Told | undefined,
	{ undo, next }: { undo: React.ReactNode; next: React.ReactNode },
): SheetPhase {
	if (phase.is === "asking") return phase;
	// Where its answer was lost its entry tells, too.
	if (known && (known.story.outcome || known.story.state === "cancelled" || phase.is === "failed"))
		return {
			is: "told",
			told: { ...told(known), ...ofSteps(phase.steps, known), undo, next: undo === null ? next : null },
		};
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

/** Of a remedy the steps are told, not the first one's effects. */
function ofSteps(steps: Extract<Phase, { intervention: string }>["steps"], { stories }: Told) {
	if (!steps) return {};
	return {
		...{ look: remedyLook(steps, stories), effects: [], message: null, seenAfter: null },
		steps: <RemedySteps steps={steps} stories={stories} />,
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
