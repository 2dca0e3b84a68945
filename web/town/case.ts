import { z } from "zod";
import { personalStore } from "../settings/person.ts";

/** A case, or a few words, given when a town was opened (LEDGER-11); asked once a day for each town and person. */
type Cases = {
	given: Readonly<Record<string, { words: string; at: number }>>;
	/** The words last given for any town: offered again (WCAG 3.3.7). */
	last: string;
	give(key: string, words: string, at: number): void;
};

const DAY_MS = 86_400_000;

const kept = z.object({
	given: z.record(z.string(), z.object({ words: z.string(), at: z.number() })),
	last: z.string(),
});

export const useCases = personalStore<Cases>("cases", kept, (set) => ({
	given: {},
	last: "",
	give: (key, words, at) =>
		set(({ given }) => ({
			given: {
				...Object.fromEntries(Object.entries(given).filter(([, old]) => at - old.at < DAY_MS)),
				[key]: { words, at },
			},
			last: words,
		})),
}));

export const caseKey = (admin: string, town: string): string => JSON.stringify([admin, town]);

/** The words given within a day of `now` (epoch milliseconds), else null. */
export function caseGiven(given: Cases["given"], key: string, now: number): string | null {
	const found = given[key];
	return found && now - found.at < DAY_MS ? found.words : null;
}
