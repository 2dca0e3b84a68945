import { useQuery } from "@tanstack/react-query";
import type { RowsAnswer } from "../../shared/protocol/index.ts";
import type { Asked } from "../town/open-town.ts";
import { readPast, type ThePast } from "./read-past.ts";
import { formatAt, parseAt } from "./where.ts";

/** Another moment than now, as the address has it. `there` may still be the moment before while the next one is read. */
export type Past =
	| { is: "reading" }
	/** `again` where another try may help. */
	| { is: "failed"; message: string; again: (() => void) | null }
	| { is: "there"; moment: ThePast; reads: boolean };

/** Null for now. It is read once the town was seen; afterwards it needs nothing. */
export function usePast(
	town: string,
	at: string | undefined,
	ask: (question: Asked) => Promise<RowsAnswer>,
	live: boolean,
): Past | null {
	const where = parseAt(at);
	const key = where && formatAt(where);
	const { data, error, refetch, isPlaceholderData } = useQuery({
		queryKey: ["past", town, key],
		queryFn: () => readPast(ask, where ?? { is: "seq", seq: 0 }),
		enabled: where !== null && live,
		staleTime: Number.POSITIVE_INFINITY,
		// Until another moment has come, the one before stands, and says which it is.
		placeholderData: (before, query) => (query?.queryKey[1] === town ? before : undefined),
	});
	if (at === undefined) return null;
	if (where === null)
		return {
			is: "failed",
			message: `"${at}" is no moment: a change's number or a time like 2026-11-22T12:04:31Z.`,
			again: null,
		};
	if (error) return { is: "failed", message: error.message, again: () => void refetch() };
	return data ? { is: "there", moment: data, reads: isPlaceholderData } : { is: "reading" };
}
