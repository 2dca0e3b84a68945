import { Button } from "@cloudflare/kumo/components/button";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams, useSearch } from "@tanstack/react-router";
import { useEffect } from "react";
import { rootOf } from "../../shared/diagnosis/finding.ts";
import { clock, courseAfter, endWords } from "../drills/course.ts";
import { runRead } from "../drills/reads.ts";
import { storiesOf } from "../ledger/stories-of.ts";
import { useOpenTown } from "../town/open-town.ts";
import { useWallNow } from "../ui/index.ts";
import { endGuide, GUIDE_CODE, useGuide } from "./guide.ts";
import { GUIDE_STEPS, type GuideStep, guideStep } from "./steps.ts";

const WORDS: Record<Exclude<GuideStep, "done">, string> = {
	find: "Look at Attention, on the left: within seconds it tells one cause, since when, and what is behind it.",
	open: "Read its sentence, and who would mend it. Then press the sentence: what it is about opens with its evidence.",
	press:
		"The evidence says when the container died. Now press the remedy, read what it will and will not do, and confirm.",
	effect: "Five seconds in which anybody may cancel; then it is done. Watch until its effect is seen.",
	cleared: "The effect is seen. It has helped once the cause is gone from Attention: wait for that.",
	ledger:
		"Cleared. Open tab Interventions and press the first line: who, why, what was seen, before and after.",
};

/** In the practice town: what to do next, beside the real thing and never over it. It follows what is so (PAGE-9). */
export default function Coach() {
	const { id, live, ledger } = useOpenTown();
	const { tab } = useParams({ from: "/towns/$id/$tab" });
	const { open, sel } = useSearch({ from: "/towns/$id/$tab" });
	const { data: run } = useQuery(runRead(id));
	const { running, saw } = useGuide();
	const now = useWallNow();
	const stories = storiesOf(ledger);
	const brokenAt = run?.broken_at ?? null;
	const before = running?.course;
	const course =
		before && brokenAt !== null
			? courseAfter(before, { brokenAt, now, code: GUIDE_CODE, diagnosis: live, stories })
			: before;
	const stands = rootOf(live.findings, GUIDE_CODE) !== undefined;
	const opened = running?.opened || (stands && (open !== undefined || tab === "container"));
	const entry = stories.some((story) => story.intent !== null && story.id === sel);
	const read = running?.read || (tab === "interventions" && entry);
	useEffect(() => {
		if (course) saw({ course, opened, read });
	}, [course, opened, read, saw]);
	if (!course) return null;
	const step = guideStep({ course, opened, read });
	return (
		<section
			aria-label="Practice"
			data-step={step}
			className="flex min-h-9 shrink-0 flex-wrap items-center gap-x-4 gap-y-1 border-b border-kumo-hairline bg-tone-active-tint px-4 py-1"
		>
			<p role="status" className="min-w-0 flex-1">
				{step === "done" ? (
					<>
						<b className="font-semibold">{endWords(course)}</b>: {told(course)}. Three keys worth knowing:
						Ctrl k, ! and ?.
					</>
				) : (
					<>
						<b className="font-semibold">Practice, {GUIDE_STEPS.indexOf(step) + 2} of 7</b> {WORDS[step]}
					</>
				)}
			</p>
			{step === "done" ? (
				<Link
					to="/drills"
					onClick={endGuide}
					className="inline-flex min-h-6 items-center text-tone-active hover:underline"
				>
					Another failure
				</Link>
			) : null}
			<Button size="sm" variant="outline" onClick={endGuide}>
				{step === "done" ? "Done" : "End practice, Esc"}
			</Button>
		</section>
	);
}

/** `found 0:21, pressed 0:48, effect 1:22` */
const told = ({
	found,
	pressed,
	effect,
}: {
	found: number | null;
	pressed: number | null;
	effect: number | null;
}) =>
	Object.entries({ found, pressed, effect })
		.flatMap(([name, s]) => (s === null ? [] : [`${name} ${clock(s)}`]))
		.join(", ");
