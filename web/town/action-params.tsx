import { agentName } from "../../shared/town-view/index.ts";
import { type Asked, useAction } from "./action-state.ts";
import { useOpenTown } from "./open-town.ts";

/** Fields of an action's parameters, where it has any that a person chooses. */
export function ActionParams({ asked }: { asked: Asked }) {
	const { view } = useOpenTown();
	const setParams = useAction((state) => state.setParams);
	if (asked.name !== "bead.reassign") return null;
	const rig = view.tables.beads.get(asked.target.id)?.rig_id ?? null;
	const agents = [...view.tables.agent_metadata.values()].filter(
		(agent) => agent.role === "polecat" && view.tables.beads.get(agent.bead_id)?.rig_id === rig,
	);
	return (
		<label className="flex flex-col gap-1">
			<span className="text-tone-quiet text-xs">To</span>
			<select
				className="h-9 rounded-md border border-edge bg-kumo-base px-2 text-base"
				value={typeof asked.params.agent === "string" ? asked.params.agent : ""}
				onChange={(event) => setParams({ agent: event.target.value || null })}
			>
				<option value="">nobody: any free agent of its rig</option>
				{agents.map((agent) => (
					<option key={agent.bead_id} value={agent.bead_id}>
						{agentName(view, agent.bead_id)}, {agent.status}
					</option>
				))}
			</select>
		</label>
	);
}
