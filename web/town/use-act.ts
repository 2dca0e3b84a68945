import { useCallback } from "react";
import type { Finding } from "../../shared/diagnosis/finding.ts";
import {
	CATALOGUE,
	type CatalogueEntry,
	type Danger,
	type Verdict,
} from "../../shared/interventions/index.ts";
import { whyNoActions } from "../live/connection-view.ts";
import { useWallNow } from "../ui/index.ts";
import { type Asked, useAction } from "./action-state.ts";
import { useOpenTown } from "./open-town.ts";
import { PHONE, useMedia } from "./use-media.ts";

/** Everything about an action on a target now: the same pure functions that the town runs (LEDGER-5). */
export type Considered = {
	entry: CatalogueEntry;
	asked: Asked;
	label: string;
	danger: Danger;
	verdict: Verdict;
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

const NEVER_REACHED = "Never reached the town; nothing was changed.";

/** Considers actions on this town as it stands, and presses them. */
export function useAct(): {
	consider: Consider;
	press(considered: Considered): void;
	send(asked: Asked, reason: string): void;
	blocked: string | null;
} {
	const town = useOpenTown();
	const { client, connection, sight, reason: why, open, toTab } = town;
	const now = useWallNow();
	const phone = useMedia(PHONE);
	const blocked = whyNoActions(connection, now);
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
			missing: parsed.success ? null : (parsed.error.issues[0]?.message ?? "Its parameters are not whole."),
			reason: blocked ?? (verdict.ok ? small : verdict.message),
		};
	};
	const send = useCallback(
		(asked: Asked, reason: string) => {
			const entry = CATALOGUE[asked.name];
			if (!entry) return;
			const intervention = crypto.randomUUID();
			const { setPhase } = useAction.getState();
			const { name, target, params } = asked;
			const sent = {
				intervention,
				label: entry.label(target.id, params, sight.look),
				undo: entry.undo(target.id, params, sight.look),
			};
			setPhase({ is: "sending", ...sent });
			const tell = (phase: Parameters<typeof setPhase>[0]) => {
				const now = useAction.getState().phase;
				if ("intervention" in now && now.intervention === intervention) setPhase(phase);
			};
			void client
				.propose({
					intervention,
					name,
					target: target.id,
					params,
					reason,
					saw: entry.saw(target.id, params, sight.look),
					finding: asked.finding ? { ...asked.finding } : null,
				})
				.then(async (result) => {
					if (result.ok) return tell({ is: "sent", ...sent });
					tell({ is: "failed", ...sent, message: result.error.message });
					// What has an entry is told by that entry.
					if (result.error.code === "connection-lost" && !(await client.reached(intervention)))
						tell({ is: "failed", ...sent, message: NEVER_REACHED });
				});
		},
		[client, sight],
	);
	const press = ({ asked, danger, missing }: Considered) => {
		const { ask } = useAction.getState();
		const reason = [asked.finding?.sentence, why].filter(Boolean).join(" · ");
		ask(asked, reason);
		const { kind, id } = asked.target;
		if (kind === "bead") open({ kind, id });
		else if (kind === "agent" || kind === "mayor") open({ kind: "agent", id, raw: false });
		else if (kind === "container") toTab("container");
		else if (kind === "rig") toTab("review");
		// What a person has yet to choose is asked for in the sheet.
		if (danger === "safe" && missing === null) send(asked, reason);
	};
	return { consider, press, send, blocked };
}
