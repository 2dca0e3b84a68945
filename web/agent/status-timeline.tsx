import { timeOf } from "../../shared/town-view/index.ts";
import { keptCauseWords } from "../town/changes/cause-words.ts";
import { OlderRows } from "../town/older-rows.tsx";
import { useJournal } from "../town/use-journal.ts";
import { useNames } from "../town/use-names.ts";
import { duration, type Look, look, Status, Time, Timeline, unknownLook, useNow } from "../ui/index.ts";

/** A status of the past, as it was stored. */
const LOOKS: Record<string, Look> = {
	idle: look("open", "Idle", "quiet"),
	working: look("underWay", "Working", "active"),
	waiting: look("waiting", "Waiting", "quiet"),
	stalled: look("warning", "Stalled", "warn"),
	dead: look("failed", "Dead", "bad"),
};

/** From which status to which, when, because of what; newest first. */
export function StatusTimeline({ id }: { id: string }) {
	const journal = useJournal("agent_status_log", { agent_id: id });
	const nameOf = useNames();
	const now = useNow();
	const rows = journal.rows.flatMap((row) => {
		const at = timeOf(row.at);
		return at === null ? [] : [{ ...row, ms: at }];
	});
	const bars = rows.map((row, at) => ({
		from: row.ms,
		to: rows[at + 1]?.ms ?? now,
		look: LOOKS[row.to_status] ?? unknownLook(row.to_status),
	}));
	return (
		<>
			<div className="pb-2">
				<Timeline label="Status over time" stretches={bars} />
			</div>
			<ol>
				{rows
					.map((row, at) => ({ row, to: rows[at + 1]?.ms ?? null }))
					.reverse()
					.map(({ row, to }) => (
						<li key={row.id} className="flex flex-wrap items-center gap-x-3">
							<span className="w-16 text-tone-quiet">
								<Time at={row.ms} />
							</span>
							<Status look={LOOKS[row.to_status] ?? unknownLook(row.to_status)} />
							<span className="text-tone-quiet">
								for {duration((to ?? now) - row.ms, true)}, was{" "}
								{LOOKS[row.from_status ?? ""]?.word ?? row.from_status ?? "not there"}
								{row.cause ? `; ${keptCauseWords(row.cause, nameOf)}` : ""}
							</span>
						</li>
					))}
			</ol>
			<OlderRows
				journal={journal}
				what="status changes"
				makes="Its status has not changed since it was made."
			/>
		</>
	);
}
