import { z } from "zod";
import {
	type Bead, type ConvoyMetadata, type ConvoyMove, convoyState, isTerminal, moveConvoy,
} from "../gastown/index.ts"; // biome-ignore format: a list
import type { CatalogueEntry, Lookup, Verdict } from "./catalogue-entry.ts";
import { agentsFreed, beadIs, rowIs, stopsOnBead } from "./effects.ts";
import { clockTime, count, endsSession, LOST_WORK, noop, OK, refused, reviewsOf, sessionsOn, statusWord, titleOfBead } from "./reading.ts"; // biome-ignore format: a list
import { landingOf, membersOf } from "./review-reading.ts";

const none = z.object({});
type None = z.infer<typeof none>;

/** The rows of a convoy that this may happen to now, by its table (TOWN-1); else why not. */
export function needConvoy(
	id: string,
	event: ConvoyMove,
	look: Lookup,
): { ok: true; bead: Bead; convoy: ConvoyMetadata } | Exclude<Verdict, { ok: true }> {
	const bead = look.bead(id);
	const convoy = look.convoy(id);
	if (!bead) return refused("gone", "This convoy does not exist any more.") as never;
	if (bead.type !== "convoy" || !convoy) return refused("wrong-type", "This bead is no convoy.") as never;
	const moved = moveConvoy(convoyState(bead, convoy, landingOf(id, look) !== undefined), event);
	return moved.ok ? { ok: true, bead, convoy } : (refused(moved.code, moved.message) as never);
}

export const sawConvoy = (id: string, _: unknown, look: Lookup) => ({
	status: look.bead(id)?.status ?? null,
	staged: look.convoy(id)?.staged ?? null,
	members: membersOf(id, look).beads.map(({ bead_id, status }) => `${bead_id} ${status}`),
});

/** Whether it lands, or ends as landed, once these are its members. */
export function lands(id: string, members: readonly Bead[], look: Lookup): boolean {
	const bead = look.bead(id);
	const convoy = look.convoy(id);
	if (!bead || !convoy || isTerminal(bead.status) || convoy.staged === 1) return false;
	if (landingOf(id, look)) return false;
	return members.length > 0 && members.every(({ status }) => status === "closed");
}

export const landsSoon = (id: string, look: Lookup): string =>
	look.convoy(id)?.merge_mode === "review-and-merge"
		? "Close it: every bead left in it is merged."
		: "Land it: every bead left in it is on its feature branch, so a merge request of the whole is made, which spends money.";

const convoyStart: CatalogueEntry<None> = {
	name: "convoy.start",
	target: "bead",
	params: none,
	title: "Start",
	label: (id, _, look) => `Start convoy ${titleOfBead(id, look)}`,
	saw: sawConvoy,
	precondition(id, _, look) {
		const found = needConvoy(id, "start", look);
		return found.ok ? OK : found;
	},
	danger: () => "disruptive",
	preview(id, _, look) {
		const open = membersOf(id, look).beads.filter(({ status }) => status === "open").length;
		return {
			will: [`Let ${count(open, "bead")} of it start, each in its turn, which spends money.`],
			wont: [],
		};
	},
	effects: (id, _, look) => [
		rowIs(`${titleOfBead(id, look)} is started`, "convoy_metadata", id, { staged: 0 }),
	],
	outside: () => [],
	undo: () => null,
	next: "convoy.close",
	within: 10_000,
};

/** What exists now, as the scheduler counts it. */
export function recounted(id: string, look: Lookup): { total_beads: number; closed_beads: number } {
	const { beads } = membersOf(id, look);
	return {
		total_beads: beads.length,
		closed_beads: beads.filter(({ status }) => status === "closed").length,
	};
}

const convoyRecount: CatalogueEntry<None> = {
	name: "convoy.recount",
	target: "bead",
	params: none,
	title: "Recount",
	label: (id, _, look) => `Recount convoy ${titleOfBead(id, look)}`,
	saw: (id, params, look) => ({
		...sawConvoy(id, params, look),
		total_beads: look.convoy(id)?.total_beads ?? null,
		closed_beads: look.convoy(id)?.closed_beads ?? null,
	}),
	precondition(id, _, look) {
		const found = needConvoy(id, "count", look);
		if (!found.ok) return found;
		const { total_beads, closed_beads } = recounted(id, look);
		return found.convoy.total_beads === total_beads && found.convoy.closed_beads === closed_beads
			? noop("same", `It is ${closed_beads} of ${total_beads}, as stored.`)
			: OK;
	},
	danger: (id, _, look) => (lands(id, membersOf(id, look).beads, look) ? "disruptive" : "safe"),
	preview(id, _, look) {
		const was = look.convoy(id);
		const is = recounted(id, look);
		return {
			will: [
				`Set its counters from ${was?.closed_beads} of ${was?.total_beads} to ${is.closed_beads} of ${is.total_beads}, which is what exists.`,
				...(lands(id, membersOf(id, look).beads, look) ? [landsSoon(id, look)] : []),
			],
			wont: ["Bring back beads that were deleted."],
		};
	},
	effects: (id, _, look) => [
		rowIs(`${titleOfBead(id, look)} is recounted`, "convoy_metadata", id, recounted(id, look)),
	],
	outside: () => [],
	undo: () => null,
	next: null,
	within: 10_000,
};

