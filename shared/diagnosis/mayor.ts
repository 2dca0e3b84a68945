import type { Agent } from "../gastown/index.ts";
import { signalOf } from "../town-view/index.ts";
import { CONTAINER_DIED, containerDeath } from "./container-died.ts";
import { type Facts, rowOf, told } from "./facts.ts";
import type { Finding, Recovery, RemedyStep } from "./finding.ts";
import { ERRORS_REPEATED, LASTING_ERRORS } from "./thresholds.ts";
import { ago, count, inShort } from "./words.ts";

/** "The Mayor isn't responding" (scenarios.md §7). */
export const mayor = (facts: Facts): Finding[] =>
	facts.agents.filter((one) => one.role === "mayor").flatMap((one) => sessionErrored(facts, one));

/** Its model refuses it for good, or fails it again and again; the signal goes when a later step completes (STREAM-6). */
function sessionErrored(facts: Facts, one: Agent): Finding[] {
	const error = signalOf(facts.view.tables.agent_signals.get(one.bead_id), "last_error");
	if (!error || (!LASTING_ERRORS.includes(error.status ?? 0) && error.count < ERRORS_REPEATED)) return [];
	const answer = error.status === null ? error.name : `${error.status}`;
	const kilo = "credential.expired:credential:town/kilo";
	return [
		told({
			code: "mayor.session-errored",
			severity: "critical",
			subject: { kind: "mayor", id: one.bead_id },
			sentence: `The Mayor's session fails: its model answers ${answer}, "${inShort(error.message, 60)}"`,
			measured: [
				`${count(error.count, "error")}, the last ${ago(facts.now - error.at)}; no step completed since.`,
			],
			evidence: [rowOf(`session error ${answer}`, "agent_signals", one.bead_id, error.at)],
			since: error.at,
			...wayOut(one, error.status),
			ruledOut: ["a retry under way", "a message still being answered"],
			needs: error.status === null ? ["the status of the model's answer"] : [],
			because: containerDeath(facts) ? CONTAINER_DIED : error.status === 401 ? kilo : null,
		}),
	];
}

function wayOut(one: Agent, status: number | null): { recovers: Recovery; remedy: RemedyStep[] } {
	const reset = [{ name: "agent.reset", target: one.bead_id, params: {} }];
	if (status === 402)
		return {
			recovers: {
				who: "user",
				text: "Only the town's owner can: there is no credit left for the model.",
				message:
					"Your town's Mayor cannot answer: the model provider says that no credit is left. Please top up or choose another model.",
			},
			remedy: [],
		};
	if (status === 400)
		return {
			recovers: {
				who: "user",
				text: "Not by itself: the model refuses what it is sent. Another model cannot be set from here yet.",
				message:
					"Your town's Mayor cannot answer: its model refuses the request. Please choose another model for it in the town's settings.",
			},
			remedy: [],
		};
	// A new process takes up the current token; the old one keeps the environment that it started with (domain.md §6, 1997).
	return {
		recovers: {
			who: "button",
			text: "Not in this session: it keeps what it started with. A new one takes the current token.",
		},
		remedy: reset,
	};
}
