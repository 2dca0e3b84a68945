import { aBead, anAgent, before, blocks, container, NOW, signals, townOf, works } from "../town.ts";
import { aRequest, aReview, failedWith, said, theTown, tracks, used } from "./rows.ts";
import type { States } from "./states.ts";

type Row = Record<string, unknown>;

/** Toast's bead was taken from it; Maple works. */
export const zombie = (agent: Row = {}, usage: Row[] = [used("a1")], of: Row = {}) =>
	townOf({
		agent_metadata: [
			anAgent("toast", { container_process_id: "4121", status_since: before(12), ...agent }),
			anAgent("maple", works("c")),
		],
		beads: [aBead("c", { status: "in_progress", assignee_agent_bead_id: "maple" })],
		usage,
		town_state: [container(of), theTown()],
	});

const three = [
	used("a1", { at: before(22) }),
	used("a2", { at: before(14) }),
	used("a3", { at: before(6), cost: 0.3 }),
];
/** One that has failed so often would be free for an agent that has no work: the rig's only one has. */
export const looping = (bead: Row = {}, usage: Row[] = three) =>
	townOf({
		agent_metadata: [anAgent("toast", works("b"))],
		beads: [
			aBead("b", {
				...{ status: "in_progress", assignee_agent_bead_id: "toast", dispatch_attempts: 3 },
				...{ last_dispatch_attempt_at: before(7), last_dispatch_error: "exit code 1: tests fail", ...bead },
			}),
			aBead("waits"),
		],
		bead_dependencies: [blocks("waits", "b")],
		usage,
		town_state: [container(), theTown()],
	});

export const sentBack = (minutes: number) => failedWith("review_failed", "Say why, not what", minutes);
/** Two reviews of this bead's work failed, a third is under way. */
export const churned = (
	of: { first?: Row; second?: Row; third?: Row; newest?: Row; work?: Row; usage?: Row[]; more?: Row[] } = {},
) => {
	const requests = [
		aRequest("m1", { created_at: before(58), ...sentBack(50), ...of.first }),
		aRequest("m2", { created_at: before(45), ...sentBack(40), ...of.second }),
		aRequest("m3", { created_at: before(30), ...sentBack(25), ...of.third }),
		aRequest("m4", { created_at: before(9), status: "in_progress", ...of.newest }),
	];
	return townOf({
		agent_metadata: [anAgent("judge", { role: "refinery", ...works("m4") })],
		beads: [aBead("b", { status: "in_review", ...of.work }), ...requests, ...(of.more ?? [])],
		bead_dependencies: requests.map(({ bead_id }) => tracks(String(bead_id), "b")),
		review_metadata: requests.map(({ bead_id }) => aReview(String(bead_id))),
		usage:
			of.usage ??
			requests.map(({ bead_id }) => used(`r-${bead_id}`, { bead_id, agent_id: "judge", at: before(20) })),
		town_state: [container(), theTown()],
	});
};

/** Everybody has been without work for three quarters of an hour. */
export const idle = (
	of: { toast?: Row; mayor?: Row; signals?: Row; container?: Row; beads?: Row[]; nudges?: Row[] } = {},
) =>
	townOf({
		agent_metadata: [
			anAgent("toast", { status_since: before(45), ...of.toast }),
			anAgent("mayor", {
				...{ role: "mayor", status: "working", status_since: before(90), container_process_id: "9" },
				...of.mayor,
			}),
		],
		agent_signals: [signals("mayor", { turn_since: null, last_step_at: NOW - 50 * 60_000, ...of.signals })],
		beads: of.beads ?? [],
		agent_nudges: of.nudges ?? [said("n", { created_at: before(80), status: "delivered" })],
		town_state: [container({ since: before(120), ...of.container }), theTown()],
	});

export const states = {
	"spend.zombie-agent": { subject: "toast", town: zombie, remedy: ["agent.kill toast"] },
	"spend.retry-loop": { subject: "b", town: looping, remedy: ["bead.fail b"] },
	"spend.review-churn": { subject: "m4", town: churned, remedy: ["review.close m4"] },
	"spend.idle-container": { subject: "container", town: idle, remedy: ["container.stop container"] },
} satisfies States;
