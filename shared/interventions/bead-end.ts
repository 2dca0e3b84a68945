import { z } from "zod";
import { isTerminal, moveBead } from "../gastown/bead-transitions.ts";
import type { CatalogueEntry, Lookup, Verdict } from "./catalogue-entry.ts";
import { agentsFreed, beadIs, rowIs, stopsOnBead } from "./effects.ts";
import {
	clockTime, convoysWaitingOn, count, endsSession, hookedIds, LOST_WORK, nameOfAgent, noop, OK,
	refused, reviewsOf, sessionsOn, sourcesOf, statusWord, titleOfBead, unblockedBy,
} from "./reading.ts"; // biome-ignore format: a list

const none = z.object({});
type None = z.infer<typeof none>;
type Ending = { to: "closed" | "failed"; move: "close" | "fail" };

const CLOSE: Ending = { to: "closed", move: "close" };
const FAIL: Ending = { to: "failed", move: "fail" };

/** Ends a bead: its agents are taken off and their sessions stopped. The order's reason is kept with it. */
const ending = (how: Ending): CatalogueEntry<None> => ({
	name: `bead.${how.move}`,
	target: "bead",
	params: none,
	title: how.move === "close" ? "Close" : "Fail",
	label: (id, _, look) => `${how.move === "close" ? "Close" : "Fail"} ${titleOfBead(id, look)}`,
	saw: (id, _, look) => ({ status: look.bead(id)?.status ?? null, hooked_by: hookedIds(id, look) }),
	precondition: (id, _, look) => mayEnd(id, how, look),
	danger: (id, _, look) => (cascades(id, how, look) ? "disruptive" : "safe"),
	preview: (id, _, look) => ({ will: willEnd(id, how, look), wont: wontEnd(id, how, look) }),
	effects: (id, _, look) => [
		beadIs(id, how.to, statusWord(how.to), look),
		...agentsFreed(id, look),
		...sentBack(id, how, look).map((bead) =>
			rowIs(`${titleOfBead(bead.bead_id, look)} is Open`, "beads", bead.bead_id, { status: "open" }),
		),
	],
	outside: (id, _, look) => stopsOnBead(id, look),
	undo: (id, _, look) => undoEnd(id, how, look),
	next: "bead.reopen",
	within: 30_000,
});

const beadClose = ending(CLOSE);
const beadFail = ending(FAIL);

function mayEnd(id: string, how: Ending, look: Lookup): Verdict {
	const bead = look.bead(id);
	if (!bead) return refused("gone", "This bead does not exist any more.");
	if (bead.type === "agent") return refused("wrong-type", "This is an agent, not work. Reset it instead.");
	if (bead.type === "convoy")
		return refused("wrong-type", "A convoy ends with its members. Close or fail the members that hold it.");
	if (bead.status === how.to) {
		const by = look.statusChangedBy(id);
		const said = how.move === "close" ? "closed" : "failed";
		return noop(`already-${said}`, `Already ${said}${clockTime(bead.closed_at)}${by ? ` by ${by}` : ""}.`);
	}
	if (bead.type === "merge_request" && how.move === "close")
		return refused(
			"not-merged",
			"A merge request closes when it is merged. Fail it to end it without merging.",
		);
	const moved = moveBead(bead.status, how.move);
	return moved.ok ? OK : refused(moved.code, moved.message);
}

/** Work that a failed merge request gives back to the queue (domain.md §2.4). */
const sentBack = (id: string, how: Ending, look: Lookup) =>
	how.move === "fail" && look.bead(id)?.type === "merge_request"
		? sourcesOf(id, look).filter((bead) => bead.status === "in_review")
		: [];

/** Only closing lets those behind it go on: a failed blocker still blocks. */
const letsGo = (id: string, how: Ending, look: Lookup) => (how.move === "close" ? unblockedBy(id, look) : []);

const cascades = (id: string, how: Ending, look: Lookup): boolean =>
	hookedIds(id, look).length > 0 ||
	convoysWaitingOn(id, look).length > 0 ||
	reviewsOf(id, look).length > 0 ||
	sentBack(id, how, look).length > 0 ||
	letsGo(id, how, look).length > 0;

function willEnd(id: string, how: Ending, look: Lookup): string[] {
	const bead = look.bead(id);
	const lines = sessionsOn(id, look).map((agent) => endsSession(agent, look));
	lines.push(`Put ${titleOfBead(id, look)} from ${statusWord(bead?.status ?? "")} to ${statusWord(how.to)}.`);
	for (const agent of hookedIds(id, look))
		lines.push(`Take ${nameOfAgent(agent, look)} off it; ${nameOfAgent(agent, look)} becomes Idle.`);
	for (const source of sentBack(id, how, look))
		lines.push(`Put ${titleOfBead(source.bead_id, look)} back to Open: its work is to be done again.`);
	const free = letsGo(id, how, look);
	if (free.length > 0)
		lines.push(
			`Let ${count(free.length, "bead")} start that ${free.length === 1 ? "waits" : "wait"} only for it.`,
		);
	for (const convoy of convoysWaitingOn(id, look))
		lines.push(
			how.move === "close"
				? `Count as done in convoy ${titleOfBead(convoy.bead_id, look)}.`
				: `Keep convoy ${titleOfBead(convoy.bead_id, look)} from landing until it is reopened or dropped.`,
		);
	return lines;
}

function wontEnd(id: string, how: Ending, look: Lookup): string[] {
	const lines = sessionsOn(id, look).length > 0 ? [LOST_WORK] : [];
	for (const review of reviewsOf(id, look))
		lines.push(`End its merge request ${titleOfBead(review.bead_id, look)}, which goes on.`);
	const waiting = how.move === "fail" ? unblockedBy(id, look).length : 0;
	if (waiting > 0) lines.push(`Let ${count(waiting, "bead")} start: a failed blocker still blocks.`);
	return lines;
}

/** Only where `bead.reopen` gives back the same row: nobody worked on it and nothing hung on it. */
function undoEnd(id: string, how: Ending, look: Lookup): ReturnType<CatalogueEntry["undo"]> {
	const bead = look.bead(id);
	if (
		!bead ||
		isTerminal(bead.status) ||
		convoysWaitingOn(id, look).length > 0 ||
		sentBack(id, how, look).length > 0
	)
		return null;
	if (hookedIds(id, look).length > 0 || bead.closed_at !== null) return null;
	if (bead.metadata && Object.hasOwn(bead.metadata, "failure_reason")) return null;
	if (bead.status === "open" && bead.assignee_agent_bead_id === null)
		return { name: "bead.reopen", params: { to: "open", clear_attempts: false } };
	const inReview = bead.status === "in_review" && reviewsOf(id, look).length > 0;
	return inReview ? { name: "bead.reopen", params: { to: "in_review", clear_attempts: false } } : null;
}

export const BEAD_END = [beadClose, beadFail];
