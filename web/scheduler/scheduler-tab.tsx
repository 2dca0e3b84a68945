import { lookupOf } from "../../shared/town-view/index.ts";
import { CauseCard } from "../town/cause-card.tsx";
import { useOpenTown } from "../town/open-town.ts";
import { Holds } from "./holds.tsx";
import { Inbox } from "./inbox.tsx";
import { Looks } from "./looks.tsx";
import { NextLook } from "./next-look.tsx";
import { Pace } from "./pace.tsx";
import { TownAction } from "./town-action.tsx";

/** Why does it do nothing, or too much? When it looks, what holds it up, what it would do next, and what it cannot get done. */
export function SchedulerTab() {
	const { view } = useOpenTown();
	const scheduler = lookupOf(view).town("scheduler");
	return (
		<div className="min-h-0 flex-1 overflow-y-auto">
			<CauseCard kind="town" id="town" />
			<div className="flex flex-wrap gap-2 px-4 py-2">
				<TownAction name="town.rearm-alarm" />
				<TownAction name="town.pause-dispatch" />
			</div>
			<Looks />
			<Part title="What holds it up">
				<Holds />
			</Part>
			<Part title="The next look would">
				<NextLook />
			</Part>
			<Part title="Inbox">
				<Inbox />
			</Part>
			<Part title="What is broken">
				{scheduler === undefined ? (
					<p className="text-tone-quiet">Not seen: the scheduler has not told anything yet.</p>
				) : scheduler.violations.length === 0 ? (
					<p className="text-tone-quiet">No rule of consistency is broken.</p>
				) : (
					<ul className="flex flex-col gap-1" aria-label="Broken rules">
						{scheduler.violations.map((words) => (
							<li key={words} className="break-words text-tone-bad">
								{words}
							</li>
						))}
					</ul>
				)}
			</Part>
			<Part title="Done lately">
				<Pace />
			</Part>
		</div>
	);
}

function Part({ title, children }: { title: string; children: React.ReactNode }) {
	return (
		<section aria-label={title} className="border-kumo-hairline border-t px-4 py-3">
			<h3 className="pb-1 font-semibold text-lg">{title}</h3>
			{children}
		</section>
	);
}