const convoyRetryLanding: CatalogueEntry<None> = {
	name: "convoy.retry-landing",
	target: "bead",
	params: none,
	title: "Retry the landing of",
	label: (id, _, look) => `Land ${titleOfBead(id, look)} again`,
	saw: (id, params, look) => ({
		...sawConvoy(id, params, look),
		landing_attempts: look.convoy(id)?.landing_attempts ?? null,
	}),
	precondition(id, _, look) {
		const found = needConvoy(id, "retry", look);
		if (!found.ok) return found;
		const { bead, convoy } = found;
		if (convoy.merge_mode === "review-and-merge")
			return refused("no-landing", "Its members are merged one by one: there is nothing to land.");
		const missing = membersOf(id, look).beads.find(({ status }) => status !== "closed");
		if (missing)
			return refused(
				"not-closed",
				`${titleOfBead(missing.bead_id, look)} is ${statusWord(missing.status)}: it cannot land before.`,
			);
		return bead.status === "open" && convoy.landing_attempts === 0
			? noop("ready", "It is ready and no landing failed: it lands by itself.")
			: OK;
	},
	danger: () => "disruptive",
	preview(id, _, look) {
		const convoy = look.convoy(id);
		const attempts = convoy?.landing_attempts ?? 0;
		return {
			will: [
				...(look.bead(id)?.status === "failed" ? ["Put it from Failed back to Open."] : []),
				`Clear its ${count(attempts, "landing attempt")} and its back-off.`,
				`Make a merge request of ${convoy?.feature_branch ?? "its feature branch"}, which is reviewed and spends money.`,
			],
			wont: ["Mend what made it fail: that cause may be met again."],
		};
	},
	effects: (id, _, look) => [
		rowIs(`${titleOfBead(id, look)} is unfinished again`, "beads", id, { status: "open" }),
		rowIs("its landing has begun", "convoy_metadata", id, { landing_attempts: 1 }, true),
	],
	outside: () => [],
	undo: () => null,
	next: "convoy.close",
	within: 60_000,
};

const close = z.object({ members: z.enum(["keep", "close"]).default("keep") });
type Close = z.infer<typeof close>;

/** Members that are ended with it. */
export const endedWith = (id: string, { members }: Close, look: Lookup): Bead[] =>
	members === "keep" ? [] : membersOf(id, look).beads.filter(({ status }) => !isTerminal(status));

const convoyClose: CatalogueEntry<Close> = {
	name: "convoy.close",
	target: "bead",
	params: close,
	title: "End",
	label: (id, { members }, look) =>
		`End convoy ${titleOfBead(id, look)}${members === "close" ? " and its members" : ""}`,
	saw: sawConvoy,
	precondition(id, _, look) {
		const found = needConvoy(id, "close", look);
		return found.ok ? OK : found;
	},
	danger: (id, params, look) => (endedWith(id, params, look).length > 0 ? "destructive" : "disruptive"),
	preview(id, params, look) {
		const ends = endedWith(id, params, look);
		const left = membersOf(id, look).beads.filter(({ status }) => !isTerminal(status)).length - ends.length;
		const landing = landingOf(id, look);
		const sessions = ends.flatMap(({ bead_id }) => sessionsOn(bead_id, look));
		return {
			will: [
				...sessions.map((agent) => endsSession(agent, look)),
				`Put it from ${statusWord(look.bead(id)?.status ?? "")} to Closed${clockTime(look.convoy(id)?.landed_at ?? null).replace(" at", ", landed at")}.`,
				...ends.map(({ bead_id }) => `Close ${titleOfBead(bead_id, look)}, whose work is not done.`),
				...(left > 0
					? [
							`Leave ${count(left, "unfinished bead")} as ${left === 1 ? "it is" : "they are"}: nothing lands them together.`,
						]
					: []),
			],
			wont: [
				...(landing ? [`End its landing ${titleOfBead(landing.bead_id, look)}, which goes on.`] : []),
				...ends
					.flatMap(({ bead_id }) => reviewsOf(bead_id, look))
					.map(({ bead_id }) => `End the merge request ${titleOfBead(bead_id, look)}, which goes on.`),
				...(sessions.length > 0 ? [LOST_WORK] : []),
			],
		};
	},
	effects: (id, params, look) => [
		beadIs(id, "closed", "Closed", look),
		...endedWith(id, params, look).flatMap(({ bead_id }) => [
			beadIs(bead_id, "closed", "Closed", look),
			...agentsFreed(bead_id, look),
		]),
	],
	outside: (id, params, look) =>
		endedWith(id, params, look).flatMap(({ bead_id }) => stopsOnBead(bead_id, look)),
	undo: () => null,
	next: null,
	within: 30_000,
};

export const CONVOY = [convoyStart, convoyRetryLanding, convoyRecount, convoyClose];
