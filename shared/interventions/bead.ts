import { z } from "zod";
import { BEAD_PRIORITIES, type Bead, isTerminal, moveBead, unhookable } from "../gastown/index.ts";
import { labelsOf, metadataOf } from "../town-view/readers.ts";
import type { CatalogueEntry, Lookup, Verdict } from "./catalogue-entry.ts";
import { agentFreed, rowIs } from "./effects.ts";
import {
	count, endsSession, hasSession, hookedIds, isHeldBead, LOST_WORK, nameOfAgent, noop, OK, refused,
	reviewsOf, sessionsOn, sourcesOf, statusWord, titleOfBead,
} from "./reading.ts"; // biome-ignore format: a list

const gone = refused("gone", "This bead does not exist any more.");

const priority = z.object({ priority: z.enum(BEAD_PRIORITIES) });

const beadPriority: CatalogueEntry<z.infer<typeof priority>> = {
	name: "bead.priority",
	target: "bead",
	params: priority,
	title: "Set the priority of",
	draft: { priority: "high" },
	label: (id, params, look) => `Set ${titleOfBead(id, look)} to ${params.priority}`,
	saw: (id, _, look) => ({ priority: look.bead(id)?.priority ?? null }),
	precondition(id, params, look) {
		const bead = look.bead(id);
		if (!bead) return gone;
		if (bead.priority === params.priority) return noop("same", `Its priority is ${params.priority} already.`);
		if (bead.type === "agent") return refused("wrong-type", "An agent has no priority.");
		return isTerminal(bead.status)
			? refused("ended", `It is ${statusWord(bead.status)}: its priority changes nothing any more.`)
			: OK;
	},
	danger: () => "safe",
	preview: (id, params, look) => ({
		will: [
			`Set its priority from ${look.bead(id)?.priority} to ${params.priority}, which moves its place in line.`,
		],
		wont: ["Interrupt what agents are doing now."],
	}),
	effects: (id, params, look) => [
		rowIs(`${titleOfBead(id, look)} has priority ${params.priority}`, "beads", id, {
			priority: params.priority,
		}),
	],
	outside: () => [],
	undo(id, _, look) {
		const before = priority.safeParse({ priority: look.bead(id)?.priority });
		return before.success ? { name: "bead.priority", params: before.data } : null;
	},
	next: null,
	within: 10_000,
};

const reopen = z.object({
	/** `in_review` only for a bead whose merge request still stands. */
	to: z.enum(["open", "in_review"]).default("open"),
	/** Forget the starts so far, so that it is dispatched at once; an undo keeps them. */
	clear_attempts: z.boolean().default(true),
	/** Takes away a person's hold, too, so that it is dispatched: without it a held bead stays where it is. */
	release: z.boolean().default(false),
});
type Reopen = z.infer<typeof reopen>;

const beadReopen: CatalogueEntry<Reopen> = {
	name: "bead.reopen",
	target: "bead",
	params: reopen,
	title: "Reopen",
	label: (id, _, look) => `Reopen ${titleOfBead(id, look)}`,
	saw: (id, _, look) => ({ status: look.bead(id)?.status ?? null, hooked_by: hookedIds(id, look) }),
	precondition: mayReopen,
	danger(id, params, look) {
		const bead = look.bead(id);
		return bead && params.to === "open" && staysHeld(bead, params) ? "safe" : "disruptive";
	},
	preview(id, params, look) {
		const bead = look.bead(id);
		const will = [
			`Put ${titleOfBead(id, look)} from ${statusWord(bead?.status ?? "")} back to ${statusWord(params.to)}.`,
		];
		if (!bead) return { will, wont: [] };
		if (params.to === "in_review") will.push("Let its merge request go on.");
		else if (bead.assignee_agent_bead_id)
			will.push(`Clear its assignee ${nameOfAgent(bead.assignee_agent_bead_id, look)}.`);
		if (params.clear_attempts && bead.dispatch_attempts > 0)
			will.push(`Clear its ${count(bead.dispatch_attempts, "attempt")} and its back-off.`);
		const held = staysHeld(bead, params);
		if (isHeldBead(bead) && !held) will.push("Take away the hold that somebody put on it.");
		if (params.to === "open" && !held)
			will.push("Have it dispatched when an agent is free, which spends money.");
		return {
			will,
			wont: held
				? ["Start it: it stays held until somebody starts it."]
				: ["Bring back what was done on it before."],
		};
	},
	// Not its status: a scheduler may have put it in progress before anybody looks.
	effects: (id, _, look) => [rowIs(`${titleOfBead(id, look)} is reopened`, "beads", id, { closed_at: null })],
	outside: () => [],
	undo(id, params, look) {
		const bead = look.bead(id);
		const bare =
			bead?.status === "closed" &&
			bead.assignee_agent_bead_id === null &&
			bead.last_dispatch_attempt_at === null &&
			isHeldBead(bead) === staysHeld(bead, params);
		return bare && params.to === "open" && !metadataOf(bead).failure_reason && bead.dispatch_attempts === 0
			? { name: "bead.close", params: {} }
			: null;
	},
	next: "bead.fail",
	within: 10_000,
};

