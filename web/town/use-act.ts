import { useCallback } from "react";
import type { Finding, RemedyStep } from "../../shared/diagnosis/finding.ts";
import {
	CATALOGUE,
	type CatalogueEntry,
	type Danger,
	type Preview,
	targetIn,
	type Verdict,
} from "../../shared/interventions/index.ts";
import { whyNoActions } from "../live/connection-view.ts";
import { useWallNow } from "../ui/index.ts";
import { type Asked, useAction } from "./action-state.ts";
import { useCountdown } from "./countdown.ts";
import { useOpenTown } from "./open-town.ts";
import { PHONE, useMedia } from "./use-media.ts";

/** Everything about an action on a target now: the same pure functions that the town runs (LEDGER-5). */
export type Considered = {
	entry: CatalogueEntry;
	asked: Asked;
	label: string;
	danger: Danger;
	verdict: Verdict;
	preview: Preview;
	/** What has still to be filled in by its parameters; null when they are whole. */
	missing: string | null;
	/** Why it cannot be pressed now, the feed first; null when it can. */
	reason: string | null;
};

export type Consider = (
	name: string,
	target: Asked["target"],
	/** Those that the entry starts out with where none are chosen. */
	params: Record<string, unknown> | undefined,
	finding: Finding | null,
) => Considered | null;

/** A remedy as a whole; null where a step of it is not among the interventions. */
type ConsiderAll = (steps: readonly RemedyStep[], finding: Finding | null) => Considered | null;

const WORST: readonly Danger[] = ["safe", "disruptive", "destructive"];

/** Those whose sheet stands in the tab of credentials and configuration. */
const isOfCredentials = (name: string): boolean => /^(credential|config)\./.test(name);

const NEVER_REACHED = "Never reached the town; nothing was changed.";

/** Considers actions on this town as it stands, and presses them. */
export function useAct(): {
	consider: Consider;
	considerAll: ConsiderAll;
	press(considered: Considered): void;
	send(asked: Asked, reason: string): void;
	blocked: string | null;
} {
	const town = useOpenTown();
	const { id: townId, client, connection, sight, past, reason: why, open, toTab } = town;
	const wait_ms = useCountdown(({ seconds }) => seconds) * 1_000;
	const now = useWallNow();
	const phone = useMedia(PHONE);
	const blocked = past ? "This is the past" : whyNoActions(connection, now);
	const consider: Consider = (name, target, params, finding) => {
		const entry = CATALOGUE[name];
		if (!entry) return null;
		const chosen = params ?? entry.draft ?? {};
		const parsed = entry.params.safeParse(chosen);
		// What a person has yet to write does not change what it is about.
		const given = parsed.success ? parsed.data : chosen;
		const { look } = sight;
		const danger = entry.danger(target.id, given, look);
		const verdict = entry.precondition(target.id, given, look);
		const small =
			phone && danger !== "safe"
				? `Needs a larger screen: this ${danger === "destructive" ? "cannot be undone" : "stops or starts work"}`
				: null;
		return {
			entry,
			asked: { name, target, params: given, finding },
			label: entry.label(target.id, given, look),
			danger,
			verdict,
			preview: entry.preview(target.id, given, look),
			missing: parsed.success ? null : (parsed.error.issues[0]?.message ?? "Its parameters are not whole."),
			reason: blocked ?? (verdict.ok ? small : verdict.message),
		};
	};
	const considerAll: ConsiderAll = (steps, finding) => {
		const each = steps.flatMap((step) => {
			const kind = CATALOGUE[step.name]?.target;
			const id = targetIn(townId, step);
			return (kind && consider(step.name, { kind, id }, step.params, finding)) || [];
		});
		const first = each[0];
		if (!first || each.length < steps.length) return null;
		return {
			...first,
			asked: { ...first.asked, steps: each.map(({ asked }) => ({ ...asked, target: asked.target.id })) },
			label: `Do all ${each.length} steps`,
			danger: WORST[Math.max(...each.map(({ danger }) => WORST.indexOf(danger)))] ?? "destructive",
			preview: {
				will: each.flatMap(({ label, preview }, at) => [`${at + 1}. ${label}: ${preview.will.join(" ")}`]),
				wont: [
					"Go on where the effect of a step is not seen.",
					...new Set(each.flatMap(({ preview }) => preview.wont)),
				],
			},
			missing: each.find(({ missing }) => missing !== null)?.missing ?? null,
		};
	};
	const send = useCallback(
		(asked: Asked, reason: string) => {
			const entry = CATALOGUE[asked.name];
			if (!entry) return;
			const { name, target, params, steps } = asked;
			const { setPhase, secret, setSecret } = useAction.getState();
			setSecret("");
			const proposed = (steps ?? [{ name, target: target.id, params }]).map((step) => ({
				...{ intervention: crypto.randomUUID(), name: step.name, target: step.target, params: step.params },
				saw: CATALOGUE[step.name]?.saw(step.target, step.params, sight.look) ?? {},
			}));
			const [first] = proposed;
			if (!first) return;
			const labelOf = (step: typeof first) =>
				CATALOGUE[step.name]?.label(step.target, step.params, sight.look) ?? step.name;
			const { intervention } = first;
			const sent = {
				intervention,
				label: steps ? `Do all ${steps.length} steps` : labelOf(first),
				undo: steps ? null : entry.undo(target.id, params, sight.look),
				...(steps && {
					steps: proposed.map((step) => ({ intervention: step.intervention, label: labelOf(step) })),
				}),
			};
			setPhase({ is: "sending", ...sent });
			const tell = (phase: Parameters<typeof setPhase>[0]) => {
				const now = useAction.getState().phase;
				if ("intervention" in now && now.intervention === intervention) setPhase(phase);
			};
			const beside = { reason, finding: asked.finding ? { ...asked.finding } : null, wait_ms };
			const answer = steps
				? client.remedy({ remedy: crypto.randomUUID(), steps: proposed, ...beside })
				: client.propose({ ...first, ...beside, ...(entry.secret?.(params) && { secret }) });
			void answer.then(async (result) => {
				if (result.ok) return tell({ is: "sent", ...sent });
				tell({ is: "failed", ...sent, message: result.error.message });
				// What has an entry is told by that entry.
				if (result.error.code === "connection-lost" && !(await client.reached(intervention)))
					tell({ is: "failed", ...sent, message: NEVER_REACHED });
			});
		},
		[client, sight, wait_ms],
	);
	const press = ({ asked, danger, verdict, missing, entry }: Considered) => {
		const { ask } = useAction.getState();
		const reason = [asked.finding?.sentence, why].filter(Boolean).join(" · ");
		ask(asked, reason);
		const { kind, id } = asked.target;
		if (kind === "bead") open({ kind, id });
		else if (kind === "agent" || kind === "mayor") open({ kind: "agent", id, raw: false });
		else if (kind === "container") toTab("container");
		else if (isOfCredentials(asked.name)) toTab("credentials");
		else if (kind === "rig") toTab("review");
		// What a person has yet to choose is asked for in the sheet.
		if (danger === "safe" && verdict.ok && missing === null && !entry.secret?.(asked.params))
			send(asked, reason);
	};
	return { consider, considerAll, press, send, blocked };
}
