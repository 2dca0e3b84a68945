import { InputArea } from "@cloudflare/kumo/components/input";
import { MESSAGE_MAX } from "../../shared/interventions/index.ts";
import { agentName } from "../../shared/town-view/index.ts";
import { CredentialParams } from "../credentials/credential-params.tsx";
import { type Asked, useAction } from "./action-state.ts";
import { ModelField } from "./model-field.tsx";
import { useOpenTown } from "./open-town.ts";
import { ReviewParams } from "./review-params.tsx";
import { SelectField } from "./select-field.tsx";
import { TriageParams } from "./triage-params.tsx";

/** Fields of an action's parameters, where it has any that a person chooses. */
export function ActionParams({ asked }: { asked: Asked }) {
	switch (asked.name) {
		case "bead.reassign":
			return <AgentField asked={asked} />;
		case "agent.nudge":
		case "mayor.message":
		case "review.request-rework":
			return <MessageField asked={asked} />;
		case "agent.set-model":
			return <ModelField asked={asked} />;
		case "credential.refresh":
		case "credential.relink":
		case "config.set":
		case "config.set-env":
			return <CredentialParams asked={asked} />;
		case "container.pause":
		case "town.pause-dispatch":
			return <HoursField asked={asked} />;
		case "triage.resolve":
			return <TriageParams asked={asked} />;
		default:
			return <ReviewParams asked={asked} />;
	}
}

function AgentField({ asked }: { asked: Asked }) {
	const { view } = useOpenTown();
	const setParams = useAction((state) => state.setParams);
	const rig = view.tables.beads.get(asked.target.id)?.rig_id ?? null;
	const agents = [...view.tables.agent_metadata.values()].filter(
		(agent) => agent.role === "polecat" && view.tables.beads.get(agent.bead_id)?.rig_id === rig,
	);
	return (
		<SelectField
			label="To"
			value={typeof asked.params.agent === "string" ? asked.params.agent : ""}
			onValue={(value) => setParams({ agent: value || null })}
		>
			<option value="">nobody: any free agent of its rig</option>
			{agents.map((agent) => (
				<option key={agent.bead_id} value={agent.bead_id}>
					{agentName(view, agent.bead_id)}, {agent.status}
				</option>
			))}
		</SelectField>
	);
}

function MessageField({ asked }: { asked: Asked }) {
	const setParams = useAction((state) => state.setParams);
	return (
		<InputArea
			label={
				asked.name === "review.request-rework"
					? "What is to be changed, for its author (recorded)"
					: "Message, marked as from an admin (recorded)"
			}
			value={typeof asked.params.message === "string" ? asked.params.message : ""}
			onValueChange={(message: string) => setParams({ message })}
			maxLength={MESSAGE_MAX}
			autoResize
			minRows={2}
			maxRows={8}
		/>
	);
}

const HOURS = [0.5, 1, 2, 4];

function HoursField({ asked }: { asked: Asked }) {
	const setParams = useAction((state) => state.setParams);
	return (
		<SelectField
			label="It ends by itself after"
			value={String(asked.params.hours)}
			onValue={(value) => setParams({ hours: Number(value) })}
		>
			{HOURS.map((hours) => (
				<option key={hours} value={hours}>
					{hours < 1 ? "30 minutes" : hours === 1 ? "1 hour" : `${hours} hours`}
				</option>
			))}
		</SelectField>
	);
}
