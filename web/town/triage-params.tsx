import { InputArea } from "@cloudflare/kumo/components/input";
import { MESSAGE_MAX } from "../../shared/interventions/index.ts";
import { TRIAGE_ACTIONS } from "../../shared/interventions/triage.ts";
import { type Asked, useAction } from "./action-state.ts";
import { SelectField } from "./select-field.tsx";

/** The decision on a triage request, and what its agent or the mayor is told. */
export function TriageParams({ asked }: { asked: Asked }) {
	const setParams = useAction((state) => state.setParams);
	const { params } = asked;
	return (
		<div className="flex flex-col gap-2">
			<SelectField
				label="Decision"
				value={String(params.action)}
				onValue={(action) => setParams({ ...params, action })}
			>
				{Object.entries(TRIAGE_ACTIONS).map(([action, words]) => (
					<option key={action} value={action}>
						{`${action.toLowerCase().replaceAll("_", " ")}: ${words}`}
					</option>
				))}
			</SelectField>
			<InputArea
				label="Notes (recorded); what its agent or the mayor is told"
				value={typeof params.notes === "string" ? params.notes : ""}
				onValueChange={(notes: string) => setParams({ ...params, notes })}
				maxLength={MESSAGE_MAX}
				autoResize
				minRows={2}
				maxRows={6}
			/>
		</div>
	);
}
