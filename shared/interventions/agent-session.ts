import { z } from "zod";
import { type CatalogueEntry, type Lookup, PERMISSION_REPLIES, type Verdict } from "./catalogue-entry.ts";
import { delivered, processGone, rowIs } from "./effects.ts";
import {
	endsSession, hasSession, isBeingStopped, LOST_WORK, nameOfAgent, noop, OK, refused, sinceTime, titleOfBead, unreachable,
} from "./reading.ts"; // biome-ignore format: a list

/** What is done to the session of an agent that runs; its rows follow by what the container tells. */

const none = z.object({});
type None = z.infer<typeof none>;

/** Longest message into a session, in characters: what a person writes, no file. */
export const MESSAGE_MAX = 4_000;
export const message = z.object({ message: z.string().trim().min(1, "Write a message.").max(MESSAGE_MAX) });
export type Message = z.infer<typeof message>;

/** The agent has a session that can be asked. */
function mayReach(id: string, look: Lookup): Verdict {
	const agent = look.agent(id);
	if (!agent) return refused("gone", "This agent does not exist any more.");
	const far = unreachable(look);
	if (far) return far;
	return hasSession(agent, look)
		? OK
		: refused("no-session", `${nameOfAgent(id, look)} has no session: it is ${agent.status}.`);
}

/** The same, and it will go on: one that is being ended, by an admin or for its silence, does nothing more. */
export function mayAsk(id: string, look: Lookup): Verdict {
	const may = mayReach(id, look);
	if (!may.ok) return may;
	if (isBeingStopped(id, look)) return refused("stopping", `${nameOfAgent(id, look)} is being stopped.`);
	return look.agent(id)?.status === "stalled"
		? refused("stalled", `${nameOfAgent(id, look)} is stalled: its session is ended. Reset it instead.`)
		: OK;
}

const sawSession = (id: string, look: Lookup) => ({
	container_process_id: look.agent(id)?.container_process_id ?? null,
});

const agentKill: CatalogueEntry<None> = {
	name: "agent.kill",
	target: "agent",
	params: none,
	title: "Kill the process of",
	label: (id, _, look) => `Kill ${nameOfAgent(id, look)}'s process`,
	saw: (id, _, look) => sawSession(id, look),
	precondition: (id, _, look) => mayReach(id, look),
	danger: () => "disruptive",
	preview(id, _, look) {
		const agent = look.agent(id);
		if (!agent) return { will: [], wont: [] };
		const hook = agent.current_hook_bead_id;
		const after =
			agent.role === "mayor"
				? "Its next message starts a new session with its history."
				: hook === null
					? `${nameOfAgent(id, look)} becomes Idle.`
					: `Leave ${titleOfBead(hook, look)} on its hook: it is started again as its next attempt.`;
		return {
			will: [endsSession(agent, look), "Kill everything that it started, at once: no turn may end.", after],
			wont: [LOST_WORK],
		};
	},
	effects: (id, _, look) => {
		const agent = look.agent(id);
		return agent ? [processGone(agent, look)] : [];
	},
	outside: (id, _, look) => [
		{ kind: "kill-agent", agent: id, bead: look.agent(id)?.current_hook_bead_id ?? null },
	],
	undo: () => null,
	next: "agent.unhook",
	within: 30_000,
};

