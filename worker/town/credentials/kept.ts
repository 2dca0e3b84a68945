import { createHash } from "node:crypto";
import { decodeJwt } from "jose";
import { type Rig, rigCredentials } from "../../../shared/gastown/index.ts";
import { getRow } from "../rows.ts";
import type { Town } from "../town.ts";
import { townValue } from "../town-state.ts";
import { readSecret, removeSecret, writeSecret } from "./secrets.ts";
import { sourceOf } from "./sources.ts";

/** A rig's token that was found and verified. `failures`: of git, that were counted then. More of them are its own. */
export type Kept = { token: string; expires_at: string | null; source: string; failures?: number };

const nameOf = (rigId: string): string => `rig:${rigId}:git`;

/** What may be shown of a token (CRED-1). */
export const fingerprintOf = (token: string): string =>
	createHash("sha256").update(token).digest("hex").slice(0, 8);

/** The kept token of a rig; null where git was refused with it since, or another source wins now. When it ends is not looked at. */
export function usableToken(town: Town, rig: Rig): Kept | null {
	const source = sourceOf(town, rig);
	const kept = readSecret(town, nameOf(rig.id)) as Kept | null;
	if (!source || !kept || kept.source !== source.name) return null;
	if (source.kind === "set" && source.token !== kept.token) return null;
	return failuresOf(town, rig.id) > (kept.failures ?? 0) ? null : kept;
}

export const keepToken = (town: Town, rigId: string, kept: Kept): void =>
	writeSecret(town, nameOf(rigId), { ...kept, failures: failuresOf(town, rigId) });

export const forgetToken = (town: Town, rigId: string): void => removeSecret(town, nameOf(rigId));

const failuresOf = (town: Town, rigId: string): number =>
	getRow(town.sql, rigCredentials, rigId, "git")?.failures_since_ok ?? 0;

/** The town's Kilo token; null where its configuration has none. Nothing here makes one: it is set with the configuration. */
export function kiloToken(town: Town): string | null {
	// A secret that the configuration no longer names may still be stored.
	const own = townValue(town, "config")?.kilocode_token ? readSecret(town, "kilocode_token") : null;
	return typeof own === "string" ? own : null;
}

/** When a token that says so itself ends, epoch milliseconds; null for any other. */
export function endOfToken(token: string): number | null {
	try {
		const { exp } = decodeJwt(token);
		return exp === undefined ? null : exp * 1_000;
	} catch {
		return null;
	}
}
