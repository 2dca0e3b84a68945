import type { Agent, AgentExit } from "../../shared/gastown/index.ts";
import { activeToolsOf, agentStatusSince, timeOf } from "../../shared/town-view/index.ts";
import { costOf } from "../town/bead-rows.ts";
import { useOpenTown } from "../town/open-town.ts";
import { SubjectLink } from "../town/subject-link.tsx";
import { useStatusSince } from "../town/use-status-since.ts";
import { Ago, agentLook, Duration, heardAt, Money, nothingRuns, Status, Time } from "../ui/index.ts";

/** Status and since, hook, heartbeat, process, cost, tool: one line of figures. */
export function AgentHead({ agent, exit }: { agent: Agent; exit: AgentExit | null }) {
	const { view, sight, beats } = useOpenTown();
	const id = agent.bead_id;
	const logged = useStatusSince(id);
	const since = agentStatusSince(view, agent) ?? logged.get(id) ?? null;
	const looked = agentLook(agent, sight, view.tables.agent_signals.get(id));
	const beat = beats.get(id);
	const heard = heardAt(agent, sight);
	const cost = costOf(view, view.indexes.usageByAgent.get(id));
	const [tool] = activeToolsOf(agent);
	const exitAt = timeOf(exit?.at);
	const runs = agent.container_process_id !== null && !nothingRuns(sight);
	const pid = runs ? (beat?.pid ?? agent.container_process_id) : null;
	return (
		<div className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2">
			<span className="flex gap-2">
				<Status look={looked} />
				{since === null ? null : (
					<span>
						{/\d/.test(looked.word) ? <span className="text-tone-quiet">{agent.status} for </span> : null}
						<Duration since={since} className="!min-w-0" />
					</span>
				)}
			</span>
			<span className="flex min-w-0 gap-1.5">
				<span className="text-tone-quiet">bead</span>
				{agent.current_hook_bead_id ? (
					<SubjectLink subject={{ kind: "bead", id: agent.current_hook_bead_id }} />
				) : (
					"none"
				)}
			</span>
			<span>
				<span className="text-tone-quiet">heartbeat </span>
				{heard === null ? "not seen" : <Ago at={heard} />}
			</span>
			<span>
				<span className="text-tone-quiet">process </span>
				{pid ?? (beat?.pid ? `none, last seen ${beat.pid}` : "none")}
				{pid !== null && beat?.memory_mb ? `, ${Math.round(beat.memory_mb)} MiB` : ""}
			</span>
			{tool ? (
				<span>
					<span className="text-tone-quiet">tool </span>
					{tool}
				</span>
			) : null}
			<span>
				<span className="text-tone-quiet">cost </span>
				<Money dollars={cost} />
			</span>
			{agent.agent_status_message ? (
				<span className="w-full truncate text-tone-quiet">
					{runs ? "" : "It last said "}“{agent.agent_status_message}”
				</span>
			) : null}
			{exit && exitAt !== null ? (
				<span className="w-full text-tone-quiet">
					Last process ended <Time at={exitAt} />: {exit.reason}
					{exit.code === null ? "" : `, exit ${exit.code}`}
					{exit.signal ? `, ${exit.signal}` : ""}
				</span>
			) : null}
		</div>
	);
}
