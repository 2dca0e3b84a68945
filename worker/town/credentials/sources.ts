import type { Rig } from "../../../shared/gastown/index.ts";
import type { Town } from "../town.ts";
import { townValue } from "../town-state.ts";
import { readSecret } from "./secrets.ts";

/** Where a rig's git token comes from; `name` is what may be shown. */
export type Source =
	| { kind: "set"; name: "manual" | "town"; token: string }
	| { kind: "integration"; name: string; id: string };

/** Where a token that was set by hand is kept. */
export const manualName = (rigId: string): string => `rig:${rigId}:git_token`;

/** The source that wins (CRED-1): a token set by hand, the rig's or the town's integration, the town's own token. */
export function sourceOf(town: Town, rig: Rig): Source | null {
	const manual = readSecret(town, manualName(rig.id));
	if (typeof manual === "string") return { kind: "set", name: "manual", token: manual };
	const auth = townValue(town, "config")?.git_auth as Record<string, unknown> | null | undefined;
	const id = rig.platform_integration_id ?? auth?.platform_integration_id;
	if (typeof id === "string" && id !== "") return { kind: "integration", name: `integration:${id}`, id };
	// A secret that the configuration no longer names may still be stored.
	const own = auth?.github_token ? readSecret(town, "git_auth.github_token") : null;
	return typeof own === "string" ? { kind: "set", name: "town", token: own } : null;
}
