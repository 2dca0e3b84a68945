import { Link } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import type { TownSearch, TownTab } from "../routes/address.ts";
import { TOWN_TABS } from "../routes/address.ts";
import { searchOfTab } from "../settings/tab-memory.ts";
import { Sign } from "../ui/index.ts";
import { type Badge, badgesOf } from "./marks.ts";
import { useOpenTown } from "./open-town.ts";

export const TAB_WORDS: Record<TownTab, string> = {
	state: "State",
	agents: "Agents",
	review: "Review queue",
	convoys: "Convoys",
	container: "Container",
	credentials: "Credentials & config",
	mayor: "Mayor",
	scheduler: "Scheduler",
	spend: "Spend",
	events: "Events",
	interventions: "Interventions",
};

/** The tabs that are built, as links; when blind their badges go. The inspector stays open over a change of tab. */
export function TownTabs({ tab, blind }: { tab: TownTab; blind: boolean }) {
	const { id, diagnosis, view } = useOpenTown();
	const current = useRef<HTMLAnchorElement>(null);
	// biome-ignore lint/correctness/useExhaustiveDependencies: the tab says when another one is current
	useEffect(() => {
		// Newer browsers answer it with a promise, which is no clean-up of an effect.
		void current.current?.scrollIntoView?.({ block: "nearest", inline: "nearest" });
	}, [tab]);
	const badges = badgesOf(diagnosis, (bead) => view.tables.beads.get(bead)?.type);
	return (
		<nav
			aria-label="Tabs of the town"
			className="flex h-full min-w-0 flex-1 items-stretch overflow-x-auto pl-1 text-base"
		>
			{TOWN_TABS.map((one) => (
				<Link
					key={one}
					ref={one === tab ? current : undefined}
					to="/towns/$id/$tab"
					params={{ id, tab: one }}
					search={(before: TownSearch) => (one === tab ? before : searchOfTab(id, one, before))}
					aria-current={one === tab ? "page" : undefined}
					className={`flex items-center gap-1.5 whitespace-nowrap border-b-2 px-3 max-[1400px]:px-2 max-lg:text-sm ${
						one === tab
							? "border-kumo-contrast font-medium"
							: "border-transparent text-tone-quiet hover:text-kumo-default"
					}`}
				>
					{TAB_WORDS[one]}
					{blind ? null : <TabBadge badge={badges.get(one)} />}
				</Link>
			))}
		</nav>
	);
}

function TabBadge({ badge }: { badge: Badge | undefined }) {
	if (!badge) return null;
	const critical = badge.severity === "critical";
	return (
		<span
			className={`inline-flex items-center gap-0.5 text-xs ${critical ? "text-tone-bad" : "text-tone-warn"}`}
		>
			<Sign name={critical ? "failed" : "warning"} tone={critical ? "bad" : "warn"} size={12} />
			<span className="sr-only">{critical ? "critical findings:" : "warnings:"}</span>
			{badge.count}
		</span>
	);
}
