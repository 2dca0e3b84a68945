import type { BeadPriority } from "../../../shared/gastown/index.ts";
import type { Result } from "../town.ts";
import { type Applying, applyReset, applyUnhook } from "./apply-agent.ts";
import { applyEnd, applyPriority, applyReassign, applyReopen } from "./apply-bead.ts";

type Apply = (applying: Applying, params: Record<string, unknown>) => Result<unknown>;

/** What each entry of the catalogue does to the rows. Parameters have passed the entry's own schema. */
export const APPLY: Readonly<Record<string, Apply>> = {
	"bead.priority": (applying, params) => applyPriority(applying, params as { priority: BeadPriority }),
	"bead.close": (applying) => applyEnd(applying, "close"),
	"bead.fail": (applying) => applyEnd(applying, "fail"),
	"bead.reopen": (applying, params) =>
		applyReopen(applying, params as { to: "open" | "in_review"; clear_attempts: boolean; release: boolean }),
	"bead.reassign": (applying, params) => applyReassign(applying, params as { agent: string | null }),
	"agent.unhook": (applying) => applyUnhook(applying),
	"agent.reset": (applying) => applyReset(applying),
};
