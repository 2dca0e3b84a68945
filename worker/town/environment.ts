import { readSecret, removeSecret, writeSecret } from "./credentials/secrets.ts";
import { MASKED } from "./secrets.ts";
import type { Town } from "./town.ts";
import { isoNow } from "./town.ts";
import { setTownValue, townValue } from "./town-state.ts";

const nameOf = (variable: string): string => `env_vars.${variable}`;

/** Variables of the town's agents with their values, which leave this object for the container only (FEED-6). */
export function environmentOf(town: Town): { version: number; env: Record<string, string> } {
	const set = townValue(town, "config")?.env_vars;
	const names = typeof set === "object" && set !== null ? Object.keys(set) : [];
	const env = Object.fromEntries(
		names.flatMap((name) => {
			const value = readSecret(town, nameOf(name)) ?? (set as Record<string, unknown>)[name];
			return value === null || value === undefined ? [] : [[name, String(value)]];
		}),
	);
	return { version: townValue(town, "environment")?.version ?? 0, env };
}

/** Another version, where `change` changed what a container is to be given. */
export function changeEnvironment(town: Town, change: () => void): void {
	const before = JSON.stringify(environmentOf(town).env);
	change();
	const { env, version } = environmentOf(town);
	if (JSON.stringify(env) !== before) raiseVersion(town, version);
}

/** Sets a variable, or takes it away (`value` null). Always a version of its own: that it was done shows nothing of its value. */
export function setVariable(town: Town, name: string, value: string | null): void {
	const config = townValue(town, "config") ?? {};
	const { env_vars, ...others } = config;
	const set = (typeof env_vars === "object" ? env_vars : null) as Record<string, unknown> | null;
	const { [name]: _, ...rest } = set ?? {};
	const after = value === null ? rest : { ...rest, [name]: MASKED };
	if (value === null) removeSecret(town, nameOf(name));
	else writeSecret(town, nameOf(name), value);
	setTownValue(town, "config", Object.keys(after).length === 0 ? others : { ...others, env_vars: after });
	raiseVersion(town, environmentOf(town).version);
}

const raiseVersion = (town: Town, version: number): void =>
	setTownValue(town, "environment", { version: version + 1, changed_at: isoNow(town) });

/** The container says which version it has. */
export function noteConfigVersion(town: Town, version: string | null): void {
	const container = townValue(town, "container");
	if (!container || container.config_version === version) return;
	const { env, version: newest } = environmentOf(town);
	const config_names = version === String(newest) ? Object.keys(env).sort() : container.config_names;
	setTownValue(town, "container", { ...container, config_version: version, config_names });
}
