import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";

/** What an agent is told of its task. The head is data (`Name: value` lines), so that a scripted model can read it too. */
export type Task = {
	role: "polecat" | "refinery" | "mayor" | "triage";
	title: string;
	/** Bead that it works on; empty for a mayor. */
	bead: string;
	rig: string;
	branch: string;
	/** Where its work is to be merged. */
	target: string;
	/** `direct` or `pr`, for a refinery. */
	strategy: string;
	body: string;
};

const HEAD: readonly (keyof Task)[] = ["role", "title", "bead", "rig", "branch", "target", "strategy"];

const oneLine = (text: string) => text.replace(/\s+/g, " ").trim();

/** The first message of an agent's session. */
export const taskPrompt = (task: Task): string =>
	`${HEAD.map((name) => `${name[0]?.toUpperCase()}${name.slice(1)}: ${oneLine(task[name])}`).join("\n")}\n\n${task.body}`;

/** Reads a prompt back; null where it is no task, e.g. a message to a mayor. */
export function readTask(prompt: string): Task | null {
	const [head = "", ...rest] = prompt.split("\n\n");
	const task: Record<string, string> = { body: rest.join("\n\n") };
	for (const line of head.split("\n")) {
		const colon = line.indexOf(": ");
		const name = line.slice(0, colon < 0 ? line.length - 1 : colon).toLowerCase();
		if (!(HEAD as readonly string[]).includes(name)) return null;
		task[name] = colon < 0 ? "" : line.slice(colon + 2);
	}
	return task.role ? ({ ...Object.fromEntries(HEAD.map((name) => [name, ""])), ...task } as Task) : null;
}

/** What every session of a role is told: its duty, and the `gt` commands with which it reports (domain.md §2.4). */
export const systemPrompt = (role: Task["role"], name: string, instructions = ""): string =>
	[`You are ${name}, a ${role} of this town.`, DUTIES[role], instructions].filter(Boolean).join("\n\n");

type Config = Record<string, unknown> | null | undefined;

/** The same with the instructions that town and rig have now: what a session of this role that is started now is told. */
export const currentPrompt = (role: Task["role"], name: string, town: Config, rig?: Config): string =>
	systemPrompt(role, name, [town?.custom_instructions, rig?.custom_instructions].filter(Boolean).join("\n"));

/** First 8 hex digits of a prompt's SHA-256: enough to see whether a session has it. */
export const promptHash = (prompt: string): string => bytesToHex(sha256(utf8ToBytes(prompt))).slice(0, 8);

const DUTIES: Record<Task["role"], string> = {
	polecat: [
		"You work on one bead in your own git worktree. Keep to its branch.",
		"Commit your work, push the branch, then run `gt done --branch BRANCH --summary TEXT`.",
		"`gt status TEXT` says what you are at; `gt escalate --severity LEVEL TEXT` asks for help.",
	].join("\n"),
	refinery: [
		"You review one merge request at a time, in a worktree of the target branch.",
		"Strategy direct: fetch, merge the branch with --no-ff, run the checks, push the target, then `gt merged --commit SHA`.",
		"Strategy pr: `gt pr create --title TEXT`, then `gt done --pr-url URL`.",
		"A conflict: `gt conflict TEXT`. Work that is not good: `gt request-changes TEXT`.",
	].join("\n"),
	mayor: [
		"You talk with the town's owner and turn wishes into work.",
		"`gt sling --rig NAME --title TEXT --body TEXT` makes a bead; `gt convoy --rig NAME --title TEXT -- TITLE…` a convoy of them.",
		"`gt beads` lists what is there.",
	].join("\n"),
	triage: [
		"You decide about each triage request of your task, one line each: its id, its kind, what happened, how things stand.",
		"`gt triage REQUEST ACTION NOTES`, where ACTION is one of RESTART, RESTART_WITH_BACKOFF, REASSIGN_BEAD, CLOSE_BEAD, NUDGE,",
		"PROVIDE_GUIDANCE, ESCALATE_TO_MAYOR, DISCARD. It answers what came of it.",
		"Leave what you cannot decide: a person will. When you are through: `gt done --summary TEXT`.",
	].join("\n"),
};
