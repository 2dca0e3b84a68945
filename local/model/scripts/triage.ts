import type { Task } from "../../../shared/gastown/prompts.ts";
import { bash, quoted, type Script } from "../script.ts";

/** Resolves each request that the task names (`- ID type: words`): a stuck or crashed agent is started again, the rest goes up. */
export function* triage(task: Task): Script {
	for (const [, id = "", type = ""] of task.body.matchAll(/^- (\S+) (\w+)/gm)) {
		const action = type === "stuck_agent" || type === "crash_loop" ? "RESTART" : "ESCALATE_TO_MAYOR";
		yield bash(`${type}: ${action}.`, `gt triage ${quoted(id)} ${action} ${quoted("seen by triage")}`);
	}
	yield bash("All requests are looked at.", "gt done --summary 'Triage done'");
	return { say: "Triage is done." };
}
