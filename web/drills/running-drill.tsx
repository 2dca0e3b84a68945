import { Button } from "@cloudflare/kumo/components/button";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useStore } from "zustand";
import { rootOf } from "../../shared/diagnosis/finding.ts";
import type { DrillOffer, DrillRun } from "../../shared/drills/index.ts";
import { storiesOf } from "../ledger/stories-of.ts";
import type { TownClient } from "../live/client.ts";
import { useClient } from "../town/use-client.ts";
import { useDiagnoses } from "../town/use-diagnosis.ts";
import { look, Status, useWallNow } from "../ui/index.ts";
import { ReadError } from "../user/read-error.tsx";
import { type Course, clock, courseAfter, endWords, NOT_BEGUN, STEPS } from "./course.ts";
import { usePractice } from "./practice.ts";
import { runRead, tell } from "./reads.ts";

/** Who has looked so long may have a hint. */
const HINT_MS = 60_000;

type Props = { offer: DrillOffer; town: string };

/** The drill that runs: how far its town is broken, then how far somebody has come with mending it. */
export function RunningDrill({ offer, town }: Props) {
	const read = useQuery(runRead(town));
	const { ended } = usePractice();
	const client = useClient(town, `drill ${offer.code}`);
	const stop = (course: Course | null) => {
		void tell(town, "end").catch(() => undefined);
		ended(course);
	};
	const run = read.data;
	return (
		<section
			aria-label="Running drill"
			className="flex flex-col gap-2 border-kumo-hairline border-b bg-kumo-base px-4 py-3"
		>
			<h2 className="text-lg font-semibold">
				Running: {offer.code}
				<span className="pl-3 text-base font-normal text-tone-quiet">“{offer.says}”</span>
			</h2>
			{read.error ? (
				<ReadError
					what="How far it has come"
					error={read.error}
					again={() => void read.refetch()}
					busy={read.isFetching}
				/>
			) : null}
			{run?.state === "failed" ? (
				<p role="alert" className="text-tone-bad">
					It could not be broken: {run.error}
				</p>
			) : null}
			{run?.state === "breaking" || !run ? (
				<Status look={look("changing", "Being broken", "active")} />
			) : null}
			{run?.state === "broken" && client ? (
				<Watched offer={offer} run={run} client={client} onEnd={stop} />
			) : (
				<div>
					<Button size="sm" variant="outline" onClick={() => stop(null)}>
						Stop and clean up
					</Button>
				</div>
			)}
		</section>
	);
}

/** What its remedy asks for and nobody could know: made up for practice. */
function Given({ run: { secrets = {}, choose = {} } }: { run: DrillRun }) {
	const chosen = Object.entries(choose).map(([name, params]) => [name, Object.values(params).join(", ")]);
	const all = [...Object.entries(secrets), ...chosen];
	return all.length === 0 ? null : (
		<p className="text-tone-quiet">
			Its sheet asks you for{" "}
			{all.map(([name, value]) => (
				<span key={name}>
					<code className="select-all text-kumo-default">{value}</code> ({name}){" "}
				</span>
			))}
		</p>
	);
}

type WatchedProps = {
	offer: DrillOffer;
	run: DrillRun;
	client: TownClient;
	onEnd(course: Course | null): void;
};

function Watched({ offer, run, client, onEnd }: WatchedProps) {
	const { live } = useDiagnoses(client, null);
	const ledger = useStore(client.store, (state) => state.ledger);
	const now = useWallNow();
	const stories = storiesOf(ledger);
	const brokenAt = run.broken_at ?? now;
	const [course, setCourse] = useState(NOT_BEGUN);
	useEffect(
		() =>
			setCourse((before) =>
				courseAfter(before, { brokenAt, now, code: offer.code, diagnosis: live, stories }),
			),
		[brokenAt, now, offer.code, live, stories],
	);
	const owner = useMutation({ mutationFn: () => tell(run.town, "mend") });
	const [hinted, setHinted] = useState(false);
	const finding = rootOf(live.findings, offer.code);
	const ended = endWords(course);
	const done = ended !== null;
	return (
		<>
			<ol aria-label="Its course" className="flex flex-wrap items-center gap-x-2 text-base tabular-nums">
				<li>fault {clock(0)}</li>
				{STEPS.map((step) => (
					<li key={step} data-step={step} className={course[step] === null ? "text-tone-quiet" : ""}>
						<span aria-hidden>→ </span>
						{step} {course[step] === null ? "…" : clock(course[step])}
					</li>
				))}
				{done ? null : (
					<li className="text-tone-quiet">{clock(Math.max(0, now - brokenAt) / 1_000)} so far</li>
				)}
			</ol>
			{ended === null ? null : <Status look={look("done", ended, "good")} />}
			{hinted ? (
				<p>
					{finding
						? `${finding.sentence}. Attention in its town offers what mends it.`
						: "It is not told yet. "}
					<span className="text-tone-quiet"> What was done to it: {offer.how}</span>
				</p>
			) : null}
			<Given run={run} />
			<div className="flex flex-wrap items-center gap-2">
				<a
					href={`/towns/${encodeURIComponent(run.town)}/state`}
					target="_blank"
					rel="noreferrer"
					className="text-tone-active hover:underline"
				>
					Watch it in its town
				</a>
				{offer.outside && finding?.recovers.who === "user" ? (
					<Button size="sm" variant="outline" loading={owner.isPending} onClick={() => owner.mutate()}>
						Do what its owner would do
					</Button>
				) : null}
				{owner.error ? (
					<span role="alert" className="text-tone-bad">
						{owner.error.message}
					</span>
				) : null}
				{!hinted && !done && now - brokenAt >= HINT_MS ? (
					<Button size="sm" variant="ghost" onClick={() => setHinted(true)}>
						Show me a hint
					</Button>
				) : null}
				<Button size="sm" variant={done ? "primary" : "outline"} onClick={() => onEnd(done ? course : null)}>
					{done ? "Done, clean up" : "Stop and clean up"}
				</Button>
			</div>
		</>
	);
}
