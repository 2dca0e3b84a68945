import type { Action, Rule } from "../actions.ts";
import { agentsOf, isFree, isUp, maxAttemptsOf, readyBeads, type Worker, waitsToStart } from "../ready.ts";
import type { AgentNow, BeadNow, RigNow, SchedulerState } from "../state.ts";

/** Names of polecats, in the order in which they are given (domain.md §2.10). */
const NAMES = [
	"Toast", "Maple", "Cinder", "Biscuit", "Thistle", "Bramble", "Clove", "Fennel", "Juniper", "Nettle", "Pepper", "Quill",
	"Rowan", "Sage", "Tansy", "Umber", "Willow", "Yarrow", "Wren", "Lark",
]; // biome-ignore format: a list

function freeName(state: SchedulerState, taken: ReadonlySet<string>): string {
	const used = new Set([...state.agents.values()].map(({ name }) => name));
	const free = NAMES.find((name) => !used.has(name) && !taken.has(name));
	if (free) return free;
	for (let n = NAMES.length + 1; ; n++)
		if (!used.has(`Polecat-${n}`) && !taken.has(`Polecat-${n}`)) return `Polecat-${n}`;
}

/** Gives ready work to whoever is free, best first, and makes the agents that are missing, up to the rig's limit (SCHED-2). */
export const giveWork: Rule = (state) => {
	if (!isUp(state)) return [];
	const names = new Set<string>();
	return [
		...[...state.rigs.values()].flatMap((rig) => [
			...hand(state, rig, "polecat", rig.limits.max_polecats_per_rig, names),
			...hand(state, rig, "refinery", 1, names),
			...hand(state, rig, "triage", 1, names),
		]),
		...hand(state, null, "triage", 1, names),
	];
};

/** `rig` null: work of the whole town. */
function hand(
	state: SchedulerState,
	rig: RigNow | null,
	role: Worker,
	limit: number,
	names: Set<string>,
): Action[] {
	const rigId = rig?.id ?? null;
	const all = agentsOf(state, role, rigId);
	const free = all.filter(isFree);
	/** The limit may have been lowered since there were so many. */
	let places = limit - all.filter(({ status, hook }) => status !== "idle" || hook !== null).length;
	let room = limit - all.length;
	// A busy rig with a long queue is the usual case: nobody can take any of it.
	if (places <= 0 || (free.length === 0 && room <= 0)) return [];
	const ready = readyBeads(state, rigId, role);
	const actions: Action[] = [];
	// What was given to somebody by hand is theirs first.
	const assigned = ready.filter(({ assignee }) => assignee !== null);
	for (const bead of [...assigned, ...ready.filter(({ assignee }) => assignee === null)]) {
		const at = bead.assignee === null ? 0 : free.findIndex(({ id }) => id === bead.assignee);
		// Its assignee has just been given a better one: it waits for that agent.
		if (at < 0) continue;
		if (places <= 0) break;
		places -= 1;
		const [agent] = free.splice(at, 1);
		if (agent) {
			actions.push({
				type: "hook_agent",
				agent: agent.id,
				bead: bead.id,
				why: `${agent.name} is free, "${bead.title}" is ready`,
			});
			actions.push({
				type: "dispatch_agent",
				agent: agent.id,
				bead: bead.id,
				why: `"${bead.title}" is on its hook`,
			});
		} else if (room > 0) {
			room -= 1;
			const name = role === "polecat" ? freeName(state, names) : `${rig?.name ?? "town"}-${role}`;
			names.add(name);
			actions.push({
				type: "create_agent",
				role,
				rig_id: rigId,
				name,
				why: `"${bead.title}" is ready and nobody is free`,
			});
		} else break;
	}
	return actions;
}

/** Starts whoever was given work and does not run: by hand, by a start that failed, by a process that ended without a word. */
export const startHooked: Rule = (state) =>
	isUp(state)
		? [...state.agents.values()].flatMap((agent): Action[] => {
				const bead = waitsToStart(state, agent);
				return bead
					? [
							{
								type: "dispatch_agent",
								agent: agent.id,
								bead: bead.id,
								why: `"${bead.title}" is on its hook and may start`,
							},
						]
					: [];
			})
		: [];

/**
 * Its last process ended without a word, and a late `done` has had its time (domain.md §2.4). Work in progress that no agent
 * has is released or failed by its own rule.
 */
const isLate = ({ now, thresholds }: SchedulerState, bead: BeadNow, agents: readonly AgentNow[]): boolean =>
	agents.length > 0 &&
	agents.every(({ status_since }) => now - (status_since ?? bead.status_since) >= thresholds.stale_work_ms);

/** Work whose starts are used up fails, with what they met; a phantom or ended bead leaves its hook (SCHED-2). */
export const endExhausted: Rule = (state) => {
	const hooked = Map.groupBy(state.agents.values(), ({ hook }) => hook);
	const actions: Action[] = [];
	for (const bead of state.beads.values()) {
		const agents = hooked.get(bead.id) ?? [];
		if (!["open", "in_progress"].includes(bead.status) || bead.held) continue;
		if (agents.some(({ status }) => status !== "idle")) continue;
		const max = maxAttemptsOf(state, bead.rig_id);
		if (bead.dispatch_attempts < max || !["issue", "merge_request"].includes(bead.type)) continue;
		if (bead.status === "in_progress" && !isLate(state, bead, agents)) continue;
		const message = `All ${max} attempts are used and none of them finished it.`;
		actions.push({ type: "fail_bead", bead: bead.id, code: "max_dispatch_attempts", message, why: message });
	}
	for (const agent of state.agents.values()) {
		if (agent.hook === null || agent.status !== "idle" || agent.held) continue;
		const bead = state.beads.get(agent.hook);
		if (!bead || ["closed", "failed", "in_review"].includes(bead.status))
			actions.push({ type: "unhook_agent", agent: agent.id, why: "What is on its hook has ended" });
	}
	return actions;
};
