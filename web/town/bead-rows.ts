import {
	type BeadRow as BeadFacts, beadRow as beadFacts, metadataOf, rowsOf, type TownView,timeOf, 
} from "../../shared/town-view/index.ts"; // biome-ignore format: a list
import { amountOf } from "../spend/spend.ts";
import { type Dollars, knownDollars } from "../ui/format/number.ts";
import { beadLook } from "../ui/status/bead-look.ts";
import type { Sight } from "../ui/status/sight.ts";
import type { Look } from "../ui/status/signs.ts";
import type { Filterable, Grammar } from "./filter.ts";

export type BeadRow = BeadFacts & {
	key: string;
	look: Look;
	/** Town's clock, epoch milliseconds. */
	changedAt: number | null;
	/** An estimate. */
	cost: Dollars;
	/** Another bead that has not ended has the same title: its id is shown even where there is little room. */
	twin: boolean;
};

export const BEAD_GRAMMAR: Grammar = {
	fields: ["status", "type", "rig", "priority", "assignee", "label"],
	numbers: ["age", "cost", "attempts"],
};

/** What State shows at first: what is closed needs nobody. */
export const BEAD_FIRST_FILTER = "-status:closed";

/** Every bead but those of agents, which have their own tab. */
export function beadRows(view: TownView, sight: Sight): BeadRow[] {
	const rows: BeadRow[] = [];
	const titles = new Map<string, number>();
	for (const { title, status } of view.tables.beads.values())
		if (status !== "closed") titles.set(title, (titles.get(title) ?? 0) + 1);
	for (const bead of view.tables.beads.values())
		if (bead.type !== "agent")
			rows.push({
				...beadRow(view, bead.bead_id, sight, beadFacts(view, bead)),
				twin: (titles.get(bead.title) ?? 0) > 1,
			});
	return rows;
}

function beadRow(view: TownView, key: string, sight: Sight, facts: BeadFacts): Omit<BeadRow, "twin"> {
	return {
		...facts,
		key,
		look: lookOfBead(view, key, sight),
		changedAt: view.touched.get(`beads/${key}`)?.at ?? timeOf(facts.bead.updated_at),
		cost: costOf(view, view.indexes.usageByBead.get(key)),
	};
}

/** Sign and word of a bead with the rows beside it. */
export function lookOfBead(view: TownView, id: string, sight: Sight): Look {
	const bead = view.tables.beads.get(id);
	if (!bead) return { sign: "gone", word: "Deleted", tone: "quiet" };
	return beadLook(bead, sight, {
		review: view.tables.review_metadata.get(id),
		convoy: view.tables.convoy_metadata.get(id),
		staged: isStaged(view, id),
	});
}

const isStaged = (view: TownView, id: string): boolean =>
	rowsOf<"bead_dependencies">(view.tables.bead_dependencies, view.indexes.dependencies.get(id)).some(
		({ dependency_type, depends_on_bead_id }) =>
			dependency_type === "tracks" && view.tables.convoy_metadata.get(depends_on_bead_id)?.staged === 1,
	);

/** Dollars of these usage rows. */
export function costOf(view: TownView, keys: ReadonlySet<string> | undefined): Dollars {
	if (!keys || keys.size === 0) return null;
	const { cost, unpriced } = amountOf(rowsOf<"usage">(view.tables.usage, keys));
	return cost ?? (unpriced > 0 ? "unknown" : 0);
}

const asValue = (word: string) => word.toLowerCase().replaceAll(" ", "_");

/** `now` is the town's clock. A bead answers to its status as stored and as told. */
export function filterableBead(view: TownView, row: BeadRow, now: number): Filterable {
	const { bead, assigneeName, rigName } = row;
	const review = view.tables.review_metadata.get(bead.bead_id);
	const metadata = metadataOf(bead);
	return {
		fields: {
			status: [bead.status, asValue(row.look.word)],
			type: [bead.type],
			rig: rigName === null ? ["none"] : [rigName, bead.rig_id ?? ""],
			priority: [bead.priority],
			assignee: assigneeName === null ? ["none"] : [assigneeName, bead.assignee_agent_bead_id ?? ""],
			label: Array.isArray(bead.labels) ? bead.labels : [],
		},
		numbers: {
			age: row.since === null ? null : now - row.since,
			cost: knownDollars(row.cost),
			attempts: bead.dispatch_attempts,
		},
		text: [
			bead.title,
			bead.bead_id,
			review?.branch ?? metadata.branch,
			review?.pr_url ?? metadata.pr_url,
			assigneeName,
		]
			.filter(Boolean)
			.join(" "),
	};
}
