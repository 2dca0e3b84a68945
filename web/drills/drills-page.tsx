import { Button } from "@cloudflare/kumo/components/button";
import { useMutation, useQuery } from "@tanstack/react-query";
import { CAUSE_WORDS } from "../../shared/diagnosis/cause-words.ts";
import { type CauseCode, COMPLAINTS, scenarioOf } from "../../shared/diagnosis/codes.ts";
import type { DrillOffer } from "../../shared/drills/index.ts";
import { AdminOnly } from "../routes/sign-in.tsx";
import { useTitle } from "../routes/title.ts";
import { TopBar } from "../routes/top-bar.tsx";
import { look, plural, Status } from "../ui/index.ts";
import { Loading } from "../ui/none.tsx";
import { ReadError } from "../user/read-error.tsx";
import { endWords } from "./course.ts";
import { usePractice } from "./practice.ts";
import { begin, offersRead } from "./reads.ts";
import { RunningDrill } from "./running-drill.tsx";

/** What the router loads for `/drills`. */
export const DrillsRoute = () => (
	<AdminOnly>
		<DrillsPage />
	</AdminOnly>
);

/** Failures to practise on, each in a fresh town of its own: pick one, watch it happen, mend it. */
function DrillsPage() {
	useTitle("Drills");
	const { data: offers, error, refetch, isFetching } = useQuery(offersRead);
	const { running, courses } = usePractice();
	const mended = offers?.filter(({ code }) => courses[code]?.cleared != null).length ?? 0;
	const offer = offers?.find(({ code }) => code === running?.code);
	return (
		<div className="flex h-full flex-col">
			<TopBar crumbs={[]} under="drills" />
			<main className="flex min-h-0 flex-1 flex-col overflow-y-auto bg-kumo-base">
				<p className="px-4 py-2 text-tone-quiet">
					{offers ? `${plural(offers.length, "failure")}, ${mended} mended here. ` : ""}
					Each breaks a fresh town of its own for real; nobody's work is touched.
				</p>
				{error ? (
					<ReadError what="The list of drills" error={error} again={() => void refetch()} busy={isFetching} />
				) : null}
				{offers || error ? null : <Loading />}
				{running && offer ? <RunningDrill key={running.town} offer={offer} town={running.town} /> : null}
				{[...byComplaint(offers ?? [])].map(([complaint, drills]) => (
					<section key={complaint} aria-labelledby={`complaint-${complaint}`}>
						<h2
							id={`complaint-${complaint}`}
							className="sticky top-0 bg-kumo-base px-4 pt-4 pb-1 font-semibold text-base"
						>
							{complaint}
						</h2>
						<ul>
							{drills.map((one) => (
								<DrillLine key={one.code} offer={one} busy={running !== null} />
							))}
						</ul>
					</section>
				))}
			</main>
		</div>
	);
}

/** In the user's words, as the first of each scenario has them. */
const byComplaint = (offers: readonly DrillOffer[]): Map<string, DrillOffer[]> =>
	Map.groupBy(offers, ({ code, says }) => {
		const complaint = scenarioOf(code);
		return complaint ? COMPLAINTS[complaint] : says;
	});

function DrillLine({ offer, busy }: { offer: DrillOffer; busy: boolean }) {
	const { courses, running, begun } = usePractice();
	const run = useMutation({
		mutationFn: () => begin(offer.code),
		onSuccess: ({ code, town }) => begun(code, town),
	});
	const course = courses[offer.code];
	const ended = course ? endWords(course) : null;
	return (
		<li className="grid min-h-9 grid-cols-[minmax(0,2fr)_minmax(0,3fr)_160px_110px] items-center gap-x-4 border-kumo-hairline border-b px-4 py-1 max-md:grid-cols-1">
			<span className="min-w-0">
				<span className="block">{CAUSE_WORDS[offer.code as CauseCode] ?? offer.code}</span>
				<code className="block text-tone-quiet text-xs">{offer.code}</code>
			</span>
			<span className="min-w-0 text-tone-quiet">{offer.how}</span>
			{ended === null ? (
				<span className="text-tone-quiet">not tried</span>
			) : (
				<Status look={look("done", ended, "good")} />
			)}
			<span>
				<Button
					size="sm"
					variant="outline"
					loading={run.isPending}
					disabled={busy}
					title={busy && running?.code !== offer.code ? "One at a time: another drill runs" : undefined}
					onClick={() => run.mutate()}
				>
					{course ? "Run again" : "Run"}
				</Button>
				{run.error ? (
					<span role="alert" className="block text-tone-bad text-xs">
						{run.error.message}
					</span>
				) : null}
			</span>
		</li>
	);
}
