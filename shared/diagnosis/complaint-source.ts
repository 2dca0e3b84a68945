import { timeOf } from "../town-view/index.ts";
import type { Around } from "./complaint-around.ts";
import type { Facts } from "./facts.ts";
import type { Evidence } from "./finding.ts";
import { ago } from "./words.ts";

/** One place where the rules look, as it stands for what is complained of. */
export type Source = {
	/** What it says, and the rows that say it; null where there are none. */
	read(facts: Facts, around: Around): { says: string; evidence: Evidence[] } | null;
	/** What is missing then, in words. */
	missing: string;
};

export const says = (text: string, ...evidence: Evidence[]) => ({ says: text, evidence });

/** What so many say, each in a sentence; null where nobody does. More than a few would not be read. */
export function allSay<T>(list: readonly T[], sentence: (one: T) => string, row: (one: T) => Evidence) {
	const shown = list.slice(0, 3);
	return list.length === 0 ? null : { says: shown.map(sentence).join(" "), evidence: shown.map(row) };
}

export const when = (at: string | null | undefined, { now }: Facts): string =>
	timeOf(at) === null ? "at no known time" : ago(now - (timeOf(at) ?? now));
