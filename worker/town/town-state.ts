import {
	type TownStateKey,
	type TownStateValue,
	townState,
	townStateValues,
} from "../../shared/gastown/index.ts";
import type { MethodArgs } from "../../shared/ingest/index.ts";
import { redact } from "../../shared/redaction/index.ts";
import { changeEnvironment } from "./environment.ts";
import { getRow, upsertRow } from "./rows.ts";
import { hideSecrets } from "./secrets.ts";
import { fail, isoNow, ok, type Result, type Town } from "./town.ts";

/** A value of `town_state`; null where it was never set or has another shape. */
export function townValue<K extends TownStateKey>(town: Town, key: K): TownStateValue<K> | null {
	const row = getRow(town.sql, townState, key);
	if (!row) return null;
	const parsed = townStateValues[key].safeParse(row.value);
	return parsed.success ? (parsed.data as TownStateValue<K>) : null;
}

/** Writes it where it differs from what is there, so that a repeat makes no change. */
export function setTownValue<K extends TownStateKey>(town: Town, key: K, value: TownStateValue<K>): void {
	const row = getRow(town.sql, townState, key);
	if (row && JSON.stringify(row.value) === JSON.stringify(value)) return;
	upsertRow(town.sql, townState, { key, value, updated_at: isoNow(town) });
}

/** What users and the container set (domain.md §1.3). Secrets of the configuration are stored apart and shown masked. */
export function setTownState(town: Town, args: MethodArgs<"setTownState">): Result<null> {
	const now = isoNow(town);
	if (args.key === "config")
		changeEnvironment(town, () => setTownValue(town, "config", hideSecrets(town, args.value)));
	else if (args.key === "run_policy")
		setTownValue(town, "run_policy", { ...args.value, since: now, order: null, until: null });
	else if (args.key === "billing")
		setTownValue(town, "billing", {
			blocked: args.value.blocked,
			reason: args.value.reason && redact(args.value.reason),
			since: args.value.blocked ? now : null,
		});
	else setTownValue(town, "drain", args.value && { ...args.value, started_at: now });
	return ok(null);
}

/** Makes the town what it is and whose. A repeat with the same owner only renames it. */
export function createTown(town: Town, args: MethodArgs<"createTown">): Result<TownStateValue<"town">> {
	const before = townValue(town, "town");
	if (before && (before.owner_type !== args.owner_type || before.owner_id !== args.owner_id))
		return fail("exists", "This town belongs to another owner already.", { id: town.id });
	const value = { id: town.id, ...args, created_at: before?.created_at ?? isoNow(town) };
	setTownValue(town, "town", value);
	return ok(value);
}
