import type { Agent, AgentSignals } from "../gastown/index.ts";
import { activeToolsOf, signalOf } from "../town-view/index.ts";
import { CONTAINER_DIED, containerDeath } from "./container-died.ts";
import { type Facts, rowOf, told } from "./facts.ts";
import type { Finding, Recovery, RemedyStep } from "./finding.ts";
import { ERROR_LASTS_MS, ERRORS_REPEATED, LASTING_ERRORS, LASTING_NAMES } from "./thresholds.ts";
import { ago, count, inShort } from "./words.ts";

/** "The Mayor isn't responding" (scenarios.md §7). */
export const mayor = (facts: Facts): Finding[] =>
	facts.agents.filter((one) => one.role === "mayor").flatMap((one) => sessionErrored(facts, one));

type SessionError = NonNullable<AgentSignals["last_error"]>;

/** Nothing more comes of it by itself: refused for good, failed again and again, or its turn ended with this error. */
function lasts(facts: Facts, one: Agent, error: SessionError): boolean {
	if (LASTING_ERRORS.includes(error.status ?? 0) || LASTING_NAMES.includes(error.name)) return true;
	if (error.count >= ERRORS_REPEATED || one.status === "waiting") return true;
	const tried = signalOf(facts.view.tables.agent_signals.get(one.bead_id), "retry") !== null;
	return !tried && activeToolsOf(one).length === 0 && facts.now - error.at >= ERROR_LASTS_MS;
}

/** Its last turn failed; the signal goes when a later step completes, which is when a turn succeeds (STREAM-6). */
function sessionErrored(facts: Facts, one: Agent): Finding[] {
	const error = signalOf(facts.view.tables.agent_signals.get(one.bead_id), "last_error");
	if (!error || !lasts(facts, one, error)) return [];
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
			...wayOut(one, error),
			ruledOut: ["a retry under way", "a message still being answered"],
			needs:
				error.status === null && !LASTING_NAMES.includes(error.name)
					? ["the status of the model's answer"]
					: [],
			because: containerDeath(facts) ? CONTAINER_DIED : error.status === 401 ? kilo : null,
		}),
	];
}

function wayOut(one: Agent, { status, name }: SessionError): { recovers: Recovery; remedy: RemedyStep[] } {
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
				who: "button",
				text: "Not by itself: the model refuses what it is sent. Set another model for its session.",
			},
			remedy: [{ name: "agent.set-model", target: one.bead_id, params: { model: "" } }],
		};
	if (name === "ContextOverflowError")
		return {
			recovers: {
				who: "button",
				text: "Not in this session: its conversation is too long to go on. A new one starts without it.",
			},
			remedy: reset,
		};
	if (LASTING_NAMES.includes(name))
		return {
			recovers: {
				who: "button",
				text: "With a message that its model answers; else in a new session, without this conversation.",
			},
			remedy: reset,
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
