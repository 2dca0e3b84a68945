import { z } from "zod";
import { type Bead, isTerminal, unhookable } from "../gastown/index.ts";
import { labelsOf } from "../town-view/readers.ts";
import type { CatalogueEntry, Lookup, Verdict } from "./catalogue-entry.ts";
import { rowIs } from "./effects.ts";
import {
	clockTime, count, foreignContainer, hookedIds, isHeldBead, nameOfAgent, noop, OK, refused, sessionsOn,
	sourcesOf, startHold, statusWord, titleOfBead,
} from "./reading.ts"; // biome-ignore format: a list

const none = z.object({});
type None = z.infer<typeof none>;

/** Work that is started anew with its counters cleared: what a failed bead, or one in its back-off, lacks. */
const beadRetryDispatch: CatalogueEntry<None> = {
	name: "bead.retry-dispatch",
	target: "bead",
	params: none,
	title: "Retry",
	label: (id, _, look) => `Retry ${titleOfBead(id, look)}`,
	saw: (id, _, look) => ({
		status: look.bead(id)?.status ?? null,
		dispatch_attempts: look.bead(id)?.dispatch_attempts ?? null,
		hooked_by: hookedIds(id, look),
	}),
	precondition: mayRetry,
	danger: () => "disruptive",
	preview(id, _, look) {
		const bead = look.bead(id);
		if (!bead) return { will: [], wont: [] };
		const failed = bead.status === "failed";
		return {
			will: [
				...(failed ? [`Put ${titleOfBead(id, look)} from Failed back to Open.`] : []),
				`Clear its ${count(bead.dispatch_attempts, "attempt")} and its back-off${countersOf(bead, look)}.`,
				...leaves(bead, look),
				"Start it with the next free agent of its rig, and the container if it does not run, which spends money.",
			],
			wont: ["Mend what made it fail: that cause may be met again.", "Bring back uncommitted work."],
		};
	},
	effects: (id, _, look) => [
		rowIs(
			`${titleOfBead(id, look)} has a new attempt`,
			"beads",
			id,
			{ status: "in_progress", dispatch_attempts: 1 },
			true,
		),
	],
	outside: () => [],
	undo: () => null,
	next: "bead.fail",
	within: 120_000,
};

/** Starts that its agent used count for that agent, too. */
function countersOf(bead: Bead, look: Lookup): string {
	const agent = look.agentsHookedTo(bead.bead_id).find(({ dispatch_attempts }) => dispatch_attempts > 0);
	return agent
		? `, and ${nameOfAgent(agent.bead_id, look)}'s ${count(agent.dispatch_attempts, "start")}`
		: "";
}

/** An assignee that is not hooked to it would keep others from taking it. */
function leaves(bead: Bead, look: Lookup): string[] {
	const assignee = bead.assignee_agent_bead_id;
	return assignee !== null && hookedIds(bead.bead_id, look).length === 0
		? [`Clear its assignee ${nameOfAgent(assignee, look)}, who is not on it.`]
		: [];
}

function mayRetry(id: string, _: None, look: Lookup): Verdict {
	const bead = look.bead(id);
	if (!bead) return refused("gone", "This bead does not exist any more.");
	const kind = unhookable({ type: bead.type, labels: labelsOf(bead) });
	if (kind) return refused("wrong-type", kind);
	if (bead.rig_id === null && hookedIds(id, look).length === 0)
		return refused("no-rig", "It belongs to no rig, so nobody can take it.");
	if (bead.status === "closed")
		return refused(
			"closed",
			`It was closed${clockTime(bead.closed_at)}. Reopen it if its work is to be done again.`,
		);
	if (bead.status === "in_review") return refused("in-review", "Its work is done and waits for its review.");
	const [working] = sessionsOn(id, look);
	if (working)
		return refused("working", `${nameOfAgent(working.bead_id, look)} is at it now. Reset that agent first.`);
	const source = bead.type === "merge_request" && sourcesOf(id, look).find((of) => of.status !== "in_review");
	if (source)
		return refused(
			"source-moved-on",
			`${titleOfBead(source.bead_id, look)} is ${statusWord(source.status)}, not in review: nothing to merge.`,
		);
	const waits = whyItWaits(bead, look);
	if (waits) return waits;
	const untouched =
		bead.status === "open" &&
		bead.dispatch_attempts === 0 &&
		countersOf(bead, look) === "" &&
		leaves(bead, look).length === 0;
	return untouched
		? noop("ready", "It has no attempts to clear: it starts as soon as an agent is free.")
		: OK;
}

/** What keeps it from being started whatever its counters are. */
function whyItWaits(bead: Bead, look: Lookup): Verdict | null {
	const town = foreignContainer(look) ?? startHold(look);
	if (town) return town;
	if (look.town("dispatch_pause"))
		return refused("paused-by-admin", "An admin has paused dispatch. Resume that first.");
	if (isHeldBead(bead))
		return refused(
			"held",
			"Somebody put it aside. Reopen it with its hold taken away, or let them start it.",
		);
	const blocker = look
		.dependenciesOf(bead.bead_id)
		.filter(({ dependency_type }) => dependency_type === "blocks")
		.find(({ depends_on_bead_id }) => look.bead(depends_on_bead_id)?.status !== "closed");
	if (blocker) {
		const other = look.bead(blocker.depends_on_bead_id);
		const how = other ? statusWord(other.status) : "gone";
		return refused(
			"blocked",
			`It waits for ${titleOfBead(blocker.depends_on_bead_id, look)}, which is ${how}.`,
		);
	}
	const staged = look
		.dependenciesOf(bead.bead_id)
		.find(({ depends_on_bead_id }) => look.convoy(depends_on_bead_id)?.staged === 1);
	return staged && !isTerminal(look.bead(staged.depends_on_bead_id)?.status ?? "closed")
		? refused("staged", "Its convoy is staged: it has not been started by its owner.")
		: null;
}

export const BEAD_DISPATCH = [beadRetryDispatch];
