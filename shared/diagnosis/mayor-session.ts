import { type Agent, type AgentSignals, modelOf } from "../gastown/index.ts";
import { currentHash, sessionNow } from "../interventions/session-settings.ts";
import { activeToolsOf, signalOf, timeOf } from "../town-view/index.ts";
import { CONTAINER_DIED, containerDeath } from "./container-died.ts";
import { type Facts, rowOf, told } from "./facts.ts";
import type { Finding, Recovery, RemedyStep } from "./finding.ts";
import { isPossible, step } from "./remedies.ts";
import {
	ERROR_LASTS_MS, ERRORS_REPEATED, LASTING_ERRORS, LASTING_NAMES, LOOP_CALLS,
} from "./thresholds.ts"; // biome-ignore format: a list
import { ago, count, inShort, span } from "./words.ts";

/** What goes wrong in the Mayor's session while its process is well (scenarios.md §7). */

type SessionError = NonNullable<AgentSignals["last_error"]>;

/** Nothing more comes of it by itself: refused for good, failed again and again, or its turn ended with this error. */
function lasts(facts: Facts, one: Agent, error: SessionError): boolean {
	if (LASTING_ERRORS.includes(error.status ?? 0) || LASTING_NAMES.includes(error.name)) return true;
	if (error.count >= ERRORS_REPEATED || one.status === "waiting") return true;
	const tried = signalOf(facts.view.tables.agent_signals.get(one.bead_id), "retry") !== null;
	return !tried && activeToolsOf(one).length === 0 && facts.now - error.at >= ERROR_LASTS_MS;
}

/** Its last turn failed; the signal goes when a later step completes, which is when a turn succeeds (STREAM-6). */
export function sessionErrored(facts: Facts, one: Agent): Finding[] {
	const error = signalOf(facts.view.tables.agent_signals.get(one.bead_id), "last_error");
	if (!error || !lasts(facts, one, error)) return [];
	const answer = error.status === null ? error.name : `${error.status}`;
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
			...wayOut(facts, one, error),
			ruledOut: ["a retry under way", "a message still being answered"],
			needs:
				error.status === null && !LASTING_NAMES.includes(error.name)
					? ["the status of the model's answer"]
					: [],
			because: containerDeath(facts) ? CONTAINER_DIED : null,
		}),
	];
}

type WayOut = { recovers: Recovery; remedy: RemedyStep[] };
const button = (text: string, ...remedy: RemedyStep[]): WayOut => ({
	recovers: { who: "button", text },
	remedy,
});
const owner = (text: string, message: string): WayOut => ({
	recovers: { who: "user", text, message },
	remedy: [],
});

function wayOut(facts: Facts, one: Agent, { status, name }: SessionError): WayOut {
	const reset = step("agent.reset", one.bead_id);
	if (status === 402)
		return owner(
			"Only the town's owner can: there is no credit left for the model.",
			"Your town's Mayor cannot answer: the model provider says that no credit is left. Please top up or choose another model.",
		);
	if (status === 401) {
		const refresh = step("credential.refresh", "town", { credential: "kilo", rig: null });
		if (isPossible(facts, refresh))
			return button(
				"Not in this session, which has an old token: the current one is handed out again.",
				refresh,
			);
		if (!facts.look.town("config")?.kilocode_token)
			return owner(
				"Only the town's owner can: its configuration has no token for the model.",
				"Your town's Mayor cannot answer: its model refuses the token that it has. Please connect your account in the town's settings again.",
			);
	}
	if (status === 400) {
		const other = otherModel(facts, one);
		return other === null
			? owner(
					"Only the town's owner can: the model refuses what it is sent, and no other is set in this town.",
					"Your town's Mayor cannot answer: its model refuses what it is sent. Please choose another model in the town's settings.",
				)
			: button(
					`Not by itself: the model refuses what it is sent. ${other}, which is used in this town too, may take it.`,
					step("agent.set-model", one.bead_id, { model: other }),
					// The turn is over: nobody else asks again.
					step("mayor.message", one.bead_id, { message: "Please answer what you were asked last." }),
				);
	}
	if (name === "ContextOverflowError")
		return button(
			"Not in this session: its conversation is too long to go on. A new one starts without it.",
			reset,
		);
	if (LASTING_NAMES.includes(name))
		return button(
			"With a message that its model answers; else in a new session, without this conversation.",
			reset,
		);
	// A new process takes up the current token; the old one keeps the environment that it started with (domain.md §6, 1997).
	return button(
		"Not in this session: it keeps what it started with. A new one takes the current token.",
		reset,
	);
}

