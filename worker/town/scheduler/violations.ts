import type { AgentNow, BeadNow, SchedulerState } from "./state.ts";
import { minutes } from "./words.ts";

/** As many as can be read; a town with more has one cause for them. */
const SHOWN = 20;

/**
 * What must hold of every town and does not (domain.md §2.12, its numbers in brackets), in words, in a fixed order (SCHED-7). #3, more
 * than one merge request in progress, is one only where the refinery merges itself.
 */
export function violationsOf(state: SchedulerState): string[] {
	const all = [
		...unreviewed(state),
		...[...state.agents.values()].flatMap((agent) => ofAgent(state, agent)),
		...shared(state),
		...crowded(state),
	].sort();
	return all.length <= SHOWN ? all : [...all.slice(0, SHOWN), `and ${all.length - SHOWN} more`];
}

const named = ({ title }: BeadNow): string => `"${title.slice(0, 80)}"`;

/** #4 */
function unreviewed({ beads, reviews }: SchedulerState): string[] {
	const reviewed = new Set([...reviews.values()].map(({ source }) => source));
	return [...beads.values()]
		.filter(({ id, type, status }) => type === "issue" && status === "in_review" && !reviewed.has(id))
		.map((bead) => `${named(bead)} is in review and no merge request is open for it (#4)`);
}

/** #7, and what LEDGER-12 asks besides: hook = assignee, no process without a hook once its grace is over. */
function ofAgent({ beads, now, thresholds }: SchedulerState, agent: AgentNow): string[] {
	const { name, role, hook, status, process, status_since, heartbeat_at } = agent;
	if (role === "mayor") return [];
	if (hook === null) {
		if (status === "working") return [`${name} works without a bead on its hook (#7)`];
		const grace = role === "refinery" ? thresholds.idle_refinery_process_ms : thresholds.idle_process_ms;
		const beats = heartbeat_at !== null && now - heartbeat_at < thresholds.heartbeat_stale_ms;
		const idle = now - (status_since ?? now);
		return status === "idle" && process !== null && beats && idle > grace
			? [`${name} has had a process for more than ${minutes(grace)} without a bead on its hook`]
			: [];
	}
	const bead = beads.get(hook);
	if (!bead) return [`${name} has a bead on its hook that has ended or does not exist`];
	return bead.assignee === agent.id ? [] : [`${named(bead)} is on ${name}'s hook and assigned to another`];
}

/** #6 */
const shared = ({ agents, beads }: SchedulerState): string[] =>
	[...Map.groupBy(agents.values(), ({ hook }) => hook)].flatMap(([hook, all]) => {
		const bead = hook === null || all.length < 2 ? undefined : beads.get(hook);
		return bead
			? [`${named(bead)} is on the hooks of ${all.map(({ name }) => name).join(" and ")} (#6)`]
			: [];
	});

/** #3 */
function crowded({ beads, rigs }: SchedulerState): string[] {
	const under = [...beads.values()].filter(
		({ type, status }) => type === "merge_request" && status === "in_progress",
	);
	return [...Map.groupBy(under, ({ rig_id }) => rig_id)].flatMap(([id, requests]) => {
		const rig = rigs.get(id ?? "");
		return rig?.limits.merge_strategy === "direct" && requests.length > 1
			? [`${requests.length} merge requests of rig ${rig.name} are in progress at once (#3)`]
			: [];
	});
}
