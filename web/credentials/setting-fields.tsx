import { Input } from "@cloudflare/kumo/components/input";
import { LISTED_SETTINGS, type ListedSetting } from "../../shared/interventions/listed-settings.ts";
import { type Asked, useAction } from "../town/action-state.ts";
import { useOpenTown } from "../town/open-town.ts";
import { SelectField } from "../town/select-field.tsx";

/** Which setting, whose, and its value within its range. */
export function SettingFields({ asked }: { asked: Asked }) {
	const { view } = useOpenTown();
	const setParams = useAction((state) => state.setParams);
	const change = (params: Record<string, unknown>) => setParams({ ...asked.params, ...params });
	const setting = LISTED_SETTINGS.find(({ key }) => key === asked.params.key);
	return (
		<div className="flex flex-wrap gap-3">
			<SelectField
				label="Setting"
				value={String(asked.params.key)}
				onValue={(key) => change({ key, value: null })}
			>
				{LISTED_SETTINGS.map(({ key, label }) => (
					<option key={key} value={key}>
						{label}
					</option>
				))}
			</SelectField>
			<SelectField
				label="Of"
				value={typeof asked.params.rig === "string" ? asked.params.rig : ""}
				// Not what the other one has: that would be written as its own.
				onValue={(rig) => change({ rig: rig || null, value: null })}
			>
				<option value="">the town</option>
				{[...view.tables.rigs.values()].map(({ id, name }) => (
					<option key={id} value={id}>
						rig {name}
					</option>
				))}
			</SelectField>
			{setting ? (
				<ValueField setting={setting} value={asked.params.value} onValue={(value) => change({ value })} />
			) : null}
		</div>
	);
}

type ValueProps = { setting: ListedSetting; value: unknown; onValue(value: unknown): void };

/** Left empty: as the town, or the default, says. */
function ValueField({ setting: { values }, value, onValue }: ValueProps) {
	if (values.kind === "number" || values.kind === "model")
		return (
			<Input
				label={
					values.kind === "model"
						? "Model, as provider/model"
						: `${values.min} to ${values.max} ${values.unit}`
				}
				type={values.kind === "model" ? "text" : "number"}
				value={value === null ? "" : String(value)}
				placeholder="not set"
				onChange={({ target }) =>
					onValue(target.value === "" ? null : values.kind === "model" ? target.value : Number(target.value))
				}
				autoComplete="off"
				spellCheck={false}
			/>
		);
	const choices = values.kind === "yes-no" ? ["true", "false"] : values.of;
	return (
		<SelectField
			label="Value"
			value={value === null ? "" : String(value)}
			onValue={(chosen) =>
				onValue(chosen === "" ? null : values.kind === "yes-no" ? chosen === "true" : chosen)
			}
		>
			<option value="">not set</option>
			{choices.map((choice) => (
				<option key={choice} value={choice}>
					{values.kind !== "yes-no" ? choice : choice === "true" ? "yes" : "no"}
				</option>
			))}
		</SelectField>
	);
}
