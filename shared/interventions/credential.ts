import { z } from "zod";
import { readGitUrl } from "../gastown/index.ts";
import type { CatalogueEntry, Lookup, Verdict } from "./catalogue-entry.ts";
import { mayTown } from "./container.ts";
import { rowIs } from "./effects.ts";
import { count, noop, OK, refused, sessions, unreachable } from "./reading.ts";

export const CREDENTIAL_KINDS = ["git", "kilo", "container"] as const;
export type CredentialKind = (typeof CREDENTIAL_KINDS)[number];

const none = z.object({});
const gone = refused("gone", "This rig does not exist any more.");
const noPlace = refused("no-repository", "This rig has no repository at a forge.");
const nameOfRig = (id: string, look: Lookup): string => look.rig(id)?.name ?? id;

/** What is known of the token that was set by hand, as `rigs.config` shows it; null where none is. */
export function manualToken(
	id: string,
	look: Lookup,
): { fingerprint: string; expires_at: string | null } | null {
	const parsed = z
		.object({ fingerprint: z.string(), expires_at: z.string().nullable() })
		.safeParse(look.rig(id)?.config.manual_credential);
	return parsed.success ? parsed.data : null;
}

/** Where a rig's git token comes from now, by the order of CRED-1; null where nothing gives one. */
export function winningSource(id: string, look: Lookup): string | null {
	if (manualToken(id, look)) return "manual";
	const auth = look.town("config")?.git_auth as Record<string, unknown> | null | undefined;
	const integration = look.rig(id)?.platform_integration_id || auth?.platform_integration_id;
	if (typeof integration === "string" && integration !== "") return `integration:${integration}`;
	return auth?.github_token ? "town" : null;
}

function mayRig(id: string, look: Lookup): Verdict {
	const rig = look.rig(id);
	if (!rig) return gone;
	return readGitUrl(rig.git_url) ? OK : noPlace;
}

const refresh = z.object({
	credential: z.enum(CREDENTIAL_KINDS),
	/** Of a git token; the others serve the whole town. */
	rig: z.string().max(200).nullable().default(null),
});
type Refresh = z.infer<typeof refresh>;

const WORDS: Record<CredentialKind, string> = {
	git: "git token",
	kilo: "Kilo token",
	container: "container token",
};
const rowOf = ({ credential, rig }: Refresh): string =>
	JSON.stringify([credential === "git" ? rig : "town", credential]);
const known = ({ credential, rig }: Refresh, look: Lookup) =>
	look.credential(credential === "git" ? (rig ?? "") : "town", credential);

const credentialRefresh: CatalogueEntry<Refresh> = {
	name: "credential.refresh",
	target: "town",
	params: refresh,
	title: "Refresh a credential of",
	draft: { credential: "container", rig: null },
	label: (_, { credential, rig }, look) =>
		`Refresh the ${WORDS[credential]}${rig === null ? "" : ` of ${nameOfRig(rig, look)}`}`,
	saw: (_, params, look) => ({ fingerprint: known(params, look)?.fingerprint ?? null }),
	precondition(id, { credential, rig }, look) {
		const may = mayTown(id, look);
		if (!may.ok) return may;
		if (credential === "git") {
			if (rig === null) return refused("no-rig", "Choose the rig whose git token is meant.");
			const ofRig = mayRig(rig, look);
			if (!ofRig.ok) return ofRig;
			return winningSource(rig, look)
				? OK
				: refused("no-source", "No integration is linked to this rig, and no token is set.");
		}
		if (credential === "kilo" && !look.town("config")?.kilocode_token)
			return refused("no-token", "The town's configuration has no Kilo token, and none is made here.");
		return unreachable(look) ?? OK;
	},
	danger: (_, __, look) => (sessions(look).length > 0 ? "disruptive" : "safe"),
	preview(_, params, look) {
		const { credential, rig } = params;
		const source = rig === null ? null : winningSource(rig, look);
		const first =
			credential === "git"
				? source?.startsWith("integration:")
					? `Ask ${source.replace(":", " ")} for a new token and verify it at the forge.`
					: "Verify the token that is set at the forge again."
				: credential === "kilo"
					? "Read the Kilo token of the configuration again: none is made here."
					: "Mint a new container token.";
		return {
			will: [
				first,
				"Hand it to the container, if it runs.",
				`Restart 0 of ${count(sessions(look).length, "session")}: each asks for the newest token when it needs one.`,
			],
			wont: ["Change which source wins."],
		};
	},
	effects(_, params, look) {
		const was = known(params, look);
		const { credential } = params;
		const name = WORDS[credential];
		const effect = (label: string, isnt: Record<string, unknown>, is: Record<string, unknown> = {}) => [
			{ ...rowIs(label, "rig_credentials", rowOf(params), is, true), isnt },
		];
		if (credential === "git")
			return effect(`${name} verified`, { verified_at: was?.verified_at ?? null }, { last_outcome: "ok" });
		return credential === "kilo"
			? effect(`${name} read and handed out`, { resolved_at: was?.resolved_at ?? null })
			: effect(`new ${name} handed out`, { fingerprint: was?.fingerprint ?? null });
	},
	outside: (_, { credential, rig }) => [{ kind: "refresh-credential", credential, rig }],
	undo: () => null,
	next: null,
	within: 60_000,
};

