import { rowsOf, timeOf } from "../../shared/town-view/index.ts";
import { Section } from "../bead/section.tsx";
import { useOpenTown } from "../town/open-town.ts";
import { Duration, plural } from "../ui/index.ts";

/** Told to the mayor and not in its session: those that wait, and those that could not be delivered. */
export function WaitingMessages({ id }: { id: string }) {
	const { view } = useOpenTown();
	const rows = rowsOf<"agent_nudges">(view.tables.agent_nudges, view.indexes.nudgesByAgent.get(id))
		.filter(({ status }) => status !== "delivered")
		.sort((a, b) => (a.created_at < b.created_at ? 1 : -1));
	return (
		<Section title="Not delivered" aside={rows.length > 0 ? plural(rows.length, "message") : undefined}>
			{rows.length === 0 ? (
				<p className="text-tone-quiet">Everything that it was told is in its session.</p>
			) : (
				<ol className="flex flex-col gap-1">
					{rows.slice(0, SHOWN).map((row) => {
						const at = timeOf(row.created_at);
						return (
							<li key={row.nudge_id} className="border-b border-kumo-hairline pb-1">
								<span className="flex flex-wrap gap-x-2 text-tone-quiet text-xs">
									<span className={row.status === "failed" ? "text-tone-bad" : ""}>
										{row.status === "queued" ? "waits" : row.status}
									</span>
									{at === null ? null : (
										<span>
											for <Duration since={at} className="!min-w-0" />
										</span>
									)}
									<span>from {row.source}</span>
								</span>
								<p className="line-clamp-3 break-words">{row.message}</p>
								{row.error ? <p className="break-words text-tone-bad text-xs">{row.error}</p> : null}
							</li>
						);
					})}
				</ol>
			)}
			{rows.length > SHOWN ? (
				<p className="text-tone-quiet text-xs">and {plural(rows.length - SHOWN, "older message")}</p>
			) : null}
		</Section>
	);
}

const SHOWN = 20;
