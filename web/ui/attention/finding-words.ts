import type { Finding, Subject } from "../../../shared/diagnosis/finding.ts";
import { plural } from "../format/number.ts";
import { clockTime } from "../format/time.ts";

/** Distinct things behind a finding by kind: `3 agents, 4 beads` (D3). */
export function behindWords(behind: readonly Subject[]): string {
	const counts = new Map<string, number>();
	for (const { kind } of behind) counts.set(kind, (counts.get(kind) ?? 0) + 1);
	return [...counts].map(([kind, n]) => plural(n, kind)).join(", ");
}

/** Who mends it, by itself with the time where that is known. */
export function recoversWords(finding: Finding): string {
	const { recovers } = finding;
	// The rules say whose it is in their own words where they say why; a full stop is the reader's to set.
	const bare = recovers.text.replace(WHOSE, "").replace(/\.$/, "");
	// After a colon; a name keeps its capital, and so does a first word that is all capitals.
	const text = /^(At|It|Its|The|A|An|Only|When|After|Not)\b/.test(bare)
		? bare.charAt(0).toLowerCase() + bare.slice(1)
		: bare;
	if (recovers.who === "self")
		return `By itself${recovers.at === null ? "" : ` at ${clockTime(recovers.at)}`}: ${text}`;
	const whose = recovers.who === "user" ? "Only the owner can" : "Not by itself";
	return text === "" ? whose : `${whose}: ${text}`;
}
const WHOSE = /^(not by itself|only the town's owner can|the town's owner)[:.]?\s*/i;
