import { Button } from "@cloudflare/kumo/components/button";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useMemo } from "react";
import type { LedgerSearch } from "../routes/address.ts";
import { CopyLink } from "../routes/copy-link.tsx";
import { AdminOnly } from "../routes/sign-in.tsx";
import { useTitle } from "../routes/title.ts";
import { TopBar } from "../routes/top-bar.tsx";
import { Ago, Empty, look, plural, Status } from "../ui/index.ts";
import { Loading } from "../ui/none.tsx";
import { ReadError } from "../user/read-error.tsx";
import { filterInWords, ledgerRead, queryOf } from "./ask.ts";
import { CheckLedger, ExportLink } from "./check-ledger.tsx";
import { FoundLines, usePlaced } from "./found-lines.tsx";
import { useHeld } from "./held.ts";
import { LedgerFilters } from "./ledger-filters.tsx";

/** What the router loads for `/ledger`. */
export const LedgerRoute = () => (
	<AdminOnly>
		<LedgerPage />
	</AdminOnly>
);

/** Who did what, where and why, over all towns (LEDGER-4); the filters and what stands open are in the address. */
function LedgerPage() {
	const search = useSearch({ from: "/ledger" });
	const navigate = useNavigate({ from: "/ledger" });
	useTitle("Ledger");
	const go = (more: Partial<LedgerSearch>) =>
		void navigate({ search: (before) => ({ ...before, ...more }), replace: true });
	const clear = () => go(NO_FILTERS);
	const query = queryOf(search);
	const read = useInfiniteQuery(ledgerRead(query));
	const { data, error, isFetching, isPlaceholderData, refetch } = read;
	const found = useMemo(() => data?.pages.flatMap(({ stories }) => stories) ?? [], [data]);
	const stories = usePlaced(found);
	const { shown, newer, showAll } = useHeld(isPlaceholderData ? [] : stories, ({ key }) => key, query);
	const town = search.town === undefined ? undefined : stories[0]?.town;
	return (
		<div className="flex h-full flex-col">
			<TopBar crumbs={[]} under="ledger" tools={<CopyLink />} />
			<main className="flex min-h-0 flex-1 flex-col overflow-y-auto bg-kumo-base">
				<LedgerFilters search={search} go={go}>
					<span className="flex h-7 items-center gap-3">
						<ExportLink href={`/api/ledger/export.csv?${query}`}>Export these (CSV)</ExportLink>
						<ExportLink href={`/api/ledger/export.json?${query}`}>JSON</ExportLink>
					</span>
				</LedgerFilters>
				{town === undefined ? null : <CheckLedger key={town} town={town} />}
				<p role="status" className="flex min-h-7 flex-wrap items-center gap-x-3 px-4 text-tone-quiet">
					{data && !isPlaceholderData ? (
						<>
							<span data-count>
								{read.hasNextPage
									? `The newest ${stories.length}`
									: plural(stories.length, "entry", "entries")}
							</span>
							{error ? null : (
								<span>
									read <Ago at={read.dataUpdatedAt} />
								</span>
							)}
						</>
					) : null}
					{newer > 0 ? (
						<Button size="sm" variant="outline" onClick={showAll}>
							{newer} new above ↑
						</Button>
					) : null}
				</p>
				{error ? (
					<>
						<ReadError
							what="Reading the ledger"
							error={error}
							again={() => void refetch()}
							busy={isFetching}
						/>
						{filterInWords(search) === null ? null : (
							<Button size="sm" variant="outline" className="ml-10 self-start" onClick={clear}>
								Clear filters
							</Button>
						)}
					</>
				) : null}
				{!data || isPlaceholderData ? (
					error ? null : (
						<Loading rows={10} widths={["40px", "140px", "220px", "1fr", "200px"]} />
					)
				) : stories.length === 0 && !error ? (
					<NothingFound search={search} onClear={clear} />
				) : (
					<FoundLines stories={shown} open={search.open} onOpen={(open) => go({ open })} />
				)}
				{read.hasNextPage && !isPlaceholderData ? (
					<Button
						size="sm"
						variant="outline"
						className="mx-4 my-2 self-start"
						loading={read.isFetchingNextPage}
						onClick={() => void read.fetchNextPage()}
					>
						Load older entries
					</Button>
				) : null}
			</main>
		</div>
	);
}

const NO_FILTERS: Partial<LedgerSearch> = {
	...{ q: undefined, admin: undefined, user: undefined, town: undefined, target: undefined },
	...{ action: undefined, outcome: undefined, from: undefined, to: undefined },
};

function NothingFound({ search, onClear }: { search: LedgerSearch; onClear(): void }) {
	const filter = filterInWords(search);
	if (filter === null)
		return (
			<Empty title="No entries in any ledger.">
				Each intervention makes one, before anything is done; a visit makes one as well.
			</Empty>
		);
	return (
		<div data-none="no-match" className="flex flex-wrap items-center gap-2 px-4 py-3">
			<Status look={look("gone", "No match", "quiet")} />
			<span>
				No entry in any ledger has {filter}
				{search.visits === "1" || search.action ? "" : ", visits left out"}.
			</span>
			<Button size="sm" variant="outline" onClick={onClear}>
				Clear filters
			</Button>
		</div>
	);
}
