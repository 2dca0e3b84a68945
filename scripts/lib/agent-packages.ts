import { AGENT_KINDS, type AgentKind } from "../../shared/control/index.ts";

/** A package of which one program is run. `integrity` is npm's, of exactly what was tried; `megabytes` is its size on the disk. */
export type Package = {
	name: string;
	version: string;
	integrity: string;
	program: string;
	megabytes: number;
};

/** The only platform for which they are pinned. */
export const PLATFORM = "linux x64";

/**
 * What the real agents need: the platform's own packages, without wrapper or install script, in the versions that the recordings in
 * test/fixtures are of (sdk-events.md §7).
 */
export const PACKAGES = {
	opencode: {
		name: "opencode-linux-x64",
		version: "1.18.33",
		integrity:
			"sha512-q/t/3p2CTxOT9y2kvjesb/LZab2+1eqlhhWA02Be6mjTtmYtNBcBsrI5yDo4Fw7ZSPBW2oyMIGMNRqiKQjiAWw==",
		program: "bin/opencode",
		megabytes: 185,
	},
	kilo: {
		name: "@kilocode/cli-linux-x64",
		version: "7.7.7",
		integrity:
			"sha512-QHb5D51imerjXjx/04lJz4APYtAsCI+Xehd8j5AniEJxwdmCkDML1xTkrCcIGpE6OFo7gI41LcwM03j93bqyjA==",
		program: "bin/kilo",
		megabytes: 237,
	},
	/** Their search tools run it, and would else fetch it themselves. */
	ripgrep: {
		name: "@vscode/ripgrep-linux-x64",
		version: "1.18.0",
		integrity:
			"sha512-mQ3bVrUpnD2vs7QT0vX90Lt0cnUq467uFtEktIdsJJmW296RoSULRGqWgzG1AKxyBpNDD6l4ZO4qKf6SgyC23Q==",
		program: "bin/rg",
		megabytes: 6,
	},
} satisfies Record<string, Package>;

/** Kinds that have to be fetched. */
export type FetchedKind = Exclude<AgentKind, "scripted">;

/** `--agents KIND` or `--agents=KIND`, nothing else; scripted where it is left out. Throws with a plain sentence. */
export function agentKindIn(argv: readonly string[]): AgentKind {
	const [first, ...rest] = argv.flatMap((word) =>
		word.startsWith("--agents=") ? word.split("=", 2) : [word],
	);
	if (first === undefined) return "scripted";
	const [wanted] = rest;
	const kind = AGENT_KINDS.find((known) => known === wanted);
	if (first === "--agents" && kind && rest.length === 1) return kind;
	throw new Error(
		`"${argv.join(" ")}" is not known: npm start takes --agents ${AGENT_KINDS.join(", --agents ")}, or nothing.`,
	);
}

/** A plain sentence where this machine cannot run them, else null. `platform` and `arch` as Node names them. */
export const whyNotHere = (platform: string, arch: string): string | null =>
	`${platform} ${arch}` === PLATFORM
		? null
		: `kilo and opencode are pinned for ${PLATFORM} only, and this is ${platform} ${arch}. The scripted agents run everywhere.`;
