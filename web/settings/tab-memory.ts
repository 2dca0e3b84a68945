import { z } from "zod";
import type { TownSearch, TownTab } from "../routes/address.ts";
import { personalStore } from "./person.ts";

/** What of a tab's address is taken up again when the tab is: filter, order and groups, not what stood open. */
const left = z.object({
	q: z.string().optional(),
	sort: z.string().optional(),
	group: z.string().optional(),
});
type Left = z.infer<typeof left>;

type TabMemory = {
	/** By town and tab, the newest last. */
	tabs: Readonly<Record<string, Left>>;
	leave(key: string, search: Left): void;
};

const KEPT = 60;

const useTabMemory = personalStore<TabMemory>(
	"tabs",
	z.object({ tabs: z.record(z.string(), left) }),
	(set) => ({
		tabs: {},
		leave: (key, search) =>
			set(({ tabs: { [key]: _, ...others } }) => ({
				tabs: Object.fromEntries([...Object.entries(others).slice(1 - KEPT), [key, search]]),
			})),
	}),
);

const keyOf = (town: string, tab: TownTab) => `${town}/${tab}`;

/** Keeps how a tab stands, for the next time that this person comes to it. */
export function leaveTab(town: string, tab: TownTab, { q, sort, group }: TownSearch): void {
	const { tabs, leave } = useTabMemory.getState();
	const before = tabs[keyOf(town, tab)] ?? {};
	if (before.q !== q || before.sort !== sort || before.group !== group)
		leave(keyOf(town, tab), { q, sort, group });
}

/** What stays over a change of tab: what is open, marked, complained of, and shown of the past. */
export const keptOf = ({ open, wide, mark, at, says }: TownSearch): TownSearch => ({
	open,
	wide,
	mark,
	at,
	says,
});

/**
 * The address of another tab, as it was left. It stands in the address, so that a copied link shows the same to anybody (P7);
 * a link that was followed is never changed by it.
 */
export const searchOfTab = (town: string, tab: TownTab, before: TownSearch): TownSearch => ({
	...useTabMemory.getState().tabs[keyOf(town, tab)],
	...keptOf(before),
});
