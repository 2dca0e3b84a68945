import type { Task } from "../../../shared/gastown/prompts.ts";
import { bash, quoted, type Script } from "../script.ts";

/** Decides about each request of its task (`- ID type: words`) by what is said of it, and tells the town. */
export function* triage(task: Task): Script {
	let refused = 0;
	for (const [, id = "", type = "", words = ""] of task.body.matchAll(/^- (\S+) (\w+): (.*)$/gm)) {
		const [action, why] = decide(type, words);
		const told = yield bash(`${type}: ${action}. ${why}`, `gt triage ${quoted(id)} ${action} ${quoted(why)}`);
		if (told.failed) refused += 1;
	}
	yield bash("I am through with them.", `gt done --summary ${quoted("Triage done")}`);
	return { say: refused === 0 ? "Triage is done." : `Triage is done; ${refused} are left to a person.` };
}

/** First match wins. */
const WAYS: readonly [(type: string, words: string) => boolean, string, string][] = [
	[
		(_, words) => /Bead "[^"]*" is (closed|failed|in_review)/.test(words),
		"DISCARD",
		"What it was about is over.",
	],
	[(_, words) => /already done|duplicate of/i.test(words), "CLOSE_BEAD", "Its work is done elsewhere."],
	[(type) => type === "stuck_agent", "RESTART", "Another attempt may go well."],
	[(type) => type === "crash_loop", "RESTART_WITH_BACKOFF", "It crashes: once more, but not at once."],
];

function decide(type: string, words: string): [action: string, why: string] {
	const [, action, why] = WAYS.find(([matches]) => matches(type, words)) ?? [];
	return [action ?? "ESCALATE_TO_MAYOR", why ?? "I cannot decide this."];
}
