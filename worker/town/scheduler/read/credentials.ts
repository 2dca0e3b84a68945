import { type Rig, rigCredentials } from "../../../../shared/gastown/index.ts";
import { endOfToken, fingerprintOf, kiloToken, usableToken } from "../../credentials/kept.ts";
import { getRow } from "../../rows.ts";
import type { Town } from "../../town.ts";
import { time } from "../columns.ts";
import type { KiloNow, TokenNow } from "../state.ts";

/** Fingerprints by rig id, as the container told them. */
type Held = Readonly<Record<string, string>>;

/** The git tokens that the container says it holds, each beside what this town would give it now (CRED-2). */
export function readTokens(town: Town, rigs: readonly Rig[], held: Held): TokenNow[] {
	return rigs.flatMap((rig): TokenNow[] => {
		const has = held[rig.id];
		if (has === undefined) return [];
		const kept = usableToken(town, rig);
		const ends_at = time(kept?.expires_at);
		const resolved_at = time(getRow(town.sql, rigCredentials, rig.id, "git")?.resolved_at);
		return [
			{
				...{ rig_id: rig.id, held: has, usable: kept && fingerprintOf(kept.token), ends_at },
				life_ms: ends_at === null || resolved_at === null ? null : ends_at - resolved_at,
			},
		];
	});
}

/** The town's Kilo token, what the container holds of it, and what was last told of it; null where the town has none. */
export function readKilo(town: Town, held: Held): KiloNow | null {
	const token = kiloToken(town);
	if (token === null) return null;
	const known = getRow(town.sql, rigCredentials, "town", "kilo");
	return {
		...{ fingerprint: fingerprintOf(token), held: held.kilo ?? null, ends_at: endOfToken(token) },
		told: known && { fingerprint: known.fingerprint, message: known.last_message },
	};
}
