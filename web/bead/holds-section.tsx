import { OlderRows } from "../town/older-rows.tsx";
import { useOpenTown } from "../town/open-town.ts";
import { SubjectLink } from "../town/subject-link.tsx";
import { useJournal } from "../town/use-journal.ts";
import { Duration, Time } from "../ui/index.ts";
import { type Hold, holdsOf } from "./holds.ts";

/** Who had a bead, or what an agent had, on hook and as assignee, newest first. */
export function Holds({ where }: { where: { bead_id: string } | { agent_id: string } }) {
	const journal = useJournal("bead_events", where as Record<string, string>);
	const ofBead = "bead_id" in where;
	const all = holdsOf(journal.rows);
	// An agent's own rows tell of its hook; who is assigned is written by whoever assigns.
	const holds = (ofBead ? all : all.filter((hold) => hold.agent === where.agent_id)).reverse();
	return (
		<>
			{holds.length > 0 ? (
				<table className="w-full" data-holds={holds.length}>
					<thead>
						<tr className="text-left text-tone-quiet text-xs">
							<th className="w-20 font-medium">From</th>
							<th className="w-20 font-medium">To</th>
							<th className="w-20 font-medium">For</th>
							<th className="font-medium">{ofBead ? "Agent" : "Bead"}</th>
							<th className="font-medium">Ended by</th>
						</tr>
					</thead>
					<tbody>
						{holds.map((hold) => (
							<Row
								key={`${hold.how} ${hold.agent} ${hold.bead} ${hold.from} ${hold.to}`}
								hold={hold}
								ofBead={ofBead}
							/>
						))}
					</tbody>
				</table>
			) : null}
			{journal.more === false && holds.length === 0 && journal.failed === null ? (
				<p className="text-tone-quiet">
					{ofBead ? "No agent has had it." : "It has had no bead on its hook."}
				</p>
			) : journal.more === false && journal.failed === null ? null : (
				<OlderRows journal={journal} what="history" makes="Gastown has written nothing of it." />
			)}
		</>
	);
}

function Row({ hold, ofBead }: { hold: Hold; ofBead: boolean }) {
	const { from, to, how, why } = hold;
	const { past } = useOpenTown();
	return (
		<tr>
			<td>{from === null ? <span className="text-tone-quiet">not loaded</span> : <Time at={from} />}</td>
			<td>{to === null ? past ? "that moment" : "now" : <Time at={to} />}</td>
			<td>{from === null ? "" : <Duration since={from} until={to ?? undefined} className="!min-w-0" />}</td>
			<td className="max-w-48">
				<span className="flex min-w-0 gap-1.5">
					<span className="text-tone-quiet">{how === "hook" ? "hook" : "assignee"}</span>
					<SubjectLink
						subject={ofBead ? { kind: "agent", id: hold.agent } : { kind: "bead", id: hold.bead }}
						sign={false}
					/>
				</span>
			</td>
			<td className="text-tone-quiet">{why ?? ""}</td>
		</tr>
	);
}
