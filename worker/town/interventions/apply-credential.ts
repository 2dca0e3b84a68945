import { type Rig, rigs } from "../../../shared/gastown/index.ts";
import { REPORTS } from "../../../shared/ingest/index.ts";
import { fingerprintOf, forgetToken, type Kept, keepToken } from "../credentials/kept.ts";
import { recordCredentialEvent } from "../credentials/record.ts";
import { removeSecret, writeSecret } from "../credentials/secrets.ts";
import { manualName, sourceOf } from "../credentials/sources.ts";
import { findRig } from "../rigs.ts";
import { updateRow } from "../rows.ts";
import { fail, ok, type Result, type Town } from "../town.ts";
import type { Applying } from "./apply-agent.ts";

const UNVERIFIED = fail("unverified", "It was not verified at the forge, so nothing was changed.");

/** The token goes to the secrets; its row shows that there is one, its fingerprint and its end. */
function applySetToken({ town, target, given }: Applying): Result<unknown> {
	const { token } = given;
	if (!token) return UNVERIFIED;
	writeSecret(town, manualName(target), token.token);
	const shown = { fingerprint: fingerprintOf(token.token), expires_at: token.expires_at };
	const { config } = findRig(town, target) as Rig;
	updateRow(town.sql, rigs, [target], { config: { ...config, manual_credential: shown } });
	tellVerified(town, target, token);
	return ok(null);
}

/** Keeps a token that was verified before the order was applied, and journals that it was. */
function tellVerified(town: Town, rig_id: string, token: Kept): void {
	const { source, expires_at } = token;
	const about = { rig_id, credential: "git", source, expires_at, outcome: "ok", status: 200 } as const;
	for (const type of ["resolve", "verify"] as const)
		recordCredentialEvent(
			town,
			REPORTS["credential-events"].parse({ ...about, type, fingerprint: fingerprintOf(token.token) }),
		);
	keepToken(town, rig_id, token);
}

function applyClearToken({ town, target }: Applying): Result<unknown> {
	const { manual_credential: _, ...config } = (findRig(town, target) as Rig).config;
	removeSecret(town, manualName(target));
	forgetToken(town, target);
	updateRow(town.sql, rigs, [target], { config });
	return ok(null);
}

function applyRelink(
	{ town, target, given }: Applying,
	{ integration }: { integration: string },
): Result<unknown> {
	if (!given.token) return UNVERIFIED;
	updateRow(town.sql, rigs, [target], { platform_integration_id: integration });
	const rig = findRig(town, target);
	// One that is set by hand still wins.
	if (rig && sourceOf(town, rig)?.name === given.token.source) tellVerified(town, target, given.token);
	return ok(null);
}

export const APPLY_CREDENTIAL = {
	// All that it does is outside, and in what the forge and the container say.
	"credential.refresh": () => ok(null),
	"credential.set-token": applySetToken,
	"credential.clear-token": applyClearToken,
	"credential.relink": applyRelink,
};
