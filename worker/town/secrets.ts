import { isSecretName, redact } from "../../shared/redaction/index.ts";
import type { Town } from "./town.ts";

/** Shown in place of a secret that is set. */
export const MASKED = "masked";

/** Names of secrets in TownConfig beside those that tell themselves everywhere: `github_cli_pat`, `deployKey`. */
const OWN_NAME = /(?:^|[_-])(?:pat|key|PAT|KEY)$|[a-z](?:Pat|Key)$/;
/** Every value of these is a secret (domain.md §1.4). */
const ALL_SECRET = "env_vars";

/**
 * Replaces the secrets of a configuration by "masked", those that stand in a text by "[redacted]", and stores the true
 * values in `town_secrets`, which no feed and no query reads (FEED-6). What comes in as it is shown keeps what is stored.
 */
export function hideSecrets(town: Town, config: Record<string, unknown>): Record<string, unknown> {
	return hideIn(town, config, "", false);
}

function hideIn(
	town: Town,
	record: Record<string, unknown>,
	path: string,
	secret: boolean,
): Record<string, unknown> {
	return Object.fromEntries(
		Object.entries(record).map(([key, value]) => [
			redact(key),
			hide(town, value, path ? `${path}.${key}` : key, secret || namesSecret(key, value)),
		]),
	);
}

/** `path` is where the value stands, e.g. `git_auth.github_token` or `remotes.0`. */
function hide(town: Town, value: unknown, path: string, secret: boolean): unknown {
	if (Array.isArray(value)) return value.map((item, index) => hide(town, item, `${path}.${index}`, secret));
	if (typeof value === "object" && value !== null)
		return hideIn(town, value as Record<string, unknown>, path, secret);
	if (value === null || value === "") return value;
	const shown = secret ? MASKED : typeof value === "string" ? redact(value) : value;
	if (shown !== value)
		town.sql.run(
			"INSERT INTO town_secrets (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
			path,
			JSON.stringify(value),
		);
	return shown;
}

/** `tokens` as a number is a limit, `git_token_refresh_ms` a time. */
const namesSecret = (key: string, value: unknown): boolean =>
	!(typeof value === "number" && /(?:tokens|_ms)$/i.test(key)) &&
	(key === ALL_SECRET || isSecretName(key) || OWN_NAME.test(key) || /tokens$/i.test(key));
