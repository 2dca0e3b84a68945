import type { GitOperation } from "../../shared/gastown/index.ts";
import { timeOf } from "../../shared/town-view/index.ts";
import { fields } from "../export/sheet.ts";
import { TownExport } from "../export/town-export.tsx";
import { OlderRows } from "../town/older-rows.tsx";
import { useOpenTown } from "../town/open-town.ts";
import { SubjectLink } from "../town/subject-link.tsx";
import { useJournal } from "../town/use-journal.ts";
import { duration, look, Status, Terminal, Time } from "../ui/index.ts";

const GIT_EXPORT = fields<GitOperation>(
	...(["id", "at", "operation", "outcome", "rig_id", "agent_id", "bead_id"] as const),
	...(["command", "exit_code", "duration_ms", "stderr"] as const),
);

/** Every clone, fetch, push and merge that did not go well, newest first, with git's own words. */
export function GitFailures() {
	const { view } = useOpenTown();
	const journal = useJournal("git_operations", {});
	const failures = journal.rows.filter(({ outcome }) => outcome !== "ok").toReversed();
	return (
		<>
			{failures.length === 0 ? null : (
				<div className="flex justify-end">
					<TownExport of="git-failures" columns={GIT_EXPORT} rows={failures} />
				</div>
			)}
			<ol aria-label="Git operations that failed" className="flex flex-col">
				{failures.map((one) => {
					const at = timeOf(one.at);
					return (
						<li key={one.id} className="flex flex-col gap-1 border-kumo-hairline border-b py-1.5">
							<div className="flex flex-wrap items-center gap-x-3">
								<span className="w-24 text-tone-quiet">{at === null ? one.at : <Time at={at} />}</span>
								<Status look={look("failed", `${one.operation}: ${one.outcome}`, "bad")} />
								<span>{view.tables.rigs.get(one.rig_id ?? "")?.name ?? one.rig_id ?? ""}</span>
								{one.agent_id === null ? null : <SubjectLink subject={{ kind: "agent", id: one.agent_id }} />}
								{one.bead_id === null ? null : <SubjectLink subject={{ kind: "bead", id: one.bead_id }} />}
							</div>
							<Terminal
								text={one.stderr ?? "git wrote nothing"}
								head={`${one.command} · exit ${one.exit_code ?? "not seen"} · ${duration(one.duration_ms)}`}
								tail
							/>
						</li>
					);
				})}
			</ol>
			{failures.length === 0 &&
			journal.more === false &&
			journal.failed === null &&
			journal.rows.length > 0 ? (
				<Status look={look("done", `All ${journal.rows.length} git operations went well`, "good")} />
			) : null}
			<OlderRows
				journal={journal}
				what="git operations"
				makes="No agent has cloned, fetched or pushed yet."
			/>
		</>
	);
}
