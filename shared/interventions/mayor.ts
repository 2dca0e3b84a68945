import { z } from "zod";
import { isAtRest } from "../gastown/index.ts";
import { type Message, message } from "./agent-session.ts";
import type { CatalogueEntry, Lookup, Verdict } from "./catalogue-entry.ts";
import { delivered, processGone } from "./effects.ts";
import {
	endsSession, foreignContainer, hasSession, isBeingStopped, noop, OK, refused, START_COSTS, startHold,
} from "./reading.ts"; // biome-ignore format: a list

const none = z.object({});
type None = z.infer<typeof none>;

/** A mayor that can be given a session: its container runs, or may be started. */
function mayWake(id: string, look: Lookup): Verdict {
	const mayor = look.agent(id);
	if (!mayor || mayor.status === "dead") return refused("gone", "This town has no such mayor any more.");
	if (mayor.role !== "mayor") return refused("wrong-role", "This agent is no mayor.");
	return foreignContainer(look) ?? startHold(look) ?? OK;
}

/** What it costs to reach a mayor whose container does not run. */
function wakes(look: Lookup): string[] {
	const container = look.town("container");
	return !container || isAtRest(container.status) ? [START_COSTS] : [];
}

const mayorMessage: CatalogueEntry<Message> = {
	name: "mayor.message",
	target: "mayor",
	params: message,
	title: "Message",
	draft: { message: "" },
	label: () => "Message the mayor",
	// Whether it is at a turn just now is no matter: it is taken up after that.
	saw: () => ({}),
	precondition(id, _, look) {
		const may = mayWake(id, look);
		return may.ok && look.agent(id)?.status === "stalled"
			? refused("stalled", "The mayor is stalled: its session is ended. Restart it instead.")
			: may;
	},
	danger: () => "disruptive",
	preview(id, _, look) {
		const mayor = look.agent(id);
		const session = mayor !== undefined && hasSession(mayor, look);
		return {
			will: [
				...wakes(look),
				...(session ? [] : ["Give the mayor a session with its history."]),
				"Put the message into its conversation, marked as from an admin, which spends tokens.",
			],
			wont: ["Hide it: the town's user sees it in the conversation."],
		};
	},
	effects: (_, __, ___, id) => [delivered(id, "the mayor")],
	outside: () => [],
	undo: () => null,
	next: null,
	within: 120_000,
};

const mayorRestart: CatalogueEntry<None> = {
	name: "mayor.restart",
	target: "mayor",
	params: none,
	title: "Restart",
	label: () => "Restart the mayor",
	saw: (id, _, look) => ({
		container_process_id: look.agent(id)?.container_process_id ?? null,
	}),
	precondition(id, _, look) {
		const may = mayWake(id, look);
		if (!may.ok) return may;
		return isBeingStopped(id, look) ? noop("stopping", "It is being stopped already.") : OK;
	},
	danger: () => "disruptive",
	preview(id, _, look) {
		const mayor = look.agent(id);
		const session = mayor !== undefined && hasSession(mayor, look);
		return {
			will: [
				...wakes(look),
				...(session && mayor ? [endsSession(mayor, look)] : []),
				"Start a new process that goes on with its conversation, and tell it so, which spends tokens.",
			],
			wont: ["Lose what it was told: messages that wait are delivered to the new session."],
		};
	},
	effects(target, _, look, id) {
		const mayor = look.agent(target);
		const gone = mayor && hasSession(mayor, look) ? [processGone(mayor, look)] : [];
		return [...gone, { ...delivered(id, "the mayor"), label: "The new session has taken its first message" }];
	},
	outside(id, _, look) {
		const mayor = look.agent(id);
		return mayor && hasSession(mayor, look) ? [{ kind: "stop-agent", agent: id, bead: null }] : [];
	},
	undo: () => null,
	next: null,
	within: 120_000,
};

export const MAYOR = [mayorMessage, mayorRestart];
