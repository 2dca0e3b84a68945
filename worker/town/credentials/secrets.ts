import type { Town } from "../town.ts";

/** Values that never leave the object (FEED-6); `name` is where they belong, e.g. `rig:R:git`. */
export function readSecret(town: Town, name: string): unknown {
	const row = town.sql.one<{ value: string }>("SELECT value FROM town_secrets WHERE name = ?", name);
	return row === null ? null : (JSON.parse(row.value) as unknown);
}

export const removeSecret = (town: Town, name: string): void =>
	town.sql.run("DELETE FROM town_secrets WHERE name = ?", name);

export function writeSecret(town: Town, name: string, value: unknown): void {
	town.sql.run(
		"INSERT INTO town_secrets (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
		name,
		JSON.stringify(value),
	);
}
