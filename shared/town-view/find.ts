import { metadataOf } from "./readers.ts";
import { agentName } from "./selectors.ts";
import type { TownView } from "./town-view.ts";

/** `by` names what matched: `id`, `title`, `name`, `branch` or `pull request`. */
export type Found = { kind: "bead" | "agent"; id: string; title: string; by: string };

/** Beads and agents whose id, title, branch, PR URL or name holds the text, exact ids first, at most `limit`. */
export function findInTown(view: TownView, text: string, limit = 20): Found[] {
	const wanted = text.trim().toLowerCase();
	if (!wanted) return [];
	const exact: Found[] = [];
	const others: Found[] = [];
	for (const bead of view.tables.beads.values()) {
		const id = bead.bead_id;
		const isAgent = view.tables.agent_metadata.has(id);
		const review = view.tables.review_metadata.get(id);
		const metadata = metadataOf(bead);
		const places: [by: string, value: unknown][] = [
			["id", id],
			[isAgent ? "name" : "title", bead.title],
			["name", isAgent ? view.tables.agent_metadata.get(id)?.identity : null],
			["branch", review?.branch ?? metadata.branch],
			["pull request", review?.pr_url ?? metadata.pr_url],
		];
		const hit = places.find(([, value]) => typeof value === "string" && value.toLowerCase().includes(wanted));
		if (!hit) continue;
		const title = isAgent ? agentName(view, id) : bead.title;
		const found: Found = { kind: isAgent ? "agent" : "bead", id, title, by: hit[0] };
		(id.toLowerCase() === wanted || title.toLowerCase() === wanted ? exact : others).push(found);
	}
	return [...exact, ...others].slice(0, limit);
}
