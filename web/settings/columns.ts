import { useMemo } from "react";
import { z } from "zod";
import type { Column } from "../ui/live-table/types.ts";
import { personalStore } from "./person.ts";

type Lists = "beads" | "agents";
type ColumnsStore = {
	/** Of each list the columns that were put away. */
	away: Partial<Record<Lists, readonly string[]>>;
	turn(list: Lists, column: string): void;
};

const names = z.array(z.string()).optional();

export const useColumnSettings = personalStore<ColumnsStore>(
	"columns",
	z.object({ away: z.object({ beads: names, agents: names }) }),
	(set) => ({
		away: {},
		turn: (list, column) =>
			set(({ away }) => {
				const before = away[list] ?? [];
				const after = before.includes(column) ? before.filter((one) => one !== column) : [...before, column];
				return { away: { ...away, [list]: after } };
			}),
	}),
);

/** The columns of a list without those that this person has put away; the one that names the row always stands. */
export function useColumns<Row>(list: Lists, all: Column<Row>[], name: string): Column<Row>[] {
	const away = useColumnSettings((settings) => settings.away[list]);
	return useMemo(
		() => (away ? all.filter(({ id }) => id === name || !away.includes(id)) : all),
		[all, away, name],
	);
}