const staysHeld = (bead: Bead, params: Reopen): boolean => isHeldBead(bead) && !params.release;

function mayReopen(id: string, params: Reopen, look: Lookup): Verdict {
	const bead = look.bead(id);
	if (!bead) return gone;
	if (bead.status === params.to)
		return noop("already-open", `It has not ended: it is ${statusWord(bead.status)}.`);
	if (!isTerminal(bead.status))
		return refused("not-ended", `It has not ended: it is ${statusWord(bead.status)}.`);
	if (bead.type === "agent" || bead.type === "convoy")
		return refused("wrong-type", `A bead of type "${bead.type}" is not reopened.`);
	const [hooked] = hookedIds(id, look);
	if (hooked)
		return refused(
			"still-hooked",
			`${nameOfAgent(hooked, look)} is still hooked to it. Reset that agent first.`,
		);
	if (params.to === "in_review" && reviewsOf(id, look).length === 0)
		return refused("no-review", "It has no unfinished merge request to be reviewed in. Reopen it as Open.");
	const source = bead.type === "merge_request" && sourcesOf(id, look).find((of) => of.status !== "in_review");
	if (source)
		return refused(
			"source-moved-on",
			`${titleOfBead(source.bead_id, look)} is ${statusWord(source.status)}, not in review: nothing to merge.`,
		);
	const moved = moveBead(bead.status, "reopen");
	return moved.ok ? OK : refused(moved.code, moved.message);
}

const reassign = z.object({ agent: z.string().min(1).max(200).nullable() });
type Reassign = z.infer<typeof reassign>;

