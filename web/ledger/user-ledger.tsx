import { Button } from "@cloudflare/kumo/components/button";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { Ago } from "../ui/time.tsx";
import { ReadError } from "../user/read-error.tsx";
import { ledgerRead, queryOf } from "./ask.ts";
import { FoundLines, usePlaced } from "./found-lines.tsx";
import { useHeld } from "./held.ts";

const NEWEST = 20;
const NONE: never[] = [];

/** The newest interventions on all towns of a user and of their organisations; the rest is in the search. */
export default function UserLedger({ userId }: { userId: string }) {
	const { data, error, isFetching, dataUpdatedAt, refetch } = useInfiniteQuery(
		ledgerRead(queryOf({ user: userId }), NEWEST),
	);
	const [open, setOpen] = useState<string | undefined>();
	const page = data?.pages[0];
	const stories = usePlaced(page?.stories ?? NONE);
	const { shown, newer, showAll } = useHeld(stories, ({ key }) => key, userId);
	return (
		<section
			aria-labelledby="user-ledger-head"
			className="rounded-lg border border-kumo-hairline bg-kumo-base"
		>
			<header className="flex min-h-9 flex-wrap items-center gap-x-3 border-b border-kumo-hairline px-4 py-1">
				<h2 id="user-ledger-head" className="font-semibold text-lg">
					Interventions
				</h2>
				<span className="text-tone-quiet">on these towns</span>
				<span className="flex-1" />
				{newer > 0 ? (
					<Button size="sm" variant="outline" onClick={showAll}>
						{newer} new above ↑
					</Button>
				) : null}
				{page && !error ? (
					<span className="text-tone-quiet">
						read <Ago at={dataUpdatedAt} />
					</span>
				) : null}
				<Link to="/ledger" search={{ user: userId }} className="text-tone-active hover:underline">
					{page?.next ? "All in the ledger" : "In the ledger"}
				</Link>
			</header>
			{error ? (
				<ReadError
					what="Reading the interventions"
					error={error}
					again={() => void refetch()}
					busy={isFetching}
				/>
			) : null}
			{page ? (
				stories.length > 0 ? (
					<FoundLines stories={shown} open={open} onOpen={setOpen} />
				) : error ? null : (
					<p className="px-4 py-3 text-tone-quiet">Nobody has done anything on these towns yet.</p>
				)
			) : error ? null : (
				<p role="status" className="px-4 py-3 text-tone-quiet">
					Reading the ledger
				</p>
			)}
		</section>
	);
}