const credentialSetToken: CatalogueEntry<z.infer<typeof none>> = {
	name: "credential.set-token",
	target: "rig",
	params: none,
	secret: () => "Token, never shown again",
	title: "Set the git token of",
	label: (id, _, look) => `Set a git token for ${nameOfRig(id, look)}`,
	saw: (id, _, look) => ({
		source: winningSource(id, look),
		manual: manualToken(id, look)?.fingerprint ?? null,
	}),
	precondition: (id, _, look) => mayRig(id, look),
	danger: () => "safe",
	preview: (id, _, look) => ({
		will: [
			"Ask the forge whose it is, when it ends and what it reaches; refuse it where it is yours, cannot push, or reaches another repository.",
			`Use it for ${nameOfRig(id, look)} before ${winningSource(id, look) ?? "any other source"}, from the next clone, fetch or push on.`,
		],
		wont: [
			"Show it again, here or in the ledger: its length and fingerprint are kept.",
			"Restart any session.",
		],
	}),
	effects: (id, _, look) => [
		{
			...rowIs(`A token set by hand wins in ${nameOfRig(id, look)}`, "rigs", id, {}),
			isnt: { config: { manual_credential: look.rig(id)?.config.manual_credential ?? null } },
		},
	],
	outside: () => [],
	undo: (id, _, look) =>
		look.rig(id)?.config.manual_credential === undefined
			? { name: "credential.clear-token", params: {} }
			: null,
	next: "credential.clear-token",
	within: 10_000,
};

const credentialClearToken: CatalogueEntry<z.infer<typeof none>> = {
	name: "credential.clear-token",
	target: "rig",
	params: none,
	title: "Clear the hand-set git token of",
	label: (id, _, look) => `Clear the hand-set token of ${nameOfRig(id, look)}`,
	saw: (id, _, look) => ({ manual: manualToken(id, look)?.fingerprint ?? null }),
	precondition(id, _, look) {
		if (!look.rig(id)) return gone;
		return manualToken(id, look) ? OK : noop("none", "No token is set by hand.");
	},
	danger: () => "safe",
	preview(id, _, look) {
		const { manual_credential: _own, ...config } = look.rig(id)?.config ?? {};
		const rig = look.rig(id);
		const then = rig ? winningSource(id, { ...look, rig: () => ({ ...rig, config }) }) : null;
		return {
			will: [
				"Forget the token that was set by hand.",
				then ? `Use ${then} from then on.` : "Leave this rig without any source of a token.",
			],
			wont: ["Revoke it at the forge: its owner has to."],
		};
	},
	effects: (id, _, look) => [
		rowIs(`No token is set by hand in ${nameOfRig(id, look)}`, "rigs", id, {
			config: { manual_credential: null },
		}),
	],
	outside: () => [],
	undo: () => null,
	next: "credential.set-token",
	within: 10_000,
};

const relink = z.object({
	integration: z
		.string()
		.trim()
		.min(1, "Name the integration.")
		.max(200)
		.regex(/^[\w:.-]+$/, "An integration's id has letters, digits and : . _ - only."),
});

const credentialRelink: CatalogueEntry<z.infer<typeof relink>> = {
	name: "credential.relink",
	target: "rig",
	params: relink,
	title: "Link another integration to",
	draft: { integration: "" },
	label: (id, { integration }, look) =>
		`Link ${nameOfRig(id, look)} to ${integration ? `integration ${integration}` : "another integration"}`,
	saw: (id, _, look) => ({ integration: look.rig(id)?.platform_integration_id ?? null }),
	precondition(id, { integration }, look) {
		const may = mayRig(id, look);
		if (!may.ok) return may;
		return look.rig(id)?.platform_integration_id === integration
			? noop("same", "It is linked to this integration already.")
			: OK;
	},
	danger: () => "safe",
	preview: (id, { integration }, look) => ({
		will: [
			`Ask integration ${integration} for a token of this repository and verify it at the forge; refuse it where it is another owner's, or gives none that may push.`,
			`Use it for ${nameOfRig(id, look)} from the next clone, fetch or push on.`,
		],
		wont: [
			"Restart any session.",
			...(manualToken(id, look) ? ["Win over the token that is set by hand: clear that for it."] : []),
		],
	}),
	effects: (id, { integration }, look) => [
		rowIs(`${nameOfRig(id, look)} is linked to ${integration}`, "rigs", id, {
			platform_integration_id: integration,
		}),
	],
	outside: () => [],
	undo(id, _, look) {
		const before = look.rig(id)?.platform_integration_id;
		return before ? { name: "credential.relink", params: { integration: before } } : null;
	},
	next: "credential.refresh",
	within: 10_000,
};

export const CREDENTIAL = [credentialRefresh, credentialSetToken, credentialClearToken, credentialRelink];
