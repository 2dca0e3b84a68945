import { isAtRest } from "../../../../shared/gastown/index.ts";
import type { Action, Rule } from "../actions.ts";
import { maxAttemptsOf } from "../ready.ts";
import type { AgentNow, SchedulerState } from "../state.ts";
import { minutes } from "../words.ts";

/** Has, or should have, a process. */
const isAlive = ({ status }: AgentNow): boolean => ["working", "waiting", "stalled"].includes(status);

/** Agents whose process is gone though nobody saw it end (SCHED-3). */
export const releaseLost: Rule = (state) =>
	[...state.agents.values()].flatMap((agent): Action[] => {
		const why = isAlive(agent) && !agent.held ? whyLost(state, agent) : null;
		return why === null ? [] : [{ type: "release_agent", agent: agent.id, move: "lost", why }];
	});

function whyLost({ container, now, thresholds }: SchedulerState, agent: AgentNow): string | null {
	if (agent.attempt_at === null) return null;
	const age = now - agent.attempt_at;
	if (agent.attempt_outcome === "starting")
		return age > thresholds.start_grace_ms ? `Its start was not answered for ${minutes(age)}` : null;
	// What the container says of itself is older than its agents' heartbeats.
	if (container && isAtRest(container.status)) return `Its container is ${container.status}`;
	if (
		container &&
		Date.parse(container.since) > agent.attempt_at &&
		container.status === "running" &&
		agent.process !== null
	) {
		const heard = agent.heartbeat_at ?? 0;
		if (
			heard < Date.parse(container.since) &&
			now - Date.parse(container.since) > 2 * thresholds.tick_active_ms
		)
			return "It ran in a container that has been replaced";
	}
	const silent = now - Math.max(agent.heartbeat_at ?? 0, agent.attempt_at);
	const told = container?.heard_at ?? 0;
	// A container that is silent altogether is the watchdog's.
	return silent > thresholds.heartbeat_stale_ms && now - told < thresholds.heartbeat_stale_ms
		? `No heartbeat of it for ${minutes(silent)}`
		: null;
}

/** Work in progress that no agent has goes back, or fails where its attempts are used. */
export const releaseStale: Rule = (state) => {
	const hooked = new Set([...state.agents.values()].map(({ hook }) => hook));
	return [...state.beads.values()].flatMap((bead): Action[] => {
		if (bead.status !== "in_progress" || bead.type !== "issue" || hooked.has(bead.id) || bead.held) return [];
		const age = state.now - bead.status_since;
		if (age < state.thresholds.stale_work_ms) return [];
		const why = `In progress for ${minutes(age)} without an agent`;
		return bead.dispatch_attempts >= maxAttemptsOf(state, bead.rig_id)
			? [{ type: "fail_bead", bead: bead.id, code: "orphaned_work", message: why, why }]
			: [{ type: "release_bead", bead: bead.id, why }];
	});
};

/** GUPP: an agent that is alive and does nothing is nudged, then told of, then stopped (domain.md §2.6, SCHED-3). */
export const watchProgress: Rule = (state) =>
	[...state.agents.values()].flatMap((agent): Action[] => {
		if (agent.status !== "working" || agent.role === "mayor" || agent.held || agent.asks) return [];
		if (agent.active_tools.length > 0 || state.holds.draining || agent.last_event_at === null) return [];
		const { gupp_warn_ms, gupp_escalate_ms, gupp_stop_ms } = state.thresholds;
		const silent = state.now - agent.last_event_at;
		const why = `${agent.name} is alive but has done nothing for ${minutes(silent)}`;
		// One request for each agent, whichever step makes it (TRIAGE-1).
		const request: Action = {
			...{ type: "create_triage_request", triage: "stuck_agent", agent: agent.id, bead: agent.hook },
			...{ message: why, why },
		};
		if (silent >= gupp_stop_ms) return [{ type: "stop_agent", agent: agent.id, move: "stall", why }, request];
		if (silent >= gupp_escalate_ms) {
			if (nudged(state, agent, "gupp:escalate")) return [];
			const message =
				"You have done nothing for a long time. Go on, or say what you need with `gt escalate`.";
			return [{ type: "send_nudge", agent: agent.id, level: "escalate", message, why }, request];
		}
		if (silent < gupp_warn_ms || nudged(state, agent, "gupp:warn")) return [];
		const message = "Are you still at it? Go on, or say what you need with `gt escalate`.";
		return [{ type: "send_nudge", agent: agent.id, level: "warn", message, why }];
	});

const nudged = (state: SchedulerState, agent: AgentNow, source: string): boolean =>
	state.nudges.some(
		(nudge) =>
			nudge.agent === agent.id &&
			nudge.source === source &&
			nudge.created_at > Math.max(state.now - state.thresholds.nudge_repeat_ms, agent.attempt_at ?? 0),
	);

/** A stall is over after a while; work that takes longer than it may has failed. */
export const endStalls: Rule = (state) => [
	...[...state.agents.values()].flatMap((agent): Action[] => {
		const age = agent.stalled_at === null ? 0 : state.now - agent.stalled_at;
		return agent.status === "stalled" && age > state.thresholds.stalled_recover_ms
			? [{ type: "recover_agent", agent: agent.id, why: `Stalled for ${minutes(age)}` }]
			: [];
	}),
	...[...state.beads.values()].flatMap((bead): Action[] => {
		if (bead.status !== "in_progress" || bead.type !== "issue") return [];
		const own = bead.metadata.timeout_ms;
		const limit = typeof own === "number" && own > 0 ? own : state.thresholds.bead_timeout_ms;
		if (state.now - bead.status_since < limit) return [];
		const message = `It was not finished within ${minutes(limit)}.`;
		return [{ type: "fail_bead", bead: bead.id, code: "timeout", message, why: message }];
	}),
];

/** Messages go into sessions that are alive; one that nobody took in time is over, and says so. */
export const deliverNudges: Rule = (state) =>
	state.nudges
		.filter(({ status }) => status === "queued")
		.flatMap((nudge): Action[] => {
			if (nudge.expires_at !== null && nudge.expires_at <= state.now)
				return [{ type: "expire_nudge", nudge: nudge.id, why: "Nobody took it in time" }];
			const agent = state.agents.get(nudge.agent);
			// A session that is being ended takes no message: it is for the one after it.
			const alive =
				agent &&
				!agent.held &&
				["working", "waiting"].includes(agent.status) &&
				agent.attempt_outcome === "started";
			return alive && state.container?.status === "running"
				? [{ type: "deliver_nudge", nudge: nudge.id, agent: nudge.agent, why: `${agent.name} has a session` }]
				: [];
		});

/** Three processes of one agent that failed in a row of half an hour: somebody should look. */
export const tellCrashLoops: Rule = (state) =>
	[...state.crashes].flatMap(([agent, { count, bead }]): Action[] => {
		if (count < state.thresholds.crash_loop_count) return [];
		const message = `Its process failed ${count} times within ${minutes(state.thresholds.crash_loop_ms)}.`;
		return [{ type: "create_triage_request", triage: "crash_loop", agent, bead, message, why: message }];
	});
