import type { Bead } from "../../shared/gastown/index.ts";
import { isTriageRequest } from "../../shared/interventions/triage.ts";
import { lookupOf, rowsOf } from "../../shared/town-view/index.ts";
import { ActionButton } from "../ui/index.ts";
import type { ActionTarget } from "./action-state.ts";
import { markKey, useOpenTown } from "./open-town.ts";
import { OthersIntend } from "./others-intend.tsx";
import { PriorityMenu } from "./priority-menu.tsx";
import { type Considered, useAct } from "./use-act.ts";

const AGENT = ["agent.nudge", "agent.interrupt", "agent.unhook", "agent.set-model", "agent.kill"];
const BEAD = [
	"bead.retry-dispatch",
	"bead.reassign",
	"bead.close",
	"bead.fail",
	"bead.reopen",
	"bead.block",
	"bead.unblock",
];
const REVIEW = [
	"review.retry",
	"review.request-rework",
	"review.poll",
	"review.merge",
	"review.link-pr",
	"review.close",
	"bead.block",
	"bead.unblock",
];
const CONVOY = [
	"convoy.start",
	"convoy.retry-landing",
	"convoy.recount",
	"convoy.add-bead",
	"convoy.drop-bead",
	"convoy.close",
];

/** The actions of what is open; disabled ones stay visible and say why. */
export function ActionBar({ kind, id }: { kind: "bead" | "agent" | "container"; id: string }) {
	const { consider, press } = useAct();
	const { marks } = useOpenTown();
	const targets = useTargets(kind, id);
	const finding = marks.get(markKey(kind, kind === "container" ? "container" : id)) ?? null;
	return (
		<div className="flex flex-wrap items-center gap-2 px-4 py-2" data-actions={kind}>
			<OthersIntend id={id} />
			{targets.map(({ name, target, params }) => {
				const considered = consider(name, target, params, finding);
				return considered ? (
					<ActionButton
						key={`${name} ${target.id}`}
						label={shortLabel(considered)}
						danger={considered.danger}
						reason={considered.reason}
						onPress={() => press(considered)}
					/>
				) : null;
			})}
			{kind === "bead" ? <PriorityMenu id={id} /> : null}
		</div>
	);
}

type Offered = { name: string; target: ActionTarget; params?: Record<string, unknown> };

/** What is offered on it, what mends most first. */
function useTargets(kind: "bead" | "agent" | "container", id: string): Offered[] {
	const { view } = useOpenTown();
	if (kind === "container") return containerActions(id, lookupOf(view).town("run_policy"));
	if (kind === "bead") {
		const hooked = rowsOf<"agent_metadata">(view.tables.agent_metadata, view.indexes.agentsByHook.get(id));
		return [
			...hooked.map(({ bead_id }) => ({
				name: "agent.reset",
				target: { kind: "agent", id: bead_id } as const,
			})),
			...beadActions(view.tables.beads.get(id)).map((name) => ({ name, target: { kind, id } })),
		];
	}
	const mayor = view.tables.agent_metadata.get(id)?.role === "mayor";
	const first = mayor
		? ["mayor.message", "mayor.restart", "mayor.refresh-prompt"].map((name) => ({
				name,
				target: { kind: "mayor", id } as const,
			}))
		: [{ name: "agent.reset", target: { kind, id } }];
	// A mayor has no bead to be taken off, and is written to by its own message.
	const rest = mayor ? ["agent.set-model", "agent.interrupt", "agent.kill"] : AGENT;
	return [...first, ...rest.map((name) => ({ name, target: { kind, id } }))];
}

function beadActions(bead: Bead | undefined): string[] {
	if (bead?.type === "merge_request") return REVIEW;
	if (bead?.type === "escalation") return ["escalation.acknowledge", ...BEAD];
	if (bead && isTriageRequest(bead)) return ["triage.resolve", ...BEAD];
	return bead?.type === "convoy" ? CONVOY : BEAD;
}

function containerActions(
	id: string,
	policy: { policy: string; order: string | null } | undefined,
): Offered[] {
	const target = { kind: "container", id } as const;
	const paused = policy?.policy === "paused_by_user";
	const names = ["container.restart", "container.start", "container.stop"];
	const pause: Offered = paused
		? { name: "container.resume", target, params: { lift_users_pause: policy.order === null } }
		: { name: "container.pause", target };
	return [...names.map((name) => ({ name, target })), pause];
}

const SHORT: Record<string, string> = {
	"escalation.acknowledge": "Acknowledge",
	"triage.resolve": "Decide",
	"bead.retry-dispatch": "Retry",
	"bead.reassign": "Reassign",
	"bead.close": "Close bead",
	"bead.fail": "Fail bead",
	"bead.reopen": "Reopen bead",
	"bead.block": "Block",
	"bead.unblock": "Unblock",
	"review.retry": "Retry the review",
	"review.request-rework": "Ask for changes",
	"review.poll": "Ask the forge",
	"review.merge": "Merge now",
	"review.link-pr": "Link a pull request",
	"review.close": "End without merging",
	"convoy.start": "Start",
	"convoy.retry-landing": "Land again",
	"convoy.recount": "Recount",
	"convoy.add-bead": "Add a bead",
	"convoy.drop-bead": "Drop a bead",
	"convoy.close": "End the convoy",
	"agent.nudge": "Nudge",
	"agent.interrupt": "Interrupt",
	"agent.unhook": "Take off its bead",
	"agent.set-model": "Set model",
	"agent.kill": "Kill process",
	"container.restart": "Restart",
	"container.start": "Start",
	"container.stop": "Stop",
	"container.pause": "Pause",
};

/** In its own inspector the object of a button is what is open; elsewhere the label names it. */
const shortLabel = ({ asked, label }: Considered): string => SHORT[asked.name] ?? label;
