import type { Cause } from "../../../shared/protocol/index.ts";
import { type NameOf, named, wordOf } from "./values.ts";

/** What agents, users and the container call, in words; another name is shown as it came. */
const WHAT: Record<string, string> = {
	stream: "Its stream",
	heartbeat: "Heartbeat",
	heartbeats: "Heartbeat",
	completions: "End of a process",
	log: "Log",
	"container-events": "Container report",
	"git-operations": "Git report",
	"credential-events": "Credential report",
	diagnosis: "Look at its health",
	createTown: "New town",
	createRig: "New rig",
	createAgent: "New agent",
	deleteAgent: "Agent removed",
	updateAgentStatus: "Agent status",
	setAgentStatusMessage: "Status message",
	createBead: "New bead",
	updateBead: "Edit",
	updateBeadStatus: "Bead status",
	closeBead: "Close",
	addDependency: "Dependency",
	removeDependency: "Dependency",
	hookBead: "Hook",
	unhookBead: "Unhook",
	startDispatch: "Dispatch",
	dispatchOutcome: "Dispatch answered",
	agentDone: "Work done",
	completeReview: "Review done",
	setTownState: "Setting",
	tick: "Look",
	credentials: "Credentials",
	start: "Start",
};

/** `dispatch_agent` as `Dispatch agent`; any other name as it came. */
const plain = (what: string) => (/^[a-z]+(_[a-z]+)+$/.test(what) ? wordOf(what) : what);

/** What caused a batch, in words: `Dispatch, by Juniper`; a batch without one says so (FEED-5). */
export function causeWords(cause: Cause | null, nameOf: NameOf): string {
	if (!cause) return "no cause given";
	const what =
		cause.kind === "intervention" ? `Intervention ${cause.what}` : (WHAT[cause.what] ?? plain(cause.what));
	const by = byWords(cause, nameOf);
	return by === null ? what : `${what}, by ${by}`;
}

function byWords({ kind, by }: Cause, nameOf: NameOf): string | null {
	if (by !== null) return named(by, nameOf);
	if (kind === "container") return "the container";
	if (kind === "system" || kind === "reconciler") return `the ${kind === "system" ? "town" : kind}`;
	return kind === "user" || kind === "agent" ? null : kind;
}

/** A cause as a journal keeps it, `startDispatch by {id}`, in the words of a batch's cause. */
export function keptCauseWords(kept: string, nameOf: NameOf): string {
	const [what = kept, by] = kept.split(" by ");
	return causeWords({ kind: "agent", what, id: null, by: by ?? null }, nameOf);
}
