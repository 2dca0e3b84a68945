import {
	aBead, anAgent, aRequest, aReview, aRig, before, blocks, container, self, townOf, tracks, works,
} from "../town.ts"; // biome-ignore format: a list
import { failedWith } from "./scenario-1.ts";
import type { States } from "./states.ts";

type Rows = Parameters<typeof townOf>[0];
type Row = Record<string, unknown>;

/** Two polecats at work, as many as the rig may have, and one bead that waits. */
export const busy = (agent: Row = {}, bead: Row = {}, more: Rows = {}) =>
	townOf({
		rigs: [aRig({ max_concurrent_polecats: 2 })],
		agent_metadata: ["toast", "maple"].map((name) => anAgent(name, works(`b-${name}`, agent))),
		beads: [
			...["toast", "maple"].map((name) =>
				aBead(`b-${name}`, { status: "in_progress", assignee_agent_bead_id: name }),
			),
			aBead("waits", bead),
		],
		town_state: [...self(), container()],
		...more,
	});

export const failing = (bead: Row = {}, more: Rows = {}) =>
	townOf({
		rigs: [aRig({ default_model: "none/such" })],
		agent_metadata: [anAgent("toast", { current_hook_bead_id: "b" })],
		beads: [
			aBead("b", {
				dispatch_attempts: 3, last_dispatch_attempt_at: before(1), last_dispatch_error: "There is no model none/such.",
				updated_at: before(1), ...bead,
			}), // biome-ignore format: a row
		],
		town_state: [...self(), container()],
		...more,
	});

export const left = (bead: Row = {}, agents: Row[] = [anAgent("toast", { status: "dead" })]) =>
	townOf({
		agent_metadata: agents,
		beads: [aBead("b", { assignee_agent_bead_id: "toast", ...bead })],
		town_state: [...self(), container()],
	});

export const blocked = (blocker: Row = failedWith("admin_force_fail"), dependencies = [blocks("b", "d")]) =>
	townOf({
		agent_metadata: [anAgent("toast", { last_activity_at: before(0.5), last_event_at: before(0.5) })],
		beads: [aBead("b"), aBead("d", blocker)],
		bead_dependencies: dependencies,
		town_state: [...self(), container()],
	});

/** A refinery at a review, and so many that wait for it. */
export const queue = (length: number, refinery: Row = {}, waiting: Row = {}, more: Rows = {}) => {
	const ids = ["head", ...Array.from({ length }, (_, n) => `m${n}`)];
	return townOf({
		rigs: [aRig()],
		agent_metadata: [anAgent("rowan", works("head", { role: "refinery", ...refinery }))],
		beads: ids.flatMap((id) => [
			aRequest(id, id === "head" ? { status: "in_progress", assignee_agent_bead_id: "rowan" } : waiting),
			aBead(`of-${id}`, { status: "in_review" }),
		]),
		review_metadata: ids.map((id) => aReview(id)),
		bead_dependencies: ids.map((id) => tracks(id, `of-${id}`)),
		town_state: [...self(), container()],
		...more,
	});
};

export const states: States = {
	"bead.no-idle-agent": { subject: "api", town: busy, remedy: ["config.set town"] },
	"bead.all-stalled": {
		subject: "api",
		town: () => busy({ last_event_at: before(34) }),
		remedy: ["agent.reset toast", "agent.reset maple"],
	},
	"bead.dispatch-failing": {
		subject: "b",
		town: failing,
		remedy: ["config.set town", "bead.retry-dispatch b"],
	},
	"bead.dead-assignee": { subject: "b", town: left, remedy: ["bead.reassign b"] },
	"bead.blocked-by-dependency": { subject: "b", town: blocked, remedy: ["bead.retry-dispatch d"] },
	"bead.review-backed-up": { subject: "api", town: () => queue(6), remedy: ["bead.priority m1"] },
};
