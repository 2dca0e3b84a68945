import type { AgentStatusLog, ContainerEvent } from "../../shared/gastown/index.ts";

/** Epoch milliseconds. */
export type Period = { from: number; to: number; is: "running" | "asleep" | "stopped" | "dead" };
export type Step = { at: number; working: number };

const NEXT: Record<string, Period["is"]> = {
	start: "running",
	wake: "running",
	sleep: "asleep",
	stop: "stopped",
	eviction: "stopped",
};

/** How the container stood, from its first event to `now`. Events that change nothing, as a health check, part no period. */
export function periodsOf(events: readonly ContainerEvent[], now: number): Period[] {
	const periods: Period[] = [];
	for (const event of events) {
		const at = Date.parse(event.at);
		const kind = NEXT[event.type];
		if (!kind || !Number.isFinite(at)) continue;
		const died = event.type === "stop" && event.exit_code !== null && event.exit_code !== 0;
		const last = periods.at(-1);
		const is = died ? "dead" : kind;
		if (last) last.to = Math.max(last.from, at);
		// A stop that is told after it was seen to die says nothing new.
		if (last && (last.is === is || (last.is === "dead" && is === "stopped"))) last.to = now;
		else periods.push({ from: at, to: now, is });
	}
	const last = periods.at(-1);
	if (last) last.to = Math.max(last.from, now);
	return periods;
}

/**
 * How many agents worked, from `from` on: what is logged, and before an agent's first line what it came from. `still` are those
 * that work now without a line.
 */
export function workingSteps(log: readonly AgentStatusLog[], from: number, still: number): Step[] {
	const first = new Map<string, boolean>();
	const moves: { at: number; by: number }[] = [];
	for (const row of log) {
		const was = row.from_status === "working";
		const is = row.to_status === "working";
		if (!first.has(row.agent_id)) first.set(row.agent_id, was);
		if (was !== is) moves.push({ at: Date.parse(row.at), by: is ? 1 : -1 });
	}
	let working = still + [...first.values()].filter(Boolean).length;
	const steps: Step[] = [{ at: from, working }];
	for (const { at, by } of moves.sort((a, b) => a.at - b.at)) {
		working = Math.max(0, working + by);
		const last = steps.at(-1);
		if (last && (at <= from || last.at === at)) last.working = working;
		else steps.push({ at, working });
	}
	return steps;
}

/** Milliseconds that it ran, and that it ran while no agent worked. */
export function uptimeOf(
	periods: readonly Period[],
	steps: readonly Step[],
	from: number,
): { up: number; idle: number } {
	let [up, idle] = [0, 0];
	for (const period of periods) {
		if (period.is !== "running") continue;
		const begin = Math.max(period.from, from);
		if (period.to <= begin) continue;
		up += period.to - begin;
		for (const [n, step] of steps.entries()) {
			const a = Math.max(step.at, begin);
			const b = Math.min(steps[n + 1]?.at ?? period.to, period.to);
			if (step.working === 0 && b > a) idle += b - a;
		}
	}
	return { up, idle };
}
