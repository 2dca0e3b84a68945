import type { Agent, ContainerState } from "../gastown/index.ts";
import { timeOf } from "../town-view/index.ts";
import { agent, CONTAINER, distinct, type Facts, rowOf, told, withConvoys } from "./facts.ts";
import type { Finding, Recovery } from "./finding.ts";
import { step } from "./remedies.ts";
import { MEMORY_HIGH, SAME_DEATH_MS } from "./thresholds.ts";
import { count, inShort, names } from "./words.ts";

/** Key of the one finding that a container's death makes. */
export const CONTAINER_DIED = "agent.container-died:container:container";

/** So much of it that a kill at that moment is its (scenarios.md, container.oom). MiB. */
export const isMemoryFull = (at: { memory_mb: number | null; memory_limit_mb: number | null }): boolean =>
	(at.memory_mb ?? 0) >= MEMORY_HIGH * (at.memory_limit_mb ?? Number.POSITIVE_INFINITY);

type LastStop = NonNullable<ContainerState["last_stop"]>;

/** Agents that the last death of the container caught at work and that have shown no sign of life since. */
function caught(facts: Facts, stop: LastStop): Agent[] {
	const at = timeOf(stop.at) ?? 0;
	return stop.agents
		.flatMap((id) => facts.look.agent(id) ?? [])
		.filter((one) => one.status === "working" && (timeOf(one.last_activity_at) ?? 0) <= at);
}

/** The death of the container that is not over: it does not run again, or what it caught still hangs. */
export function containerDeath(facts: Facts): { stop: LastStop; hurt: Agent[] } | null {
	const stop = facts.container?.last_stop;
	if (!stop || stop.exit_code === 0 || stop.agents.length === 0) return null;
	const hurt = caught(facts, stop);
	return facts.container?.status === "died" || hurt.length > 0 ? { stop, hurt } : null;
}

/** The key of that death, for what it caught; null for what it did not. */
export const diedWithContainer = (facts: Facts, agentId: string): string | null =>
	containerDeath(facts)?.stop.agents.includes(agentId) ? CONTAINER_DIED : null;

/** The key of the container's death, for a process that ended with it; null for one that ended by itself. */
export function endedWithContainer({ container }: Facts, at: number): string | null {
	const stop = container?.last_stop;
	const stopped = timeOf(stop?.at);
	return stopped !== null && stop?.exit_code !== 0 && Math.abs(at - stopped) <= SAME_DEATH_MS
		? CONTAINER_DIED
		: null;
}

export function containerDied(facts: Facts): Finding[] {
	const death = containerDeath(facts);
	if (!death) return [];
	const { stop, hurt } = death;
	const down = facts.container?.status === "died";
	const ids = down ? stop.agents : hurt.map((one) => one.bead_id);
	const hooked = ids.flatMap((id) => facts.look.agent(id)?.current_hook_bead_id ?? []);
	const reset = hurt.map((one) => step("agent.reset", one.bead_id));
	return [
		told({
			code: "agent.container-died",
			severity: down ? "critical" : "warning",
			subject: CONTAINER,
			sentence: down
				? `The container ${howItDied(stop)} while ${count(stop.agents.length, "agent")} worked`
				: `${names(ids.map(facts.agentName))} still ${ids.length === 1 ? "hangs" : "hang"} on the container that ${howItDied(stop)}`,
			measured: [memoryOf(stop), ...(down ? [] : ["A new instance runs; nothing was heard of them since."])],
			evidence: [
				rowOf(
					`container stop, exit ${stop.exit_code ?? "unseen"}`,
					"container_events",
					String(stop.event_id),
					timeOf(stop.at),
				),
				rowOf("the container now", "town_state", "container", timeOf(facts.container?.since)),
			],
			since: timeOf(stop.at) ?? facts.now,
			behind: distinct([...ids.map(agent), ...hooked.flatMap((id) => withConvoys(facts, id))]),
			recovers: down
				? restarts(facts)
				: { who: "button", text: "Not by itself while nothing takes them as lost: reset them." },
			// Its restart gives the watchdog its budget back; once one runs, what it caught is freed.
			remedy: down ? [step("container.restart", "container")] : reset,
			ruledOut: [
				...(stop.oom ? [] : ["an out-of-memory event"]),
				"sleep (the stop was not asked for)",
				...(stop.agents.length > 1 ? [`one agent's crash (${stop.agents.length} ended together)`] : []),
			],
			needs: stop.exit_code === null ? ["the exit code: nobody saw it end"] : [],
		}),
	];
}

function howItDied(stop: LastStop): string {
	if (stop.oom) return "ran out of memory";
	const reason = stop.reason ? `, ${inShort(stop.reason, 40)}` : "";
	if (stop.exit_code === null) return `was gone${reason || ", its end unseen"}`;
	if (stop.exit_code !== 137) return `ended with exit ${stop.exit_code}${reason}`;
	// The platform's own "killed, cause unknown" is not said a second time.
	const more = inShort(
		stop.reason.replace(/^(was )?killed\b[,:]?\s*/i, "").replace(/^cause unknown$/i, ""),
		40,
	);
	return `was killed (exit 137${isMemoryFull(stop) ? ", memory full" : ", cause unknown"}${more && `, ${more}`})`;
}

function memoryOf(stop: LastStop): string {
	if (stop.memory_mb === null) return "No memory sample before the death.";
	const limit = stop.memory_limit_mb === null ? "" : ` of ${Math.round(stop.memory_limit_mb)}`;
	const event = stop.oom ? "an out-of-memory event" : "no out-of-memory event";
	return `Memory was ${Math.round(stop.memory_mb)}${limit} MiB, ${event}.`;
}

/** The watchdog restarts it while the budget of its fixed window lasts (domain.md §2.13). */
export function restarts({ container, now, limits }: Facts): Recovery {
	const started = timeOf(container?.window_started_at);
	const open = started !== null && now - started < limits.restart_window_ms;
	const used = open ? (container?.restarts_in_window ?? 0) : 0;
	const budget = `restarts used ${used} of ${limits.restart_budget}`;
	return used < limits.restart_budget
		? { who: "self", at: null, text: `The watchdog starts it again: ${budget}; press only to skip the wait.` }
		: {
				who: "self",
				at: (started ?? now) + limits.restart_window_ms,
				text: `Not before its window ends: ${budget}.`,
			};
}