/** Of the models that this town is set to or runs on, one that its session does not have; null where there is none. */
function otherModel({ look, view }: Facts, one: Agent): string | null {
	const config = look.town("config");
	const now = sessionNow(one.bead_id, look)?.model ?? null;
	const well = [...view.tables.agent_sessions.values()].filter(
		({ agent_id }) => signalOf(view.tables.agent_signals.get(agent_id), "last_error") === null,
	);
	const known = [
		modelOf("mayor", config, null),
		modelOf("", config, null),
		...well.map(({ model }) => model),
	];
	return known.find((model) => typeof model === "string" && model !== now && model.includes("/")) ?? null;
}

/** Its turn repeats itself; the agents' own guard looks inside one message only (sdk-events.md §5). */
export function toolLoop(facts: Facts, one: Agent): Finding[] {
	const signals = facts.view.tables.agent_signals.get(one.bead_id);
	const loop = signalOf(signals, "equal_calls");
	if (!loop || loop.count < LOOP_CALLS || (signals?.turn_since ?? null) === null || facts.atRest) return [];
	const { now } = facts;
	const name = `${loop.tool} ${inShort(loop.input, 60)}`.trim();
	const what =
		loop.kind === "edits" ? `undoes its own edits of ${inShort(loop.input, 60)}, ${loop.count} times`
		: loop.kind === "cycle" ? `goes round in the same calls, ${loop.count} times: ${name}`
		: `makes the same call, ${loop.count} times: ${name}`; // biome-ignore format: a table
	const last = signals?.last_step_at ?? null;
	return [
		told({
			code: "mayor.tool-loop",
			severity: "warning",
			subject: { kind: "mayor", id: one.bead_id },
			sentence: `The Mayor ${what}, for ${span(now - loop.since)}`,
			measured: [
				`Its turn is under way for ${span(now - (signals?.turn_since ?? now))}${last === null ? "" : `; last step ${ago(now - last)}`}, ${count(signals?.steps ?? 0, "step")} so far.`,
			],
			evidence: [
				rowOf("what it repeats", "agent_signals", one.bead_id, loop.since),
				rowOf("its last event", "agent_metadata", one.bead_id, timeOf(one.last_event_at)),
			],
			since: loop.since,
			recovers: {
				who: "button",
				text: "Not by itself: each call costs money. Interrupt it and say what to do instead.",
			},
			remedy: [
				step("agent.interrupt", one.bead_id),
				step("mayor.message", one.bead_id, {
					message: `You have repeated ${loop.kind === "edits" ? "edits that undo each other" : `the same call of ${loop.tool}`} ${loop.count} times without getting on. Stop that, say what keeps you, and try another way.`,
				}),
			],
			ruledOut: ["calls that differ", "a turn that has ended", "a permission that it waits for"],
		}),
	];
}

/** Its session was given another system prompt than the town has now. */
export function stalePrompt(facts: Facts, one: Agent): Finding[] {
	const { now, look, view } = facts;
	const session = sessionNow(one.bead_id, look);
	if (!session?.prompt_hash || facts.atRest || one.container_process_id === null) return [];
	const current = currentHash(one.bead_id, look);
	if (session.prompt_hash === current) return [];
	const changed = timeOf(view.tables.town_state.get("config")?.updated_at);
	const since = Math.max(changed ?? 0, timeOf(session.at) ?? 0) || now;
	if (now - since < facts.limits.prompt_grace_ms) return [];
	return [
		told({
			code: "mayor.stale-prompt",
			severity: "warning",
			subject: { kind: "mayor", id: one.bead_id },
			sentence: `The Mayor works by an old prompt for ${span(now - since)}: the town's instructions were changed and not given to its session`,
			measured: [`Its session has ${session.prompt_hash.slice(0, 8)}, the town's is ${current}.`],
			evidence: [
				rowOf("its session's prompt", "agent_sessions", one.bead_id, timeOf(session.at)),
				rowOf("the town's configuration", "town_state", "config", changed),
			],
			since,
			recovers: { who: "button", text: "Not before its session is started anew: give it the current one." },
			remedy: [step("mayor.refresh-prompt", one.bead_id)],
			ruledOut: ["a session that has not told its prompt yet"],
		}),
	];
}