const agentInterrupt: CatalogueEntry<None> = {
	name: "agent.interrupt",
	target: "agent",
	params: none,
	title: "Interrupt",
	label: (id, _, look) => `Interrupt ${nameOfAgent(id, look)}`,
	saw: (id, _, look) => sawSession(id, look),
	precondition(id, _, look) {
		const may = mayAsk(id, look);
		if (!may.ok) return may;
		return (look.signals(id)?.turn_since ?? null) === null
			? noop("no-turn", `${nameOfAgent(id, look)} has no turn under way.`)
			: OK;
	},
	danger: () => "disruptive",
	preview: (id, _, look) => ({
		will: [
			"Abort the turn under way, and the tool that it runs.",
			"Keep its session, its process and its bead.",
		],
		wont: [`Tell ${nameOfAgent(id, look)} what to do instead: nudge it for that.`, "Undo what it has done."],
	}),
	effects: (id, _, look) => [
		rowIs(`${nameOfAgent(id, look)}'s turn has ended`, "agent_signals", id, { turn_since: null }, true),
	],
	outside: (id) => [{ kind: "interrupt-agent", agent: id }],
	undo: () => null,
	next: "agent.nudge",
	within: 30_000,
};

const agentNudge: CatalogueEntry<Message> = {
	name: "agent.nudge",
	target: "agent",
	params: message,
	title: "Nudge",
	draft: { message: "" },
	label: (id, _, look) => `Nudge ${nameOfAgent(id, look)}`,
	saw: (id, _, look) => sawSession(id, look),
	precondition: (id, _, look) => mayAsk(id, look),
	danger: () => "disruptive",
	preview: (id, _, look) => ({
		will: [
			`Put the message into ${nameOfAgent(id, look)}'s session, marked as from an admin, which spends tokens.`,
			"Let the turn under way take it up when it is through with its step.",
		],
		wont: ["Interrupt the tool that runs now."],
	}),
	effects: (target, _, look, id) => [delivered(id, nameOfAgent(target, look))],
	outside: () => [],
	undo: () => null,
	next: null,
	within: 60_000,
};

const answer = z.object({
	/** Id of what is asked. */
	permission: z.string().min(1).max(200),
	reply: z.enum(PERMISSION_REPLIES),
});
type Answer = z.infer<typeof answer>;
const REPLY_WORDS: Record<Answer["reply"], string> = {
	once: "Allow once",
	always: "Allow always",
	reject: "Reject",
};

const agentAnswerPermission: CatalogueEntry<Answer> = {
	name: "agent.answer-permission",
	target: "agent",
	params: answer,
	title: "Answer",
	label: (id, { reply }, look) => `${REPLY_WORDS[reply]} what ${nameOfAgent(id, look)} asks`,
	saw: (id, _, look) => ({ permission: look.signals(id)?.pending_permission?.id ?? null }),
	precondition(id, { permission }, look) {
		const may = mayAsk(id, look);
		if (!may.ok) return may;
		const asked = look.signals(id)?.pending_permission ?? null;
		if (asked === null) return noop("not-asked", `${nameOfAgent(id, look)} asks nothing now.`);
		return asked.id === permission ? OK : refused("another", "It asks something else by now.");
	},
	danger: () => "disruptive",
	preview(id, { reply }, look) {
		const asked = look.signals(id)?.pending_permission;
		const since = sinceTime(asked ? new Date(asked.since).toISOString() : null);
		const what = asked ? `${asked.permission} ${asked.patterns.join(", ")}`.trim() : "it";
		const will = {
			once: [`Let it do this one time: ${what}. It has waited${since}.`],
			always: [`Let it do this now, and whatever matches ${what} until its session ends.`],
			reject: [`Refuse it: ${what}. The tool ends with an error and the agent goes on with that.`],
		}[reply];
		return {
			will: [...will, "Let its turn go on, which spends tokens."],
			wont: reply === "always" ? ["Allow it to other agents, or after this session."] : [],
		};
	},
	effects: (id, { permission }, look) => [
		{
			...rowIs(`${nameOfAgent(id, look)} has its answer`, "agent_signals", id, {}, true),
			isnt: { pending_permission: { id: permission } },
		},
	],
	outside: (id, { permission, reply }) => [{ kind: "answer-permission", agent: id, permission, reply }],
	undo: () => null,
	next: null,
	within: 30_000,
};

export const AGENT_SESSION = [agentNudge, agentInterrupt, agentAnswerPermission, agentKill];
