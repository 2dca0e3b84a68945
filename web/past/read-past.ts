import type { Moment, RowsAnswer } from "../../shared/protocol/index.ts";
import { type TownView, viewOfMoment } from "../../shared/town-view/index.ts";
import type { Asked } from "../town/open-town.ts";
import type { Where } from "./where.ts";

/** The town at a moment, and what the town said of that moment. */
export type ThePast = Omit<Moment, "rows" | "after"> & { view: TownView };

/** Reads the whole state of a moment; rejects with words for people. */
export async function readPast(
	ask: (question: Asked) => Promise<RowsAnswer>,
	where: Exclude<Where, { is: "live" }>,
): Promise<ThePast> {
	const pages: Moment[] = [];
	for (let after: Moment["after"] = null, more = true; more; ) {
		// The first page says which batch it is: the others are of the same, whatever happens meanwhile.
		const seq = pages[0]?.seq ?? (where.is === "seq" ? where.seq : null);
		const answer = await ask({
			kind: "moment",
			seq,
			at: seq === null && where.is === "at" ? where.at : null,
			after,
		});
		const page = answer.rows[0] as Moment;
		pages.push(page);
		after = page.after;
		more = answer.more && after !== null;
	}
	const [first] = pages;
	if (!first) throw new Error("The town told nothing of that moment.");
	const { rows: _, after: __, ...moment } = first;
	return { ...moment, view: viewOfMoment(pages) };
}