const beadReassign: CatalogueEntry<Reassign> = {
	name: "bead.reassign",
	target: "bead",
	params: reassign,
	title: "Reassign",
	draft: { agent: null },
	label: (id, { agent }, look) =>
		agent === null
			? `Take ${titleOfBead(id, look)} from its agent`
			: `Give ${titleOfBead(id, look)} to ${nameOfAgent(agent, look)}`,
	saw: (id, { agent }, look) => ({
		status: look.bead(id)?.status ?? null,
		assignee_agent_bead_id: look.bead(id)?.assignee_agent_bead_id ?? null,
		hooked_by: hookedIds(id, look),
		...(agent !== null && {
			agent_status: look.agent(agent)?.status ?? null,
			agent_hook: look.agent(agent)?.current_hook_bead_id ?? null,
		}),
	}),
	precondition: mayReassign,
	danger: (id, _, look) =>
		sessionsOn(id, look).length > 0 || look.bead(id)?.status === "in_progress" ? "disruptive" : "safe",
	preview(id, { agent }, look) {
		const lines = sessionsOn(id, look).map((other) => endsSession(other, look));
		const bead = look.bead(id);
		const from = bead?.assignee_agent_bead_id;
		if (from) lines.push(`Clear its assignee ${nameOfAgent(from, look)}.`);
		if (bead && bead.status !== "open") lines.push(`Put it from ${statusWord(bead.status)} back to Open.`);
		if (agent !== null)
			lines.push(`Hook ${nameOfAgent(agent, look)} to it; it is dispatched at the next tick.`);
		else lines.push("Leave it to any free agent of its rig.");
		const wont = sessionsOn(id, look).length > 0 ? [LOST_WORK] : [];
		if (bead && bead.dispatch_attempts > 0)
			wont.push(`Clear its ${count(bead.dispatch_attempts, "attempt")}.`);
		return { will: lines, wont };
	},
	effects(id, { agent }, look) {
		const others = look.agentsHookedTo(id).filter((other) => other.bead_id !== agent);
		const assigned = rowIs(
			agent === null ? "assignee cleared" : `assigned to ${nameOfAgent(agent, look)}`,
			"beads",
			id,
			{ assignee_agent_bead_id: agent },
		);
		const hooked =
			agent === null
				? []
				: [
						rowIs(`${nameOfAgent(agent, look)} is hooked`, "agent_metadata", agent, {
							current_hook_bead_id: id,
						}),
					];
		return [assigned, ...hooked, ...others.flatMap((other) => agentFreed(other, look))];
	},
	outside: (id, { agent }, look) =>
		sessionsOn(id, look)
			.filter((other) => other.bead_id !== agent)
			.map((other) => ({ kind: "stop-agent", agent: other.bead_id, bead: id })),
	undo(id, { agent }, look) {
		const bead = look.bead(id);
		const before = bead?.assignee_agent_bead_id ?? null;
		const agents = [before, agent].flatMap((one) => (one === null ? [] : (look.agent(one) ?? [])));
		const consistent = hookedIds(id, look).join() === (before ?? "");
		const quiet = agents.every(
			(one) =>
				one.status === "idle" && one.checkpoint === null && one.stalled_at === null && !hasSession(one, look),
		);
		return bead?.status === "open" &&
			consistent &&
			quiet &&
			agents.length === [before, agent].filter(Boolean).length
			? { name: "bead.reassign", params: { agent: before } }
			: null;
	},
	// What was just done is no way on from it.
	next: null,
	within: 30_000,
};

function mayReassign(id: string, { agent }: Reassign, look: Lookup): Verdict {
	const bead = look.bead(id);
	if (!bead) return gone;
	const kind = unhookable({ type: bead.type, labels: labelsOf(bead) });
	if (kind) return refused("wrong-type", kind);
	if (isTerminal(bead.status)) return refused("ended", `It is ${statusWord(bead.status)}; reopen it first.`);
	if (bead.status === "in_review") return refused("in-review", "Its work is done and waits for its review.");
	const hooked = hookedIds(id, look);
	const assignee = bead.assignee_agent_bead_id;
	if (agent === null)
		return assignee === null && hooked.length === 0 && bead.status === "open"
			? noop("unassigned", "It is open and nobody has it.")
			: OK;
	const name = nameOfAgent(agent, look);
	if (assignee === agent && hooked.join() === agent) return noop("same", `${name} has it already.`);
	const to = look.agent(agent);
	if (!to) return refused("no-agent", "The chosen agent does not exist any more.");
	if (to.status !== "idle") return refused("not-idle", `${name} is ${to.status}, not idle.`);
	if (to.current_hook_bead_id !== null && to.current_hook_bead_id !== id)
		return refused("hooked", `${name} is hooked to ${titleOfBead(to.current_hook_bead_id, look)}.`);
	const role = bead.type === "merge_request" ? "refinery" : "polecat";
	if (to.role !== role) return refused("wrong-role", `${name} is a ${to.role}; this is work for a ${role}.`);
	const rig = look.bead(agent)?.rig_id ?? null;
	return rig === bead.rig_id ? OK : refused("wrong-rig", `${name} belongs to another rig.`);
}

export const BEAD = [beadPriority, beadReassign, beadReopen];
