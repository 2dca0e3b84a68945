import { useMemo } from "react";
import { timeOf } from "../../shared/town-view/index.ts";
import { useOpenTown } from "./open-town.ts";
import { useJournal } from "./use-journal.ts";

/** When each agent came into the status it has now, by the newest page of the status log; epoch milliseconds of the town. */
export function useStatusSince(agent?: string): ReadonlyMap<string, number> {
	const { view } = useOpenTown();
	const { rows } = useJournal("agent_status_log", agent === undefined ? {} : { agent_id: agent });
	return useMemo(() => {
		const since = new Map<string, number>();
		for (const row of rows) {
			const at = timeOf(row.at);
			if (at === null) continue;
			if (view.tables.agent_metadata.get(row.agent_id)?.status === row.to_status) since.set(row.agent_id, at);
			else since.delete(row.agent_id);
		}
		return since;
	}, [rows, view]);
}
