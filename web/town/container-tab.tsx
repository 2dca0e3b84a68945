import {
	CONTAINER_COST,
	type ContainerEvent,
	type ContainerState,
	thresholdsOf,
	wakingCost,
} from "../../shared/gastown/index.ts";
import { lookupOf, timeOf } from "../../shared/town-view/index.ts";
import { Environment } from "../container/environment.tsx";
import { LifecycleLanes } from "../container/lifecycle-lanes.tsx";
import { Processes } from "../container/processes.tsx";
import { useLanes } from "../container/use-lanes.ts";
import {
	containerLook,
	count,
	Duration,
	duration,
	type Look,
	look,
	Money,
	nothingRuns,
	Status,
	Terminal,
	Time,
} from "../ui/index.ts";
import { ActionBar } from "./action-bar.tsx";
import { CauseCard } from "./cause-card.tsx";
import { logLine } from "./log-words.ts";
import { OlderRows } from "./older-rows.tsx";
import { useOpenTown } from "./open-town.ts";
import { type Journal, useJournal } from "./use-journal.ts";
import { useNames } from "./use-names.ts";

/** Is it alive, what killed it? Only what was pushed: looking never wakes it (FEED-9). */
export function ContainerTab() {
	const { id, view, sight, past, container: newest } = useOpenTown();
	// A sample of a container that has ended is not of now.
	const sample = nothingRuns(sight) ? null : newest;
	const unheard = past
		? "Not kept: what a container tells of its processes is live only."
		: nothingRuns(sight)
			? "Not seen: nothing is pushed while the container does not run."
			: "Not heard yet: a container that runs tells of itself every 10 seconds.";
	const lookup = lookupOf(view);
	const container = lookup.town("container");
	const thresholds = thresholdsOf(lookup.town("config"));
	const paused = lookup.town("run_policy")?.policy === "paused_by_user";
	const events = useJournal("container_events", {});
	const lanes = useLanes();
	return (
		<div className="min-h-0 flex-1 overflow-y-auto">
			<CauseCard kind="container" id="container" />
			<ActionBar kind="container" id={id} />
			<p className="px-4 pt-1 text-tone-quiet text-xs">Read without waking it</p>
			{container ? (
				<Facts
					container={container}
					paused={paused}
					sample={sample}
					budget={thresholds.restart_budget}
					idleMs={thresholds.idle_stop_ms}
				/>
			) : (
				<div className="px-4 py-2">
					<Status look={look("unknown", "Unknown: the town has not told of its container", "warn")} />
				</div>
			)}
			<Section title="Processes">
				{!sample ? (
					<p className="text-tone-quiet">{unheard}</p>
				) : sample.processes.length > 0 ? (
					<Processes processes={sample.processes} />
				) : (
					<p className="text-tone-quiet">Not seen: the container has told of none.</p>
				)}
			</Section>
			<Section title="Environment">
				<Environment />
			</Section>
			<Section title="Lifecycle">
				{lanes ? <LifecycleLanes lanes={lanes} /> : null}
				<Lifecycle events={events} />
			</Section>
			<Section title="Log">
				{sample ? (
					sample.log.length > 0 ? (
						<Log lines={sample.log} />
					) : (
						<p className="text-tone-quiet">No lines yet. The container runs and has written nothing.</p>
					)
				) : (
					<LastLog events={events} unheard={unheard} />
				)}
			</Section>
		</div>
	);
}

