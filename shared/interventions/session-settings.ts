import { z } from "zod";
import { type AgentSessionRow, currentPrompt, promptHash } from "../gastown/index.ts";
import { mayAsk } from "./agent-session.ts";
import type { CatalogueEntry, Lookup, Verdict } from "./catalogue-entry.ts";
import { rowIs } from "./effects.ts";
import { nameOfAgent, noop, OK, refused } from "./reading.ts";

/** What a running session is set to: its model and its system prompt. */

/** What its container told of the session that it has now; null where it has told nothing of this one yet. */
export function sessionNow(id: string, look: Lookup): AgentSessionRow | null {
	const agent = look.agent(id);
	const told = look.session(id);
	if (!agent || !told) return null;
	const attempt = agent.current_attempt_id;
	return told.attempt_id === null || attempt === null || told.attempt_id === attempt ? told : null;
}

/** Its session can be asked, and what it has now is known: else nobody could say what changes. */
function maySet(id: string, look: Lookup): Verdict {
	const may = mayAsk(id, look);
	if (!may.ok) return may;
	const told = sessionNow(id, look);
	if (!told) return refused("not-told", "Its container has not told of this session yet.");
	return told.session_id === null ? refused("starting", "Its session is still being started.") : OK;
}

const inTurn = (id: string, look: Lookup): boolean => (look.signals(id)?.turn_since ?? null) !== null;

const model = z.object({
	/** `provider/model`, as the servers know it. */
	model: z
		.string()
		.trim()
		.max(200)
		.regex(/^[\w.:-]+\/[\w./:@-]+$/, "Write it as provider/model."),
});
type Model = z.infer<typeof model>;

const agentSetModel: CatalogueEntry<Model> = {
	name: "agent.set-model",
	target: "agent",
	params: model,
	title: "Set the model of",
	draft: { model: "" },
	label: (id, _, look) => `Set ${nameOfAgent(id, look)}'s model`,
	saw: (id, _, look) => ({
		container_process_id: look.agent(id)?.container_process_id ?? null,
		model: sessionNow(id, look)?.model ?? null,
	}),
	precondition(id, { model }, look) {
		const may = maySet(id, look);
		if (!may.ok) return may;
		return sessionNow(id, look)?.model === model ? noop("same", `It runs on ${model} already.`) : OK;
	},
	danger: (id, _, look) => (inTurn(id, look) ? "disruptive" : "safe"),
	preview(id, { model }, look) {
		const from = sessionNow(id, look)?.model ?? "what it has";
		return {
			will: [
				`Have ${nameOfAgent(id, look)}'s session go on with ${model || "the other model"} instead of ${from}.`,
			],
			wont: [
				...(inTurn(id, look) ? ["Interrupt the turn under way: the next one begins with it."] : []),
				"Change its next session, which takes the model of the town's configuration.",
			],
		};
	},
	effects: (id, { model }, look) => [
		rowIs(`${nameOfAgent(id, look)}'s session runs on ${model}`, "agent_sessions", id, { model }, true),
	],
	outside: (id, { model }) => [{ kind: "set-model", agent: id, model }],
	undo(id, _, look) {
		const before = model.safeParse({ model: sessionNow(id, look)?.model });
		return before.success ? { name: "agent.set-model", params: before.data } : null;
	},
	next: null,
	within: 60_000,
};

const none = z.object({});

/** The prompt that a mayor's session would be given now. */
const promptFor = (id: string, look: Lookup): string =>
	currentPrompt("mayor", nameOfAgent(id, look), look.town("config"));
export const currentHash = (id: string, look: Lookup): string => promptHash(promptFor(id, look));

const mayorRefreshPrompt: CatalogueEntry<z.infer<typeof none>> = {
	name: "mayor.refresh-prompt",
	target: "mayor",
	params: none,
	title: "Refresh the prompt of",
	label: () => "Refresh the mayor's prompt",
	saw: (id, _, look) => ({
		container_process_id: look.agent(id)?.container_process_id ?? null,
		prompt_hash: sessionNow(id, look)?.prompt_hash ?? null,
		current_prompt: currentHash(id, look),
	}),
	precondition(id, _, look) {
		if (look.agent(id) && look.agent(id)?.role !== "mayor")
			return refused("wrong-role", "This agent is no mayor.");
		const may = maySet(id, look);
		if (!may.ok) return may;
		const hash = currentHash(id, look);
		return sessionNow(id, look)?.prompt_hash === hash
			? noop("current", `Its session has the current prompt, ${hash}.`)
			: OK;
	},
	danger: () => "disruptive",
	preview: (id, _, look) => ({
		will: [
			`Give its session the current prompt, ${currentHash(id, look)}, instead of ${sessionNow(id, look)?.prompt_hash ?? "the one that it has"}: it holds from the next turn on.`,
		],
		wont: ["Restart it, interrupt it or say anything in its conversation."],
	}),
	effects: (id, _, look) => [
		rowIs(
			"Its session has the current prompt",
			"agent_sessions",
			id,
			{ prompt_hash: currentHash(id, look) },
			true,
		),
	],
	outside: (id, _, look) => [{ kind: "set-prompt", agent: id, prompt: promptFor(id, look) }],
	undo: () => null,
	next: "mayor.restart",
	within: 60_000,
};

export const SESSION_SETTINGS = [agentSetModel, mayorRefreshPrompt];
