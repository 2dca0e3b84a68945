import { currentPrompt, promptHash } from "../../../../shared/gastown/index.ts";
import { aBead, anAgent, before, container, NOW, signals, townOf, value, works } from "../town.ts";
import { config, said, theTown } from "./rows.ts";
import type { States } from "./states.ts";

type Row = Record<string, unknown>;

const INSTRUCTIONS = "Answer in one sentence.";
const hash = promptHash(currentPrompt("mayor", "Mayor", { custom_instructions: INSTRUCTIONS }));
export const session = (row: Row = {}): Row => ({
	agent_id: "mayor", attempt_id: "a9", session_id: "ses_9", pid: 9, status: "running", model: "kilo/one", prompt_hash: hash,
	at: before(50), ...row,
}); // biome-ignore format: a row

type Of = {
	mayor?: Row;
	container?: Row;
	signals?: Row;
	session?: Row;
	config?: Row;
	configured?: number;
	nudges?: Row[];
	state?: Row[];
};

/** A town whose mayor answers, a polecat at work beside it. */
export const withMayor = (of: Of = {}) =>
	townOf({
		agent_metadata: [
			anAgent("mayor", {
				...{ role: "mayor", status: "working", container_process_id: "9", current_attempt_id: "a9" },
				...of.mayor,
			}),
			anAgent("toast", works("b")),
		],
		beads: [aBead("b", { status: "in_progress", assignee_agent_bead_id: "toast" })],
		agent_signals: [
			signals("mayor", { turn_since: NOW - 300_000, last_step_at: NOW - 20_000, ...of.signals }),
		],
		agent_sessions: [session(of.session)],
		agent_nudges: of.nudges ?? [],
		town_state: [
			container(of.container),
			theTown(),
			config(
				{ custom_instructions: INSTRUCTIONS, kilocode_token: "masked", ...of.config },
				{ updated_at: before(of.configured ?? 55) },
			),
			...(of.state ?? []),
		],
	});

export const exit = (row: Row = {}): Row => ({
	...{ at: before(3), code: null, signal: "SIGKILL", reason: "", status: "failed", bead_id: null },
	...row,
});
export const dead = (row: Row = {}, of: Of = {}) =>
	withMayor({
		mayor: {
			status: "idle",
			container_process_id: null,
			current_attempt_id: null,
			last_exit: exit(),
			...row,
		},
		signals: { turn_since: null },
		...of,
	});

const paused = (row: Row = {}) =>
	value("run_policy", {
		...{ policy: "paused_by_user", since: before(20), by: "user/o", order: null, until: null },
		...row,
	});
export const unreachable = (of: Of = {}, policy: Row = {}) =>
	townOf({
		agent_metadata: [anAgent("mayor", { role: "mayor" })],
		agent_nudges: [said("n1")],
		...(of.nudges ? { agent_nudges: of.nudges } : {}),
		town_state: [container({ status: "stopped", ...of.container }), theTown(), paused(policy)],
	});

export const repeats = (row: Row = {}, more: Row = {}) =>
	withMayor({
		signals: {
			equal_calls: {
				kind: "equal",
				tool: "bash",
				input: "gt beads",
				count: 14,
				since: NOW - 240_000,
				...row,
			},
			...more,
		},
	});

export const outdated = (of: Of = {}) =>
	withMayor({ config: { custom_instructions: "Answer at length." }, configured: 10, ...of });

export const failing = (status: number | null, of: Of = {}) =>
	withMayor({
		signals: {
			turn_since: null,
			last_error: { at: NOW - 60_000, name: "APIError", message: "Token expired", status, count: 2 },
		},
		...of,
	});

export const states = {
	"mayor.crashed": { subject: "mayor", town: dead, remedy: ["mayor.restart mayor"] },
	"mayor.container-asleep": { subject: "mayor", town: unreachable, remedy: ["container.resume container"] },
	"mayor.tool-loop": {
		subject: "mayor",
		town: repeats,
		remedy: ["agent.interrupt mayor", "mayor.message mayor"],
	},
	"mayor.stale-prompt": { subject: "mayor", town: outdated, remedy: ["mayor.refresh-prompt mayor"] },
	"mayor.session-errored": {
		subject: "mayor",
		town: () => failing(401),
		remedy: ["credential.refresh town"],
	},
} satisfies States;
