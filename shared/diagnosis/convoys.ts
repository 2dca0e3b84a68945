import { type Bead, type ConvoyMetadata, isTerminal } from "../gastown/index.ts";
import { landingFor } from "../interventions/review-reading.ts";
import { failureOf, timeOf, trackersOf } from "../town-view/index.ts";
import { membersThatFailed } from "./convoy-members.ts";
import { bead, type Facts, rowOf, told } from "./facts.ts";
import type { Evidence, Finding } from "./finding.ts";
import { isPossible, step } from "./remedies.ts";
import { OLD_FAILURE_MS, RECOUNT_MS } from "./thresholds.ts";
import { ago, count, inShort } from "./words.ts";

/** "My convoy never finished" (scenarios.md §6). */
export const convoys = (facts: Facts): Finding[] =>
	facts.unfinished
		.filter(({ type }) => type === "convoy")
		.flatMap((one) => {
			const row = facts.look.convoy(one.bead_id);
			if (!row) return [];
			if (one.status === "failed") return landingFailed(facts, one, row);
			const members = trackersOf(facts.view, one.bead_id).filter(({ type }) => type !== "merge_request");
			return [
				...memberDeleted(facts, one, row, members),
				...membersThatFailed(facts, one, row, members),
				...landingFailed(facts, one, row),
			];
		});

/** A landing that failed is told with its convoy, once that has none left. */
export function toldWithConvoy({ look }: Facts, request: Bead): boolean {
	const convoy = request.status === "failed" ? landingFor(request) : null;
	return convoy !== null && look.bead(convoy)?.status === "failed";
}

/** Stored above what exists: a member went without being closed, and nobody has counted again. */
function memberDeleted(facts: Facts, one: Bead, row: ConvoyMetadata, members: readonly Bead[]): Finding[] {
	const { now } = facts;
	const missing = row.total_beads - members.length;
	if (missing <= 0 || isTerminal(one.status)) return [];
	const gone = goneMembers(facts, one.bead_id);
	const last = Math.max(0, ...gone.map(({ at }) => at ?? 0));
	if (now - last < RECOUNT_MS) return [];
	const deleted = gone.filter(({ key }) => !facts.look.bead(key));
	const how = gone.length > 0 && deleted.length === 0 ? "dropped and not counted again" : "deleted";
	const closed = members.filter(({ status }) => status === "closed").length;
	const since = last || (timeOf(one.updated_at) ?? now);
	return [
		told({
			code: "convoy.tracked-bead-deleted",
			severity: "warning",
			subject: bead(one.bead_id),
			sentence: `Convoy ${facts.title(one.bead_id)} waits for ${row.total_beads} beads and only ${members.length} exist: ${count(missing, "bead")} of it ${missing === 1 ? "was" : "were"} ${how}`,
			measured: [
				`Stored ${row.closed_beads} of ${row.total_beads}, counted now ${closed} of ${members.length}.`,
			],
			evidence: [
				rowOf("its counters", "convoy_metadata", one.bead_id),
				...deleted.slice(0, 3),
				...members.slice(0, 1).map(({ bead_id }) => rowOf("a bead of it that exists", "beads", bead_id)),
			],
			since,
			behind: members.filter(({ status }) => !isTerminal(status)).map(({ bead_id }) => bead(bead_id)),
			recovers: { who: "button", text: "Not by itself: what does not exist never closes. Count it again." },
			remedy: [step("convoy.recount", one.bead_id)],
			ruledOut: ["a bead that was dropped from it a moment ago"],
			needs: last > 0 ? [] : ["who deleted it, and when: the Events tab has it"],
		}),
	];
}

/** Beads that this convoy tracked and that are gone: a tracks row without its bead, or a row that was seen to go. */
function goneMembers({ view, look }: Facts, convoy: string): Evidence[] {
	const known = look
		.dependentsOf(convoy)
		.filter((row) => row.dependency_type === "tracks" && !look.bead(row.bead_id))
		.map(({ bead_id }) => bead_id);
	const end = `,${JSON.stringify(convoy)}]`;
	const seen = [...view.touched.keys()].flatMap((id) => {
		if (!id.startsWith("bead_dependencies/") || !id.endsWith(end)) return [];
		const key = id.slice("bead_dependencies/".length);
		return view.tables.bead_dependencies.has(key) ? [] : [String((JSON.parse(key) as unknown[])[0])];
	});
	const atOf = (id: string) =>
		view.touched.get(`beads/${id}`)?.at ??
		view.touched.get(`bead_dependencies/${JSON.stringify([id, convoy])}`)?.at ??
		null;
	return [...new Set([...known, ...seen])].map((id) =>
		rowOf("a bead of it that is gone", "beads", id, atOf(id)),
	);
}

const DENIED = /\b(401|403|denied|unauthori[sz]ed|authentication failed)\b/i;

/** Its landings are used up; while they are not, the next one is known: a notice. */
function landingFailed(facts: Facts, one: Bead, row: ConvoyMetadata): Finding[] {
	const { now, limits, view } = facts;
	const failed = one.status === "failed";
	if (failed && failureOf(one)?.code !== "landing_failed") return [];
	const error = row.last_landing_error;
	const landings = trackersOf(view, one.bead_id).filter((other) => landingFor(other) === one.bead_id);
	const under = landings.some(({ status }) => !isTerminal(status));
	if (row.landing_attempts === 0 || row.landed_at !== null || (!failed && (error === null || under)))
		return [];
	const last = timeOf(row.last_landing_attempt_at);
	const since = (failed ? timeOf(one.closed_at) : last) ?? now;
	const wait = Math.min(
		limits.landing_back_off_ms * 2 ** Math.max(0, row.landing_attempts - 1),
		limits.landing_back_off_max_ms,
	);
	const refresh = step("credential.refresh", "town", { credential: "git", rig: one.rig_id });
	const fix = DENIED.test(error ?? "") && isPossible(facts, refresh) ? [refresh] : [];
	return [
		told({
			code: "convoy.landing-failed",
			severity: failed && now - since <= OLD_FAILURE_MS ? "warning" : "notice",
			subject: bead(one.bead_id),
			sentence: `Convoy ${facts.title(one.bead_id)} did not land ${ago(now - since)}, after ${count(row.landing_attempts, "try", "tries")}${error ? `: ${inShort(error)}` : ""}`,
			measured: [
				`${row.landing_attempts} of ${limits.landing_attempts} landings used${last === null ? "" : `, the last ${ago(now - last)}`}; every bead of it is on ${row.feature_branch ?? "its branch"}.`,
			],
			evidence: [
				rowOf("its landings", "convoy_metadata", one.bead_id, last),
				rowOf(`the convoy is ${one.status}`, "beads", one.bead_id, timeOf(one.updated_at)),
				...landings
					.slice(-3)
					.map((landing) =>
						rowOf(
							`a landing: ${landing.status}`,
							"beads",
							landing.bead_id,
							timeOf(landing.closed_at ?? landing.created_at),
						),
					),
			],
			since,
			recovers: failed
				? {
						who: "button",
						text: "Not by itself: no landing is left. Mend what stood in its way, then land it.",
					}
				: { who: "self", at: (last ?? now) + wait, text: "It is landed again then." },
			remedy: failed ? [...fix, step("convoy.retry-landing", one.bead_id)] : [],
			ruledOut: ["a bead of it that is not done", "a landing under way"],
			needs: error ? [] : ["why its landing failed: no words were kept"],
		}),
	];
}
