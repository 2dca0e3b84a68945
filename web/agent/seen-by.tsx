import type { ReactNode } from "react";
import type { Agent } from "../../shared/gastown/index.ts";
import { agentStatusSince } from "../../shared/town-view/index.ts";
import { useOpenTown } from "../town/open-town.ts";
import { Ago, Duration, type Look, look, nothingRuns, Sign, Status, useNow } from "../ui/index.ts";
import { threeViews } from "./three-views.ts";

/** A status of the town's own row, as it is stored. */
const TOWN: Record<string, Look> = {
	idle: look("open", "Idle", "quiet"),
	working: look("underWay", "Working", "active"),
	waiting: look("waiting", "Waiting", "quiet"),
	stalled: look("warning", "Stalled", "warn"),
	dead: look("failed", "Dead", "bad"),
};

/** What a container tells of itself is live only (L8). */
const NOT_KEPT = look("unknown", "Not kept", "quiet");

/** One agent as the town's row, its container and its session each see it; ≠ where they contradict each other. */
export function SeenBy({ agent }: { agent: Agent }) {
	const { view, sight, beats, past } = useOpenTown();
	const now = useNow();
	const id = agent.bead_id;
	const beat = beats.get(id) ?? null;
	const signals = view.tables.agent_signals.get(id);
	const session = view.tables.agent_sessions.get(id);
	const status = sight.look.town("container")?.status;
	const runs = status === undefined ? null : !nothingRuns(sight);
	const { container, session: says, differ } = threeViews({ agent, beat, session, signals, runs, now });
	const since = agentStatusSince(view, agent);
	const turn = signals?.turn_since ?? null;
	const step = signals?.last_step_at ?? null;
	return (
		<div className="px-4 py-1" data-seen-by={differ.length > 0 ? "differ" : "agree"}>
			<dl className="grid grid-cols-3 gap-x-4 max-md:grid-cols-1">
				<Seen by="Town" look={TOWN[agent.status] ?? look("unknown", agent.status, "warn")}>
					{since === null ? null : <Duration since={since} className="!min-w-0" />}
				</Seen>
				<Seen by="Container" look={past && runs ? NOT_KEPT : container}>
					{beat ? (
						<span>
							heartbeat <Ago at={beat.heartbeat_at} />
						</span>
					) : null}
				</Seen>
				<Seen by="Session" look={says}>
					{turn !== null && runs !== false ? (
						<Duration since={turn} className="!min-w-0" />
					) : step === null ? null : (
						<span>
							last step <Ago at={step} />
						</span>
					)}
				</Seen>
			</dl>
			{differ.map((words) => (
				<p key={words} className="flex items-start gap-1 pt-0.5 text-tone-warn text-xs">
					<Sign name="differs" tone="warn" size={12} />
					{words}
				</p>
			))}
		</div>
	);
}

function Seen({ by, look, children }: { by: string; look: Look; children: ReactNode }) {
	return (
		<div className="flex min-w-0 flex-col max-md:flex-row max-md:gap-2">
			<dt className="text-tone-quiet text-xs max-md:w-20">{by}</dt>
			<dd className="flex min-w-0 flex-wrap items-center gap-x-2">
				<Status look={look} />
				<span className="text-tone-quiet text-xs">{children}</span>
			</dd>
		</div>
	);
}
