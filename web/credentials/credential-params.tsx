import { Input } from "@cloudflare/kumo/components/input";
import { CREDENTIAL_KINDS } from "../../shared/interventions/credential.ts";
import { type Asked, useAction } from "../town/action-state.ts";
import { useOpenTown } from "../town/open-town.ts";
import { SelectField } from "../town/select-field.tsx";
import { SettingFields } from "./setting-fields.tsx";

/** Fields of what is done to credentials and configuration. */
export function CredentialParams({ asked }: { asked: Asked }) {
	const setParams = useAction((state) => state.setParams);
	const change = (params: Record<string, unknown>) => setParams({ ...asked.params, ...params });
	switch (asked.name) {
		case "credential.refresh":
			return <RefreshFields asked={asked} />;
		case "credential.relink":
			return (
				<TextField
					label="Id of the integration"
					value={asked.params.integration}
					onValue={(integration) => change({ integration })}
				/>
			);
		case "config.set-env":
			return (
				<TextField
					label="Name of the variable"
					value={asked.params.name}
					onValue={(name) => change({ name: name.toUpperCase() })}
				/>
			);
		default:
			return <SettingFields asked={asked} />;
	}
}

type TextProps = { label: string; value: unknown; onValue(value: string): void };

const TextField = ({ label, value, onValue }: TextProps) => (
	<Input
		label={label}
		value={typeof value === "string" ? value : ""}
		onChange={(event) => onValue(event.target.value)}
		autoComplete="off"
		spellCheck={false}
	/>
);

/** `git:RIG`, `kilo` or `container`. */
function RefreshFields({ asked }: { asked: Asked }) {
	const { view } = useOpenTown();
	const setParams = useAction((state) => state.setParams);
	const { credential, rig } = asked.params;
	return (
		<SelectField
			label="Which"
			value={credential === "git" ? `git:${String(rig)}` : String(credential)}
			onValue={(value) =>
				setParams(
					value.startsWith("git:")
						? { credential: "git", rig: value.slice("git:".length) }
						: { credential: value, rig: null },
				)
			}
		>
			{[...view.tables.rigs.values()].map(({ id, name }) => (
				<option key={id} value={`git:${id}`}>
					git token of {name}
				</option>
			))}
			{CREDENTIAL_KINDS.filter((kind) => kind !== "git").map((kind) => (
				<option key={kind} value={kind}>
					{kind === "kilo" ? "Kilo token" : "container token"}
				</option>
			))}
		</SelectField>
	);
}
