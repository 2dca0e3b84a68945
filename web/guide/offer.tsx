import { Button } from "@cloudflare/kumo/components/button";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { begin, runRead } from "../drills/reads.ts";
import { useKeys } from "../routes/keys.ts";
import { caseKey, useCases } from "../town/case.ts";
import { look } from "../ui/status/signs.ts";
import { Status } from "../ui/status/status.tsx";
import { meRead } from "../user/reads.ts";
import { endGuide, GUIDE_CODE, useGuide } from "./guide.ts";

/** On the lookup, where towns can be broken for practice: the incident of a first visit, offered until it was had or put away. */
export default function GuideOffer() {
	const { data: me } = useQuery(meRead);
	const { over, running } = useGuide();
	if (!me?.drills || (over && !running)) return null;
	return (
		<section
			aria-label="Practice"
			className="flex flex-wrap items-center gap-x-4 gap-y-2 border-kumo-hairline border-y py-3 max-md:hidden"
		>
			{running ? <Begun town={running.town} me={me.id} /> : <Offered />}
		</section>
	);
}

function Offered() {
	const { begun } = useGuide();
	const run = useMutation({ mutationFn: () => begin(GUIDE_CODE), onSuccess: ({ town }) => begun(town) });
	return (
		<>
			<span className="min-w-0 flex-1">
				<span className="block font-medium">New here? Practice: a two-minute incident</span>
				<span className="block text-tone-quiet">
					A town of its own is broken for real, and six steps lead to the cause, the button and the proof.
					Nobody's work is touched.
				</span>
				{run.error ? (
					<span role="alert" className="block text-tone-bad">
						It could not be begun: {run.error.message} Try again in a moment.
					</span>
				) : null}
			</span>
			<Button size="sm" variant="outline" loading={run.isPending} onClick={() => run.mutate()}>
				Start
			</Button>
			<Button size="sm" variant="ghost" onClick={endGuide}>
				No, thanks
			</Button>
		</>
	);
}

function Begun({ town, me }: { town: string; me: string }) {
	const { data: run, error } = useQuery(runRead(town));
	const give = useCases(({ give }) => give);
	useKeys("guide", { Escape: endGuide });
	const failed = error?.message ?? (run?.state === "failed" ? run.error : null);
	return (
		<>
			<span role="status" className="min-w-0 flex-1">
				<span className="block font-medium">
					Practice, 1 of 7: “My agent isn't doing anything,” a user writes. Open their town.
				</span>
				{failed !== null && failed !== undefined ? (
					<span className="block text-tone-bad">
						It could not be broken: {failed} End it, and start again.
					</span>
				) : run?.state === "broken" ? null : (
					<Status look={look("changing", "The town is being broken: some 20 s", "active")} />
				)}
			</span>
			{run?.state === "broken" ? (
				<Link
					to="/towns/$id/$tab"
					params={{ id: town, tab: "state" }}
					// Why it is opened is known.
					onClick={() => give(caseKey(me, town), "practice incident", Date.now())}
					className="inline-flex h-7 items-center rounded-md bg-tone-active px-3 font-medium text-kumo-inverse hover:underline"
				>
					Open the town
				</Link>
			) : null}
			<Button size="sm" variant="outline" onClick={endGuide}>
				End practice, Esc
			</Button>
		</>
	);
}
