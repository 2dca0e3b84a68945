import { Input } from "@cloudflare/kumo/components/input";
import { useId } from "react";
import { type Asked, useAction } from "./action-state.ts";
import { useOpenTown } from "./open-town.ts";

/** Model of a session, `provider/model`; those that this town has used are offered. */
export function ModelField({ asked }: { asked: Asked }) {
	const { view } = useOpenTown();
	const setParams = useAction((state) => state.setParams);
	const list = useId();
	const known = new Set<string>();
	for (const { model } of view.tables.agent_sessions.values()) if (model) known.add(model);
	const config = view.tables.town_state.get("config")?.value as { default_model?: unknown } | undefined;
	if (typeof config?.default_model === "string") known.add(config.default_model);
	return (
		<>
			<Input
				label="Model, as provider/model"
				value={typeof asked.params.model === "string" ? asked.params.model : ""}
				onChange={(event) => setParams({ model: event.target.value })}
				list={list}
				autoComplete="off"
				spellCheck={false}
			/>
			<datalist id={list}>
				{[...known].map((model) => (
					<option key={model} value={model} />
				))}
			</datalist>
		</>
	);
}
