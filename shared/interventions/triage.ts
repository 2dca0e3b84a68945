import { z } from "zod";
import { type Bead, isTerminal } from "../gastown/index.ts";
import { labelsOf } from "../town-view/readers.ts";
import type { CatalogueEntry, Lookup, Verdict } from "./catalogue-entry.ts";
import { beadIs, processGone, rowIs } from "./effects.ts";
import {
	clockTime, endsSession, nameOfAgent, noop, OK, refused, sessionsOn, statusWord, titleOfBead,
} from "./reading.ts"; // biome-ignore format: a list

/** What the town asks to be decided, and calls for help. */

/** In the order of the menu, with what each does (domain.md §2.9). */
export const TRIAGE_ACTIONS = {
	RESTART: "start its bead again at once",
	RESTART_WITH_BACKOFF: "start its bead again after the usual wait",
	REASSIGN_BEAD: "give its bead to any free agent",
	CLOSE_BEAD: "close its bead",
	NUDGE: "tell its agent to go on",
	PROVIDE_GUIDANCE: "tell its agent what to do",
	ESCALATE: "escalate it",
	ESCALATE_TO_MAYOR: "escalate it to the mayor",
	DISCARD: "do nothing about it",
} as const;
type TriageAction = keyof typeof TRIAGE_ACTIONS;

const RESTARTS: readonly TriageAction[] = ["RESTART", "RESTART_WITH_BACKOFF", "REASSIGN_BEAD"];
const MESSAGES: readonly TriageAction[] = ["NUDGE", "PROVIDE_GUIDANCE"];

const decision = z.object({
	action: z.enum(Object.keys(TRIAGE_ACTIONS) as [TriageAction, ...TriageAction[]]),
	notes: z.string().trim().max(8_000).default(""),
});
type Decision = z.infer<typeof decision>;

/** The agent and the bead that a request is about, and what the agent was at when it was made. */
export function aboutOf(request: Bead | undefined): Record<"agent" | "bead" | "attempt", string | null> {
	const named = (value: unknown) => (typeof value === "string" ? value : null);
	const { agent_bead_id, bead_id, attempt_id } = request?.metadata ?? {};
	return { agent: named(agent_bead_id), bead: named(bead_id), attempt: named(attempt_id) };
}

export const isTriageRequest = (bead: Bead): boolean => labelsOf(bead).includes("gt:triage-request");

/** What of this action would come to nothing, in the words that Gastown answers too late. */
function mayDecide(action: TriageAction, about: ReturnType<typeof aboutOf>, look: Lookup): Verdict {
	const bead = about.bead === null ? undefined : look.bead(about.bead);
	if (RESTARTS.includes(action)) {
		if (!bead || !["open", "in_progress"].includes(bead.status))
			return refused("no-bead", "There is no unfinished bead to start again.");
		const others = look
			.agentsHookedTo(bead.bead_id)
			.filter(({ current_attempt_id }) => current_attempt_id !== null)
			.some((agent) => agent.bead_id !== about.agent || agent.current_attempt_id !== about.attempt);
		return others ? refused("started", "It has been started again since it was asked.") : OK;
	}
	if (action === "CLOSE_BEAD")
		return bead && !isTerminal(bead.status)
			? OK
			: refused("no-bead", "There is no unfinished bead to close.");
	if (MESSAGES.includes(action)) {
		const agent = about.agent === null ? undefined : look.agent(about.agent);
		return agent && agent.status !== "dead"
			? OK
			: refused("no-agent", "Its agent is not in the town any more.");
	}
	return OK;
}

/** What the town does beside closing the request. */
function does({ action, notes }: Decision, about: ReturnType<typeof aboutOf>, look: Lookup): string[] {
	const bead = about.bead === null ? "its bead" : titleOfBead(about.bead, look);
	const agent = about.agent === null ? "its agent" : nameOfAgent(about.agent, look);
	const ends =
		about.bead === null ? [] : sessionsOn(about.bead, look).map((session) => endsSession(session, look));
	switch (action) {
		case "RESTART":
			return [...ends, `Put ${bead} back to Open and start it again at once, which spends money.`];
		case "RESTART_WITH_BACKOFF":
			return [...ends, `Put ${bead} back to Open; it is started again after its wait, which spends money.`];
		case "REASSIGN_BEAD":
			return [...ends, `Put ${bead} back to Open for any free agent, after its wait, which spends money.`];
		case "CLOSE_BEAD":
			return [...ends, `Close ${bead}.`];
		case "NUDGE":
		case "PROVIDE_GUIDANCE":
			return [`Tell ${agent}: "${notes || "Go on, please."}", which spends money.`];
		case "ESCALATE":
		case "ESCALATE_TO_MAYOR":
			return ["Make an escalation of medium severity, and tell the mayor."];
		case "DISCARD":
			return [];
	}
}

