import type { TownStateValue } from "../gastown/index.ts";
import { timeOf } from "../town-view/index.ts";
import { agent, bead, distinct, type Facts, rowOf, told } from "./facts.ts";
import type { Finding } from "./finding.ts";
import { STOP_SLOW_MS } from "./thresholds.ts";
import { inShort, span } from "./words.ts";

/** One that ends a process. */
type Stop = TownStateValue<"stops">["awaited"][number] & { agent: string };

/** Stops that an admin ordered and whose end nobody has seen: agent and bead are not started until then (LEDGER-2). */
export const awaitedStops = (facts: Facts): Finding[] =>
	stopsOf(facts)
		.filter((stop) => facts.now - sinceOf(facts, stop) >= STOP_SLOW_MS)
		.map((stop) => awaited(facts, stop));

/** The stop that keeps this bead, or the agent that has it, from being started. */
export const stopHolding = (facts: Facts, beadId: string, agentId: string | undefined): Stop | undefined =>
	stopsOf(facts).find((stop) => stop.bead === beadId || stop.agent === agentId);

const stopsOf = ({ look }: Facts): Stop[] =>
	(look.town("stops")?.awaited ?? []).filter(
		(one): one is Stop => one.agent !== null && ["stop-agent", "kill-agent"].includes(one.kind),
	);
const sinceOf = ({ now }: Facts, stop: Stop): number => timeOf(stop.since) ?? now;

const answerTo = ({ error, status }: Stop): string =>
	error !== null
		? `The container was asked: ${inShort(error)}.`
		: status === "pending"
			? "The container has not been asked yet."
			: "The container took the order.";

function awaited(facts: Facts, stop: Stop): Finding {
	const since = sinceOf(facts, stop);
	const waits = span(facts.now - since);
	const name = facts.agentName(stop.agent);
	const held = stop.bead === null ? `${name} is` : `${name} and ${facts.title(stop.bead)} are`;
	const lost = stop.status === "unknown";
	return told({
		code: lost ? "agent.stop-unseen" : "agent.stop-awaited",
		severity: lost ? "warning" : "notice",
		subject: agent(stop.agent),
		sentence: lost
			? `Nobody saw ${name}'s process end, which an admin stopped ${waits} ago: ${held} not started`
			: `${name}'s process was told to stop ${waits} ago and still ends: ${held} not started until then`,
		measured: [answerTo(stop)],
		evidence: [rowOf(`stop ${stop.status}`, "town_state", "stops", since)],
		since,
		behind: distinct(stop.bead === null ? [] : [bead(stop.bead)]),
		recovers: {
			who: "self",
			at: null,
			text: "When its exit, a heartbeat without it or the container's stop is seen.",
		},
		ruledOut: lost ? ["an end that was reported"] : [],
	});
}
