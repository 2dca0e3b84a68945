import { useNavigate } from "@tanstack/react-router";
import { TOWN_TABS, type TownSearch, type TownTab } from "../routes/address.ts";
import { searchOfTab } from "../settings/tab-memory.ts";
import { badgesOf, counts } from "./marks.ts";
import { useOpenTown } from "./open-town.ts";
import { TAB_WORDS } from "./town-tabs.tsx";

type Props = {
	tab: TownTab;
	view: "attention" | "tab";
	onView(view: "attention" | "tab"): void;
	blind: boolean;
};

/** On a phone the tabs are one "View" choice of 44 px, attention first. */
export function PhoneView({ tab, view, onView, blind }: Props) {
	const { id, diagnosis, view: town } = useOpenTown();
	const navigate = useNavigate();
	const badges = badgesOf(diagnosis, (bead) => town.tables.beads.get(bead)?.type);
	const { critical, warning } = counts(diagnosis);
	const marked = (one: TownTab) => {
		const badge = blind ? undefined : badges.get(one);
		return badge ? ` ${badge.severity === "critical" ? "✕" : "▲"}${badge.count}` : "";
	};
	return (
		<label className="flex items-center gap-2 border-b border-kumo-hairline bg-kumo-base px-3 py-1">
			<span className="text-tone-quiet">View</span>
			<select
				className="h-11 min-w-0 flex-1 rounded-md border border-edge bg-kumo-base px-2 text-base"
				value={view === "attention" ? "attention" : tab}
				onChange={(event) => {
					const { value } = event.target;
					if (value === "attention") return onView("attention");
					onView("tab");
					void navigate({
						to: "/towns/$id/$tab",
						params: { id, tab: value as TownTab },
						search: ({ at }: TownSearch) => searchOfTab(id, value as TownTab, { at }),
					});
				}}
			>
				<option value="attention">Attention{blind ? "" : ` ${critical + warning}`}</option>
				{TOWN_TABS.map((one) => (
					<option key={one} value={one}>
						{TAB_WORDS[one]}
						{marked(one)}
					</option>
				))}
			</select>
		</label>
	);
}
