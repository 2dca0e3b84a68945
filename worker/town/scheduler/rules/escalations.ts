import { moveEscalation } from "../../../../shared/gastown/index.ts";
import type { Action, Rule } from "../actions.ts";

/**
 * A call for help that nobody has acknowledged is told again after each interval, louder, a few times (TRIAGE-2). Not one whose
 * bead was closed meanwhile: Gastown's ghosts were of that kind (#2123).
 */
export const raiseEscalations: Rule = ({ escalations, now, thresholds }) =>
	[...escalations.values()].flatMap((one): Action[] => {
		const from = one.acknowledged ? "acknowledged" : "unseen";
		if (!moveEscalation(from, "raise").ok || one.about === "closed") return [];
		if (one.raised >= thresholds.escalation_repeats) return [];
		if (now - one.told_at < thresholds.escalation_repeat_ms) return [];
		const hours = Math.round((now - one.told_at) / 3_600_000);
		return [
			{ type: "raise_escalation", escalation: one.bead_id, why: `Nobody acknowledged it for ${hours} h` },
		];
	});