const triageResolve: CatalogueEntry<Decision> = {
	name: "triage.resolve",
	target: "bead",
	params: decision,
	title: "Resolve the triage request",
	draft: { action: "RESTART", notes: "" },
	label: (id, _, look) => `Resolve ${titleOfBead(id, look)}`,
	saw(id, _, look) {
		const { bead } = aboutOf(look.bead(id));
		return {
			status: look.bead(id)?.status ?? null,
			about_status: (bead === null ? null : look.bead(bead)?.status) ?? null,
		};
	},
	precondition(id, { action, notes }, look) {
		const request = look.bead(id);
		if (!request) return refused("gone", "This bead does not exist any more.");
		if (!isTriageRequest(request)) return refused("wrong-type", "It is no triage request.");
		if (isTerminal(request.status))
			return noop("resolved", `It is ${statusWord(request.status)} already${clockTime(request.closed_at)}.`);
		if (action === "PROVIDE_GUIDANCE" && notes === "")
			return refused("no-notes", "Write what its agent is to do.");
		return mayDecide(action, aboutOf(request), look);
	},
	danger: () => "disruptive",
	preview: (id, params, look) => ({
		will: ["Close the request with this decision.", ...does(params, aboutOf(look.bead(id)), look)],
		wont: ["Ask anybody else: a triage agent that has it decides nothing more."],
	}),
	effects(id, { action }, look) {
		const { bead } = aboutOf(look.bead(id));
		const request = beadIs(id, "closed", "Closed", look);
		if (bead === null || ![...RESTARTS, "CLOSE_BEAD"].includes(action)) return [request];
		const [status, word] = action === "CLOSE_BEAD" ? ["closed", "Closed"] : ["open", "Open"];
		const gone = sessionsOn(bead, look).map((agent) => processGone(agent, look));
		return [request, beadIs(bead, status ?? "", word ?? "", look), ...gone];
	},
	/** The town's own rule for this decision ends the sessions, by its inbox. */
	outside: () => [],
	undo: () => null,
	next: null,
	within: 60_000,
};

const seen = z.object({
	/** False takes it back. */
	seen: z.boolean().default(true),
});

const escalationAcknowledge: CatalogueEntry<z.infer<typeof seen>> = {
	name: "escalation.acknowledge",
	target: "bead",
	params: seen,
	title: "Acknowledge",
	label: (id, { seen }, look) =>
		`${seen ? "Acknowledge" : "Take back that somebody saw"} ${titleOfBead(id, look)}`,
	saw: (id, _, look) => ({
		status: look.bead(id)?.status ?? null,
		acknowledged: look.escalation(id)?.acknowledged ?? null,
	}),
	precondition(id, { seen }, look) {
		const bead = look.bead(id);
		if (!bead) return refused("gone", "This bead does not exist any more.");
		const row = look.escalation(id);
		if (bead.type !== "escalation" || !row) return refused("wrong-type", "It is no escalation.");
		if (isTerminal(bead.status))
			return noop("over", `It is ${statusWord(bead.status)} already${clockTime(bead.closed_at)}.`);
		if (seen && row.acknowledged === 1)
			return noop("acknowledged", `It has been acknowledged already${clockTime(row.acknowledged_at)}.`);
		if (!seen && row.acknowledged !== 1) return noop("not-acknowledged", "Nobody has acknowledged it.");
		return OK;
	},
	danger: () => "safe",
	preview: (_, { seen }) =>
		seen
			? {
					will: ["Say that somebody has seen it: it is not raised again, and nobody is told again."],
					wont: ["Close it: it stays open until its cause is gone."],
				}
			: { will: ["Say that nobody has seen it: it is raised again in its time."], wont: [] },
	effects: (id, { seen }, look) => [
		rowIs(
			`${titleOfBead(id, look)} is ${seen ? "acknowledged" : "not acknowledged"}`,
			"escalation_metadata",
			id,
			{ acknowledged: seen ? 1 : 0 },
		),
	],
	outside: () => [],
	undo: (_, { seen }) => ({ name: "escalation.acknowledge", params: { seen: !seen } }),
	next: null,
	within: 10_000,
};

export const TRIAGE = [triageResolve, escalationAcknowledge];
