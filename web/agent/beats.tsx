import { useEffect, useState } from "react";
import { lastExitOf, timeOf } from "../../shared/town-view/index.ts";
import { Section } from "../bead/section.tsx";
import { useOpenTown } from "../town/open-town.ts";
import { Ago, Duration, duration, heardAt, Id, look, nothingRuns, plural, Status, Time, Timeline, useNow } from "../ui/index.ts"; // biome-ignore format: a list
import { type Gap, gapsIn, usualInterval, withBeat } from "./beat-log.ts";

/** Heartbeats of this agent since its inspector was opened; they are live only, so that nobody else has kept them (FEED-9). */
function useBeatLog(id: string): readonly number[] {
	const at = useOpenTown().beats.get(id)?.heartbeat_at;
	const [seen, setSeen] = useState<readonly number[]>([]);
	useEffect(() => {
		if (at !== undefined) setSeen((before) => withBeat(before, at));
	}, [at]);
	return seen;
}

/** Whether it lives: its heartbeats with their gaps, its process, and how its last one ended. */
export function Beats({ id }: { id: string }) {
	const { view, sight, past } = useOpenTown();
	const seen = useBeatLog(id);
	const now = useNow();
	const agent = view.tables.agent_metadata.get(id);
	const heard = agent ? heardAt(agent, sight) : null;
	const alive = agent?.container_process_id != null && !nothingRuns(sight);
	const gaps = gapsIn(seen, alive ? now : (seen.at(-1) ?? now));
	const usual = usualInterval(seen);
	return (
		<>
			<Section
				title="Heartbeats"
				aside={past ? "live only" : "live only: what came before this was opened is not kept"}
			>
				<Facts>
					<Fact name="Last">
						{heard === null ? (
							unseen(past)
						) : (
							<>
								<Time at={heard} />, <Ago at={heard} />
							</>
						)}
					</Fact>
					<Fact name="Seen here">
						{past ? unseen(past) : plural(seen.length, "heartbeat")}
						{usual === null ? "" : `, usually every ${duration(usual)}`}
					</Fact>
					<Fact name="Gaps">
						{past ? (
							unseen(past)
						) : usual === null ? (
							<span className="text-tone-quiet">not known yet: two heartbeats tell the first interval</span>
						) : gaps.length === 0 ? (
							"none seen"
						) : (
							<ul>
								{gaps.map((gap) => (
									<li key={gap.from} className="flex gap-2">
										<Status look={look("late", "No heartbeat", "warn")} />
										<Time at={gap.from} /> for{" "}
										<Duration since={gap.from} until={gap.to} className="!min-w-0" />
									</li>
								))}
							</ul>
						)}
					</Fact>
				</Facts>
				{seen.length > 1 ? <Timeline label="Heartbeats seen here" stretches={stretches(seen, gaps)} /> : null}
			</Section>
			<Process id={id} alive={alive} />
		</>
	);
}

/** What is live only cannot be seen of the past (L9). */
const unseen = (past: unknown) => (past ? "not kept" : "not seen");

/** Beating, and the hatched gaps between. */
function stretches(seen: readonly number[], gaps: readonly Gap[]) {
	const beating = look("running", "Beats", "good");
	let from = seen[0] ?? 0;
	const out = gaps.flatMap((gap) => {
		const before = { from, to: gap.from, look: beating };
		from = gap.to;
		return before.to > before.from ? [before, { ...gap, look: null }] : [{ ...gap, look: null }];
	});
	const last = seen.at(-1) ?? from;
	return last > from ? [...out, { from, to: last, look: beating }] : out;
}

function Process({ id, alive }: { id: string; alive: boolean }) {
	const { view, beats, container, past } = useOpenTown();
	const agent = view.tables.agent_metadata.get(id);
	const beat = beats.get(id);
	const listed = container?.processes.find((process) => process.agent_id === id);
	const exit = agent ? lastExitOf(agent) : null;
	const exitAt = timeOf(exit?.at);
	const cpu = listed?.cpu ?? beat?.cpu;
	const memory = listed?.memory_mb ?? beat?.memory_mb;
	const uptime = listed?.uptime_s ?? beat?.uptime_s;
	return (
		<Section title="Process">
			<Facts>
				<Fact name="Process">
					{alive ? (listed?.pid ?? beat?.pid ?? agent?.container_process_id) : "none runs"}
					{!alive && beat?.pid ? <span className="text-tone-quiet"> · last seen {beat.pid}</span> : null}
				</Fact>
				{alive ? (
					<>
						<Fact name="CPU">{cpu == null ? unseen(past) : `${cpu.toFixed(1)} %`}</Fact>
						<Fact name="Memory">{memory == null ? unseen(past) : `${Math.round(memory)} MiB`}</Fact>
						<Fact name="Runs for">{uptime == null ? unseen(past) : duration(uptime * 1_000, true)}</Fact>
					</>
				) : null}
				{agent?.current_attempt_id ? (
					<Fact name="Attempt">
						<Id id={agent.current_attempt_id} label="id of the attempt" />
					</Fact>
				) : null}
				<Fact name="Last end">
					{exit && exitAt !== null ? (
						<>
							<Time at={exitAt} />: {exit.reason.replaceAll("_", " ")}
							{exit.code === null ? "" : `, exit ${exit.code}`}
							{exit.signal ? `, ${exit.signal}` : ""}
						</>
					) : (
						"none seen"
					)}
				</Fact>
			</Facts>
		</Section>
	);
}

const Facts = ({ children }: { children: React.ReactNode }) => (
	<dl className="grid grid-cols-[96px_minmax(0,1fr)] gap-x-3 gap-y-1 pb-1">{children}</dl>
);

const Fact = ({ name, children }: { name: string; children: React.ReactNode }) => (
	<>
		<dt className="text-tone-quiet">{name}</dt>
		<dd className="min-w-0">{children}</dd>
	</>
);
