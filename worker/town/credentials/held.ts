import { rigCredentials } from "../../../shared/gastown/index.ts";
import { listRows, updateRow } from "../rows.ts";
import { isoNow, type Town } from "../town.ts";

/** Keeps which tokens the container says that it holds, where that is another than before (CRED-1); none of one that starts. */
export function keepHeld(town: Town, fingerprints: Readonly<Record<string, string>>): void {
	for (const { rig_id, credential, held_fingerprint } of listRows(town.sql, rigCredentials)) {
		const held = fingerprints[credential === "git" ? rig_id : credential] ?? null;
		if (held === held_fingerprint) continue;
		updateRow(town.sql, rigCredentials, [rig_id, credential], {
			...{ held_fingerprint: held, held_at: held === null ? null : isoNow(town) },
		});
	}
}
