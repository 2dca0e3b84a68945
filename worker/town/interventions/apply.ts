import type { BeadPriority } from "../../../shared/gastown/index.ts";
import { ok, type Result } from "../town.ts";
import { type Applying, applyReset, applyUnhook } from "./apply-agent.ts";
import { applyEnd, applyPriority, applyReassign, applyReopen } from "./apply-bead.ts";
import { applyRetryDispatch } from "./apply-dispatch.ts";
import { applyMayorRestart, applyMessage } from "./apply-message.ts";
import {
	applyContainerPause,
	applyContainerResume,
	applyDispatchPause,
	applyDispatchResume,
	resetBudget,
} from "./apply-town.ts";

type Apply = (applying: Applying, params: Record<string, unknown>) => Result<unknown>;

/** All that it does is outside the database. */
const nothing: Apply = () => ok(null);

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
	"agent.kill": nothing,
	"agent.interrupt": nothing,
	"agent.answer-permission": nothing,
	"agent.nudge": (applying, params) => applyMessage(applying, params as { message: string }),
	"mayor.message": (applying, params) => applyMessage(applying, params as { message: string }),
	"mayor.restart": (applying) => applyMayorRestart(applying),
	"bead.retry-dispatch": (applying) => applyRetryDispatch(applying),
	"container.start": (applying) => resetBudget(applying),
	"container.stop": nothing,
	"container.restart": (applying) => resetBudget(applying),
	"container.pause": (applying, params) => applyContainerPause(applying, params as { hours: number }),
	"container.resume": (applying) => applyContainerResume(applying),
	"town.pause-dispatch": (applying, params) => applyDispatchPause(applying, params as { hours: number }),
	"town.resume-dispatch": (applying) => applyDispatchResume(applying),
};
