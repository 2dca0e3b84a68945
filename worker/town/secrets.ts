import type { Town } from "./town.ts";

/** Shown in place of a secret that is set. */
const MASKED = "masked";

/** Keys of TownConfig whose values are secrets, at any depth; of `env_vars` every value is (domain.md §1.4). */
const SECRET_KEY = /(_token|_pat|_key|_secret|password|^token)$/i;

/**
 * Replaces the secrets of a configuration by "masked" and stores their values in `town_secrets`, which no feed and no
 * query reads (FEED-6). A value that comes in as "masked" keeps what is stored.
 */
export function hideSecrets(town: Town, config: Record<string, unknown>): Record<string, unknown> {
	return hide(town, config, "", false);
}

function hide(
	town: Town,
	value: Record<string, unknown>,
	path: string,
	all: boolean,
): Record<string, unknown> {
	const shown: Record<string, unknown> = {};
	for (const [key, inner] of Object.entries(value)) {
		const name = path ? `${path}.${key}` : key;
		if (inner !== null && typeof inner === "object" && !Array.isArray(inner))
			shown[key] = hide(town, inner as Record<string, unknown>, name, all || key === "env_vars");
		else if ((all || SECRET_KEY.test(key)) && inner !== null && inner !== "") {
			if (inner !== MASKED)
				town.sql.run(
					"INSERT INTO town_secrets (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
					name,
					JSON.stringify(inner),
				);
			shown[key] = MASKED;
		} else shown[key] = inner;
	}
	return shown;
}
