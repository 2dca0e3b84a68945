import { useEffect, useMemo, useRef, useState } from "react";
import type { Row, TOWN_TABLES } from "../../shared/gastown/index.ts";
import { timeOf } from "../../shared/town-view/index.ts";
import { useOpenTown } from "./open-town.ts";
import { useJournal } from "./use-journal.ts";

type StatusRow = Row<(typeof TOWN_TABLES)["agent_status_log"]>;

/** Agents whose last change is older than the newest page of the log are asked for one by one, at most so many. */
const MOST_ASKED = 40;

/** When each agent came into the status it has now, by the status log; epoch milliseconds of the town. */
export function useStatusSince(agent?: string): ReadonlyMap<string, number> {
	const { view, ask, version } = useOpenTown();
	const { rows, more } = useJournal("agent_status_log", agent === undefined ? {} : { agent_id: agent });
	const [older, setOlder] = useState<readonly StatusRow[]>([]);
	const asked = useRef(new Set<string>());
	// biome-ignore lint/correctness/useExhaustiveDependencies: the view changes in place; its version tells
	const since = useMemo(() => {
		const known = new Map<string, number>();
		for (const row of [...older, ...rows]) {
			const at = timeOf(row.at);
			if (at === null) continue;
			if (view.tables.agent_metadata.get(row.agent_id)?.status === row.to_status) known.set(row.agent_id, at);
			else known.delete(row.agent_id);
		}
		return known;
	}, [older, rows, view, version]);
	useEffect(() => {
		if (more !== true || agent !== undefined) return;
		for (const id of view.tables.agent_metadata.keys()) {
			if (since.has(id) || asked.current.has(id) || asked.current.size >= MOST_ASKED) continue;
			asked.current.add(id);
			ask({
				kind: "journal",
				entity: "agent_status_log",
				where: { agent_id: id },
				before: null,
				limit: 1,
			}).then(
				(answer) => setOlder((before) => [...(answer.rows as StatusRow[]), ...before]),
				// It stays "not seen"; the next visit of the tab asks again.
				() => asked.current.delete(id),
			);
		}
	}, [more, agent, since, view, ask]);
	return since;
}
