import { type Bead, isTerminal } from "../gastown/index.ts";
import {
	activeToolsOf,
	blockerChain,
	convoysOf,
	failureOf,
	type TownView,
	timeOf,
	trackersOf,
} from "../town-view/index.ts";
import { stopHolding } from "./awaited-stops.ts";
import { type Facts, factsOf } from "./facts.ts";
import { townWaits } from "./town-waits.ts";
import { agentWaits, beadWait } from "./waits.ts";
import { ago, count, inShort, span } from "./words.ts";

/** `moving` where an agent works on it. `until` in epoch milliseconds where the end of the wait is known. */
export type WhyNotMoving = { code: string; moving: boolean; sentence: string; until: number | null };

const because = (code: string, sentence: string, until: number | null = null): WhyNotMoving => ({
	code,
	moving: false,
	sentence,
	until,
});

/**
 * Why a bead is where it is, in one sentence: the first check that holds, in the order of domain.md §8 item 12. Every bead
 * has one; null only for a bead that does not exist.
 */
export function whyNotMoving(view: TownView, beadId: string, now: number): WhyNotMoving | null {
	const one = view.tables.beads.get(beadId);
	if (!one) return null;
	const facts = factsOf(view, now);
	switch (one.status) {
		case "closed":
			return because("closed", `It was closed ${ago(now - (timeOf(one.closed_at) ?? now))}.`);
		case "failed":
			return whyFailed(facts, one);
		case "in_review":
			return whyInReview(facts, one);
		case "in_progress":
		case "open":
			return whyUnfinished(facts, one);
		default:
			return because("unknown-status", `Its status "${one.status}" is not one that this console knows.`);
	}
}

function whyFailed({ now }: Facts, one: Bead): WhyNotMoving {
	const reason = failureOf(one);
	const at = ago(now - (timeOf(one.closed_at) ?? now));
	return because(
		"failed",
		`It failed ${at}${reason ? `: ${inShort(reason.message)}` : ""}. Nothing retries it by itself.`,
	);
}

function whyInReview(facts: Facts, one: Bead): WhyNotMoving {
	if (one.type === "merge_request")
		return because("review", "Its pull request is open; it waits for the merge.");
	const review = trackersOf(facts.view, one.bead_id).find(
		(bead) => bead.type === "merge_request" && !isTerminal(bead.status),
	);
	if (!review) return because("no-review", "It is in review, but no unfinished merge request tracks it.");
	return because(
		"review",
		`Its work is done; ${facts.title(review.bead_id)} is ${STATUS[review.status] ?? review.status}.`,
	);
}
const STATUS: Record<string, string> = {
	open: "waiting its turn",
	in_progress: "under review",
	in_review: "waiting for its pull request",
};

function whyUnfinished(facts: Facts, one: Bead): WhyNotMoving {
	const { view } = facts;
	const hooked = facts.look.agentsHookedTo(one.bead_id)[0];
	const working = hooked?.status === "working" && one.status === "in_progress";
	if (!working) {
		const staged = convoysOf(view, one.bead_id).find(
			(convoy) => view.tables.convoy_metadata.get(convoy.bead_id)?.staged,
		);
		if (staged)
			return because(
				"convoy.staged",
				`Its convoy ${facts.title(staged.bead_id)} is staged and was not started.`,
			);
		const chain = blockerChain(view, one.bead_id);
		if (chain && chain.end !== "open") return because("blocked", blockedBy(facts, chain));
		const wait = beadWait(facts, one);
		if (wait && (wait.code === "bead.held" || wait.code === "bead.waits-for-open-blocker"))
			return because(wait.code, `${wait.sentence}.`);
		const stop = stopHolding(facts, one.bead_id, hooked?.bead_id);
		if (stop)
			return because(
				"held",
				`${facts.agentName(stop.agent)}'s process was told to stop and was not seen to end.`,
			);
		const [town] = townWaits(facts);
		if (town)
			return because(town.code, `${town.sentence}.`, town.recovers.who === "self" ? town.recovers.at : null);
		if (wait)
			return because(wait.code, `${wait.sentence}.`, wait.recovers.who === "self" ? wait.recovers.at : null);
	}
	return hooked ? byItsAgent(facts, hooked.bead_id) : byNobody(facts, one);
}

function blockedBy(facts: Facts, chain: NonNullable<ReturnType<typeof blockerChain>>): string {
	const end = facts.title(chain.path.at(-1) ?? "");
	const others = chain.path.length - 1;
	const down = others > 0 ? `, by way of ${count(others, "other bead")}` : "";
	if (chain.end === "cycle") return `Its dependencies go round in a circle by way of ${end}.`;
	return chain.end === "missing"
		? `It waits for a bead that does not exist any more${down}.`
		: `It waits for ${end}, which failed and is not retried${down}.`;
}

function byItsAgent(facts: Facts, agentId: string): WhyNotMoving {
	const { now, container } = facts;
	const row = facts.look.agent(agentId);
	const name = facts.agentName(agentId);
	if (!row) return because("no-agent", `${name}, who has it, does not exist any more.`);
	if (facts.atRest)
		return because(
			"container",
			`${name} has it, but the container is ${container?.status} since ${span(now - (timeOf(container?.since) ?? now))}.`,
		);
	if (row.status === "stalled") return because("stalled", `${name} has it and is stalled.`);
	const [wait] = agentWaits(facts, row);
	if (wait)
		return because(wait.code, `${wait.sentence}.`, wait.recovers.who === "self" ? wait.recovers.at : null);
	if (row.status !== "working") return because("hooked", `${name} has it on its hook and is to be started.`);
	const at = timeOf(row.last_event_at);
	const [tool] = activeToolsOf(row);
	const doing = tool
		? `running ${tool}`
		: at === null
			? "no event was seen yet"
			: `last event ${ago(now - at)}`;
	return { code: "moving", moving: true, sentence: `It moves: ${name} works on it, ${doing}.`, until: null };
}

function byNobody(facts: Facts, one: Bead): WhyNotMoving {
	const { container } = facts;
	if (one.assignee_agent_bead_id)
		return because(
			"dead-assignee",
			`${facts.agentName(one.assignee_agent_bead_id)} has it, but not on its hook.`,
		);
	if (one.status === "in_progress")
		return because("nobody", "It is in progress, and no agent is hooked to it.");
	const max = facts.maxAttempts(one.rig_id);
	if (one.dispatch_attempts >= max)
		return because(
			"exhausted",
			`All ${max} starts are used${one.last_dispatch_error ? `: ${inShort(one.last_dispatch_error)}` : ""}.`,
		);
	if (one.rig_id === null && one.type === "issue")
		return because("no-rig", "It belongs to no rig, so no agent can take it.");
	const hands = one.rig_id === null ? undefined : facts.rigs.get(one.rig_id);
	if (!hands && one.type === "issue")
		return because("no-agents", `Rig ${facts.rigName(one.rig_id)} has no agent for it.`);
	if (facts.atRest) return because("container", `It is ready; the container is ${container?.status}.`);
	const idle = hands
		? `; ${count(hands.idle, "agent")} of its rig ${hands.idle === 1 ? "is" : "are"} free`
		: "";
	return because("ready", `It is ready and waits to be dispatched${idle}.`);
}
