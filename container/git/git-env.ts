import { join } from "node:path";
import type { GitReport } from "../../shared/ingest/index.ts";

/** What the container's own git and its agents' git are told by their environment: no file outside its folder is touched. */
export function gitEnv(options: {
	/** Folder of `gt`, the git shim and the credential helper. */
	bin: string;
	home: string;
	/** Whose commits they are. */
	name: string;
	/** Where the helper asks for a token, and as whom. */
	controlUrl: string;
	token: string;
}): Record<string, string> {
	const { bin, home, name, controlUrl, token } = options;
	const email = `${name.toLowerCase().replace(/[^a-z0-9]+/g, "-")}@agents.townwatch.example`;
	const config: [string, string][] = [
		// The empty one forgets helpers of the machine.
		["credential.helper", ""],
		["credential.helper", `!${quote(process.execPath)} ${quote(join(bin, "git-credential-gastown.mjs"))}`],
		["credential.useHttpPath", "true"],
		["advice.detachedHead", "false"],
		["init.defaultBranch", "main"],
		["http.lowSpeedLimit", "1"],
		["http.lowSpeedTime", "30"],
	];
	return {
		...Object.fromEntries(
			config.flatMap(([key, value], n) => [
				[`GIT_CONFIG_KEY_${n}`, key],
				[`GIT_CONFIG_VALUE_${n}`, value],
			]),
		),
		GIT_CONFIG_COUNT: String(config.length),
		GIT_CONFIG_NOSYSTEM: "1",
		GIT_TERMINAL_PROMPT: "0",
		GIT_AUTHOR_NAME: name,
		GIT_AUTHOR_EMAIL: email,
		GIT_COMMITTER_NAME: name,
		GIT_COMMITTER_EMAIL: email,
		HOME: home,
		GASTOWN_CONTROL_URL: controlUrl,
		GASTOWN_AGENT_TOKEN: token,
	};
}

const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** Told of every command that talks to the forge, and of every merge; the caller knows whose it is. */
export type OnGit = (
	report: Pick<GitReport, "operation" | "command" | "outcome" | "exit_code" | "stderr" | "duration_ms">,
) => void;
