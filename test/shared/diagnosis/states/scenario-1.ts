import {
	aBead, anAgent, aRig, aStop, aToken, before, container, gitFailure, self, townOf, value, works,
} from "../town.ts"; // biome-ignore format: a list
import type { States } from "./states.ts";

type Rows = Parameters<typeof townOf>[0];
type Row = Record<string, unknown>;

export const failedWith = (code: string, row: Row = {}): Row => ({
	status: "failed", closed_at: before(10), dispatch_attempts: 5, last_dispatch_attempt_at: before(10),
	metadata: { failure_reason: { code, message: "no", source: "x" } }, ...row,
}); // biome-ignore format: a row

export const containerDied = (state: Row = {}, stop: Row = {}, more: Rows = {}) =>
	townOf({
		agent_metadata: ["toast", "maple"].map((name) =>
			anAgent(name, works(`b-${name}`, { last_activity_at: before(5), last_event_at: before(5) })),
		),
		beads: ["toast", "maple"].map((name) =>
			aBead(`b-${name}`, { status: "in_progress", assignee_agent_bead_id: name }),
		),
		town_state: [
			...self(),
			container({ status: "died", since: before(4), last_stop: aStop(stop), ...state }),
		],
		...more,
	});

export const cloneFailed = (
	bead: Row = {},
	more: Rows = {},
	failures: Row[] = [gitFailure({ stderr: "fatal: repository 'https://github.com/o/shop' not found" })],
) =>
	townOf({
		rigs: [aRig(), aRig({}, { id: "web", name: "web", platform_integration_id: "i-2" })],
		rig_credentials: [aToken()],
		beads: [
			aBead("b", {
				dispatch_attempts: 2, last_dispatch_attempt_at: before(2), last_dispatch_error: "git clone: repository not found", ...bead,
			}), // biome-ignore format: a row
		],
		agent_metadata: [anAgent("toast", { current_hook_bead_id: "b" })],
		town_state: [...self(), container(), value("git_failures", failures)],
		...more,
	});

export const exhausted = (bead: Row = {}, more: Rows = {}) =>
	townOf({
		beads: [aBead("b", failedWith("dispatch_exhausted", { last_dispatch_error: "no capacity", ...bead }))],
		agent_metadata: [anAgent("toast")],
		town_state: [...self(), container()],
		...more,
	});

/** Two polecats, as many as the rig may have. */
export const slots = (ended: Row = {}, more: Rows = {}) =>
	townOf({
		rigs: [aRig({ max_concurrent_polecats: 2 })],
		agent_metadata: ["toast", "maple"].map((name) => anAgent(name, { current_hook_bead_id: `b-${name}` })),
		beads: [
			...["toast", "maple"].map((name) =>
				aBead(`b-${name}`, { status: "closed", closed_at: before(20), ...ended }),
			),
			aBead("waits"),
		],
		town_state: [...self(), container()],
		...more,
	});

export const silent = (agent: Row = {}, more: Rows = {}) =>
	townOf({
		agent_metadata: [anAgent("clove", works("b", { last_event_at: before(34), ...agent })), anAgent("maple")],
		beads: [aBead("b", { status: "in_progress", assignee_agent_bead_id: "clove" })],
		town_state: [...self(), container()],
		...more,
	});

/** Its process is gone and its bead is open again, in its back-off. */
export const crashed = (bead: Row = {}, exit: Row = {}, more: Rows = {}) =>
	townOf({
		agent_metadata: [
			anAgent("clove", {
				last_exit: { at: before(1), code: null, signal: "SIGSEGV", reason: "", bead_id: "b", ...exit },
			}),
		],
		beads: [
			aBead("b", {
				dispatch_attempts: 1, last_dispatch_attempt_at: before(9), updated_at: before(1),
				last_dispatch_error: "The agent's process failed with signal SIGSEGV.", ...bead,
			}), // biome-ignore format: a row
		],
		town_state: [...self(), container()],
		...more,
	});

export const states: States = {
	"agent.container-died": {
		subject: "container",
		town: containerDied,
		remedy: ["container.restart container"],
	},
	"agent.clone-failed": {
		subject: "api",
		town: cloneFailed,
		remedy: ["credential.relink api", "bead.retry-dispatch b"],
	},
	"agent.dispatch-exhausted": { subject: "b", town: exhausted, remedy: ["bead.retry-dispatch b"] },
	"agent.names-exhausted": {
		subject: "api",
		town: slots,
		remedy: ["agent.reset toast", "agent.reset maple"],
	},
	"agent.gupp-timeout": { subject: "clove", town: silent, remedy: ["agent.reset clove"] },
	"agent.process-crashed": { subject: "clove", town: crashed, remedy: ["bead.retry-dispatch b"] },
};