function Facts({
	container,
	paused,
	sample,
	budget,
	idleMs,
}: {
	container: ContainerState;
	paused: boolean;
	/** Restarts of a window, then the town stops trying (domain.md §2.13). */
	budget: number;
	/** Without work for so long it is put to sleep, in milliseconds. */
	idleMs: number;
	sample: { cpu: number | null; memory_mb: number | null; memory_limit_mb: number | null } | null;
}) {
	const since = timeOf(container.since);
	const stop = container.last_stop;
	const stopAt = timeOf(stop?.at);
	return (
		<dl className="grid grid-cols-[max-content_minmax(0,1fr)] gap-x-4 gap-y-1 px-4 py-2">
			<dt className="text-tone-quiet">Status</dt>
			<dd className="flex gap-2">
				<Status look={containerLook(container, paused)} />
				{since === null ? null : <Duration since={since} className="!min-w-0" />}
			</dd>
			<dt className="text-tone-quiet">Instance</dt>
			<dd className="font-mono text-xs leading-5">{container.instance_id ?? "none"}</dd>
			<dt className="text-tone-quiet">Restarts</dt>
			<dd>
				{container.restarts_in_window} of {budget} used
			</dd>
			<dt className="text-tone-quiet">Memory</dt>
			<dd>{memory(sample?.memory_mb ?? null, sample?.memory_limit_mb ?? null)}</dd>
			<dt className="text-tone-quiet">Processor</dt>
			<dd>
				{sample?.cpu === null || sample?.cpu === undefined ? "not seen" : `${Math.round(sample.cpu)} %`}
			</dd>
			<dt className="text-tone-quiet">Costs awake</dt>
			<dd>
				<Money dollars={CONTAINER_COST.awake} /> an hour, up to <Money dollars={CONTAINER_COST.busiest} />{" "}
				more for the processor that it uses; a wake for nothing <Money dollars={wakingCost(idleMs)} />, since
				it sleeps after {duration(idleMs)} without work
			</dd>
			<dt className="text-tone-quiet">Last stop</dt>
			<dd>
				{stop && stopAt !== null ? (
					<>
						<Time at={stopAt} />: {stop.reason || "no reason given"}
						{stop.exit_code === null ? ", exit not seen" : `, exit ${stop.exit_code}`}
						{stop.oom ? ", out of memory" : ""}, memory {memory(stop.memory_mb, stop.memory_limit_mb)},{" "}
						{stop.agents.length} agents worked
					</>
				) : (
					"none seen"
				)}
			</dd>
		</dl>
	);
}

const memory = (used: number | null, limit: number | null) =>
	used === null
		? "not seen"
		: `${count(Math.round(used))}${limit === null ? "" : ` of ${count(Math.round(limit))}`} MiB`;

function Section({ title, children }: { title: string; children: React.ReactNode }) {
	return (
		<section className="border-t border-kumo-hairline px-4 py-3">
			<h3 className="pb-1 font-semibold text-lg">{title}</h3>
			{children}
		</section>
	);
}

const EVENTS: Record<string, Look> = {
	start: look("changing", "Start", "active"),
	stop: look("open", "Stop", "quiet"),
	error: look("failed", "Error", "bad"),
	sleep: look("asleep", "Sleep", "quiet"),
	wake: look("changing", "Wake", "active"),
	health: look("done", "Health", "good"),
	eviction: look("gone", "Eviction", "quiet"),
};

function eventLook(event: ContainerEvent): Look {
	if (event.type === "stop" && event.exit_code !== null && event.exit_code !== 0)
		return look("failed", `Died, exit ${event.exit_code}`, "bad");
	if (event.type === "health" && event.detail.ok === false) return look("warning", "Unhealthy", "warn");
	return EVENTS[event.type] ?? look("unknown", event.type, "warn");
}

function Lifecycle({ events }: { events: Journal<"container_events"> }) {
	return (
		<>
			<ol className="flex flex-col">
				{events.rows.toReversed().map((event) => {
					const at = timeOf(event.at);
					return (
						<li
							key={event.id}
							className="flex min-h-7 flex-wrap items-center gap-x-3 border-b border-kumo-hairline"
						>
							<span className="w-24 text-tone-quiet">{at === null ? event.at : <Time at={at} />}</span>
							<span className="w-36">
								<Status look={eventLook(event)} />
							</span>
							<span className="min-w-0 flex-1">{event.reason ?? ""}</span>
							{event.memory_mb === null ? null : (
								<span className="text-tone-quiet">{memory(event.memory_mb, event.memory_limit_mb)}</span>
							)}
							<span className="font-mono text-tone-quiet text-xs">
								{event.instance_id?.slice(0, 8) ?? ""}
							</span>
						</li>
					);
				})}
			</ol>
			<OlderRows journal={events} what="lifecycle events" makes="The container has never been started." />
		</>
	);
}

function Log({ lines }: { lines: readonly string[] }) {
	const nameOf = useNames();
	return <Terminal text={lines.map((line) => logLine(line, nameOf)).join("\n")} tail />;
}

function LastLog({ events, unheard }: { events: Journal<"container_events">; unheard: string }) {
	const last = events.rows.findLast((event) => event.log.length > 0);
	if (!last) return <p className="text-tone-quiet">{unheard}</p>;
	const at = timeOf(last.at);
	return (
		<>
			<p className="pb-1 text-tone-quiet">
				Nothing is pushed now. The last {last.log.length} lines before {last.type}
				{at === null ? "" : " at "}
				{at === null ? null : <Time at={at} />}:
			</p>
			<Log lines={last.log} />
		</>
	);
}
