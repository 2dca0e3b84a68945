import { type Rig, rigs } from "../../../shared/gastown/index.ts";
import { pathOf } from "../../../shared/interventions/config.ts";
import { LISTED_SETTINGS, withValue } from "../../../shared/interventions/listed-settings.ts";
import { setVariable } from "../environment.ts";
import { findRig } from "../rigs.ts";
import { updateRow } from "../rows.ts";
import { fail, ok, type Result } from "../town.ts";
import { setTownValue, townValue } from "../town-state.ts";
import type { Applying } from "./apply-agent.ts";

type Set = { rig: string | null; key: string; value: unknown };

function applySet({ town }: Applying, { rig, key, value }: Set): Result<unknown> {
	const setting = LISTED_SETTINGS.find((one) => one.key === key);
	const path = setting && pathOf(setting, rig);
	if (!path) return fail("no-setting", "That is no setting that can be set here.");
	if (rig === null) setTownValue(town, "config", withValue(townValue(town, "config") ?? {}, path, value));
	else
		updateRow(town.sql, rigs, [rig], { config: withValue((findRig(town, rig) as Rig).config, path, value) });
	return ok(null);
}

function applySetEnv(
	{ town, given }: Applying,
	{ name, unset }: { name: string; unset: boolean },
): Result<unknown> {
	setVariable(town, name, unset ? null : (given.secret ?? ""));
	return ok(null);
}

export const APPLY_CONFIG = {
	"config.set": applySet,
	"config.set-env": applySetEnv,
	// The container is asked, and tells which version it has.
	"container.sync-config": () => ok(null),
};
