import { aBead, anAgent, before, container, townOf, value, works } from "../town.ts";
import { config, theTown } from "./rows.ts";
import type { States } from "./states.ts";

type Row = Record<string, unknown>;

const setback = (kind: string, minutes: number, row: Row = {}): Row => ({
	at: before(minutes), kind, agents: ["toast", "maple", "clove"], memory_mb: null, memory_limit_mb: null, event_id: 7, ...row,
}); // biome-ignore format: a row
export const memory = (minutes: number, row: Row = {}) =>
	setback("oom", minutes, { memory_mb: 497, memory_limit_mb: 512, ...row });
export const slept = (minutes: number, row: Row = {}) =>
	setback("slept", minutes, { agents: ["toast"], ...row });

/** Three polecats of one rig at work in a container like this. */
export const atWork = (of: Row, more: Row[] = [], agent: Row = {}) => {
	const names = ["toast", "maple", "clove"];
	return townOf({
		agent_metadata: names.map((name, n) => anAgent(name, works(`b${n}`, agent))),
		beads: names.map((name, n) =>
			aBead(`b${n}`, { status: "in_progress", assignee_agent_bead_id: name, dispatch_attempts: 1 }),
		),
		town_state: [container(of), theTown(), ...more],
	});
};

export const refused = (of: Row = {}) =>
	townOf({
		agent_metadata: [anAgent("toast", { status_since: before(30) })],
		beads: [aBead("b")],
		town_state: [
			container({
				...{ status: "stopped", since: before(40), start_failures: 3, restarts_in_window: 3 },
				start_error: "There is no container instance that can be provided",
				...{ window_started_at: before(4), last_restart_at: before(1), ...of },
			}),
			theTown(),
		],
	});

export const asleep = (of: Row = {}, more: Row[] = [config()]) =>
	atWork({ status: "sleeping", since: before(3), setbacks: [slept(40), slept(3)], ...of }, more);

const WRONG = "listening soon | The container's environment is wrong: MODEL_URL is missing.";
export const misconfigured = (of: Row = {}, env: Row = { NODE_OPTIONS_EXTRA: "masked" }) =>
	townOf({
		agent_metadata: [anAgent("toast")],
		beads: [aBead("b")],
		town_state: [
			container({
				...{ status: "stopped", start_failures: 2, start_error: WRONG, restarts_in_window: 2 },
				...{ window_started_at: before(5), last_restart_at: before(1), config_names: ["MODEL_URL"] },
				...of,
			}),
			theTown(),
			config({ env_vars: env }),
			value("environment", { version: 4, changed_at: before(9) }),
		],
	});
/** Its agents' starts meet it instead. */
export const agentsMisconfigured = (error: string | null = "start failed: REGISTRY_URL is not set") =>
	townOf({
		agent_metadata: [anAgent("toast")],
		beads: [
			aBead("b", { dispatch_attempts: 2, last_dispatch_attempt_at: before(1), last_dispatch_error: error }),
		],
		town_state: [container(), theTown(), config({ env_vars: {} })],
	});

export const states = {
	"container.oom": {
		subject: "container",
		town: () => atWork({ setbacks: [memory(22), memory(3)] }),
		remedy: ["config.set town", "container.restart container"],
	},
	"container.platform": { subject: "container", town: refused, remedy: ["container.start container"] },
	"container.sleep-wake": {
		subject: "container",
		town: asleep,
		remedy: [
			"config.set town", "bead.retry-dispatch b0", "container.start container",
		], // biome-ignore format: a list
	},
	"container.bad-env": {
		subject: "container",
		town: misconfigured,
		remedy: ["config.set-env town", "container.start container"],
	},
} satisfies States;
