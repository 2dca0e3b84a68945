import { infiniteQueryOptions, keepPreviousData } from "@tanstack/react-query";
import { type LedgerPage, ledgerPage } from "../../shared/ledger/search.ts";
import { readJson } from "../http.ts";
import type { LedgerSearch } from "../routes/address.ts";

/** The list is read again so often while it is looked at. */
const AGAIN_MS = 5_000;

/** Filters that narrow the list, of those in the address. */
const FILTERS = ["q", "admin", "user", "town", "target", "action", "outcome", "from", "to"] as const;

/** The filters as the API takes them; who only looked is left out, unless asked for. */
export function queryOf(search: LedgerSearch): string {
	const query = new URLSearchParams();
	for (const name of FILTERS) {
		const value = search[name]?.trim();
		if (value) query.set(name, value);
	}
	if (search.visits !== "1" && !query.has("action")) query.set("without", "access");
	return query.toString();
}

/** The filters that are set, in words. */
export const filtersOf = (search: LedgerSearch): string[] =>
	FILTERS.flatMap((name) => (search[name] ? [`${name === "q" ? "text" : name} ${search[name]}`] : []));

/** The same in one text, for a list that is empty; null where there are none. */
export const filterInWords = (search: LedgerSearch): string | null => filtersOf(search).join(", ") || null;

/** Pages of what is found, newest first. */
export const ledgerRead = (query: string, limit?: number) =>
	infiniteQueryOptions({
		queryKey: ["ledger", query, limit],
		queryFn: ({ pageParam, signal }) => {
			const page = new URLSearchParams(query);
			if (pageParam !== null) page.set("before", pageParam);
			if (limit !== undefined) page.set("limit", String(limit));
			return readJson(ledgerPage, `/api/ledger?${page}`, { signal });
		},
		initialPageParam: null as string | null,
		getNextPageParam: (page: LedgerPage) => page.next,
		refetchInterval: AGAIN_MS,
		placeholderData: keepPreviousData,
	});

/** An ISO time as a field for date and time shows it, in the reader's zone; empty for what is none. */
export function fieldOfTime(iso: string | undefined): string {
	const at = Date.parse(iso ?? "");
	if (Number.isNaN(at)) return "";
	const local = new Date(at - new Date(at).getTimezoneOffset() * 60_000);
	return local.toISOString().slice(0, 16);
}

/** What was put into such a field, as an ISO time to the minute; undefined for an empty one. */
export function timeOfField(field: string): string | undefined {
	const at = new Date(field).getTime();
	return Number.isNaN(at) ? undefined : `${new Date(at).toISOString().slice(0, 16)}:00Z`;
}
