import { delimiter, dirname } from "node:path";
import { type FetchedKind, PACKAGES, whyNotHere } from "./agent-packages.ts";
import type { Agents } from "./app.ts";
import { fetchPackage } from "./fetch-package.ts";

/**
 * The programs of this kind of agent: fetched by npm where they are not there yet, which is the only time that the network is needed.
 * Throws with a plain sentence. `signal` breaks it off, and leaves nothing half done.
 */
export async function fetchAgents(
	kind: FetchedKind,
	say: (line: string) => void,
	signal: AbortSignal,
): Promise<Agents> {
	const why = whyNotHere(process.platform, process.arch);
	if (why) throw new Error(why);
	const binary = await fetchPackage(kind, PACKAGES[kind], say, signal);
	const ripgrep = await fetchPackage("ripgrep", PACKAGES.ripgrep, say, signal);
	return { kind, binary, path: `${dirname(ripgrep)}${delimiter}${process.env.PATH ?? ""}` };
}
