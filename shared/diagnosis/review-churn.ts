import { type Bead, isTerminal } from "../gastown/index.ts";
import { sourcesOf } from "../interventions/reading.ts";
import { failureOf, labelsOf, rowsOf, timeOf } from "../town-view/index.ts";
import { attemptsIn, spent, usageOf, usageRow } from "./amounts.ts";
import { bead, behindBead, distinct, type Facts, rowOf, told } from "./facts.ts";
import type { Finding } from "./finding.ts";
import { push } from "./lists.ts";
import { isPossible, step } from "./remedies.ts";
import { CHURN_REVIEWS } from "./thresholds.ts";
import { ago, count, inShort } from "./words.ts";

/** The same work is reviewed again and again: each time changes are asked for, which costs twice (scenarios.md §8). */
export function reviewChurn(facts: Facts): Finding[] {
	const { view, look } = facts;
	const bySource = new Map<string, Bead[]>();
	for (const request of rowsOf<"beads">(view.tables.beads, view.indexes.beadsByType.get("merge_request")))
		if (request.status !== "closed")
			for (const source of sourcesOf(request.bead_id, look))
				if (!isTerminal(source.status)) push(bySource, source.bead_id, request);
	return [...bySource].flatMap(([source, requests]) => churn(facts, source, requests));
}

/** Times that changes were asked for: a review that ended so, or a rework that its merge request waits for. */
const asked = ({ look }: Facts, request: Bead): number =>
	Number(request.status === "failed" && failureOf(request)?.code === "review_failed") +
	look.dependenciesOf(request.bead_id).filter(({ dependency_type, depends_on_bead_id: id }) => {
		const rework = dependency_type === "blocks" ? look.bead(id) : undefined;
		return rework !== undefined && labelsOf(rework).includes("gt:rework");
	}).length;

const startOf = (one: Bead): number => timeOf(one.created_at) ?? 0;

function churn(facts: Facts, source: string, requests: Bead[]): Finding[] {
	const times = requests.reduce((sum, one) => sum + asked(facts, one), 0);
	const newest = requests.sort((a, b) => startOf(a) - startOf(b)).at(-1);
	const work = facts.look.bead(source);
	if (times < CHURN_REVIEWS || !newest || !work) return [];
	const { now } = facts;
	const rows = requests.flatMap(({ bead_id }) => usageOf(facts, "usageByBead", bead_id));
	const reviews = Math.max(times, attemptsIn(rows).size);
	const said = requests.map((one) => failureOf(one)?.message).findLast((message) => message !== undefined);
	const since = startOf(requests[0] as Bead);
	const close = step("review.close", newest.bead_id, { source: "fail" });
	const open = isPossible(facts, close);
	return [
		told({
			code: "spend.review-churn",
			severity: "warning",
			subject: bead(newest.bead_id),
			sentence: `${facts.title(source)} was reviewed ${reviews} times and sent back ${times} times: ${spent(rows)} for the reviews alone`,
			measured: [
				`${count(requests.length, "merge request")} since ${ago(now - since)}${said ? `; last asked for: ${inShort(said, 120)}` : ""}.`,
			],
			evidence: [
				...requests
					.slice(-3)
					.map((one) =>
						rowOf(`a review: ${one.status}`, "beads", one.bead_id, timeOf(one.closed_at ?? one.created_at)),
					),
				...rows.slice(-2).map((row) => usageRow("a review's use", row)),
			],
			since,
			behind: distinct([bead(source), ...behindBead(facts, work)]),
			recovers: {
				who: "button",
				text: open
					? "Not by itself: nothing limits how often. End it; where its changes are good, merge it without a review."
					: "Not by itself: its work is done again and will be reviewed again. End the work.",
			},
			remedy: [open ? close : step("bead.fail", source)],
			ruledOut: ["conflicts with its target", "reviews of different work"],
			needs: rows.length > 0 ? [] : ["what its reviews cost: no usage was told"],
		}),
	];
}
