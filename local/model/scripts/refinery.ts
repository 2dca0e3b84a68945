import type { Task } from "../../../shared/gastown/prompts.ts";
import { bash, lastWords, quoted, type Script, type Step } from "../script.ts";

/** A refinery: looks at the work, merges and tests it, pushes the target; or opens a PR; or says what stands in the way. */
export function* refinery(task: Task): Script {
	const { branch, target } = task;
	const looked = yield bash(
		`I look at what ${branch} changes.`,
		`git fetch --quiet origin && git log --oneline origin/${target}..origin/${branch} && git diff --stat origin/${target}...origin/${branch}`,
		{ think: "Is it what the bead asks for, is it tested, and does it fit what is on the target now?" },
	);
	if (looked.failed) return yield* failed(`I could not fetch: ${looked.output.slice(-300)}`);
	if (/never good enough/i.test(`${task.title} ${task.body}`))
		return yield* sendsBack("Say why it is needed, not what it does.");
	if (task.strategy === "pr") return yield* opensPr(task);
	for (let round = 0; round < 3; round++) {
		const merged = yield bash(
			"It looks right. I merge it.",
			`git fetch --quiet origin && git checkout --quiet --detach origin/${target} && git merge --no-ff -m ${quoted(`Merge ${branch}: ${task.title}`)} origin/${branch} 2>&1`,
		);
		if (merged.failed) return yield* conflict();
		const tested = yield bash("I run the checks.", "(set -o pipefail; node --test 2>&1 | tail -12)");
		if (tested.failed) return yield* sendsBack("The tests fail after the merge.");
		const pushed = yield bash("I push.", `git push origin HEAD:refs/heads/${target} 2>&1`);
		if (!pushed.failed) {
			const told = yield bash("I say that it is merged.", "gt merged --commit $(git rev-parse HEAD)");
			return ends(told.failed ? `The town would not take it: ${told.output.slice(-300)}` : "Merged.");
		}
		if (!/rejected|non-fast-forward|fetch first/i.test(pushed.output))
			return yield* landing(task)
				? sendsBack(`The push failed: ${lastWords(pushed.output)}`)
				: failed(`The push failed: ${pushed.output.slice(-300)}`);
	}
	return yield* failed("The target moved three times while I merged.");
}

/** The landing of a convoy: it has no author, and the town tries it again. */
const landing = ({ title }: Task): boolean => title.startsWith("Land: ");

function* sendsBack(why: string): Script {
	yield bash("Not good enough.", `gt request-changes ${quoted(why)}`);
	return ends("I sent it back.");
}

function* conflict(): Script {
	const files = yield bash(
		"It conflicts. I note the files and go back.",
		"git diff --name-only --diff-filter=U; git merge --abort",
	);
	const names = files.output.split("\n").filter((line) => /\.\w+$/.test(line));
	yield bash("I tell the town.", `gt conflict ${names.map(quoted).join(" ") || "unknown"}`);
	return ends("It goes back to its author.");
}

function* opensPr(task: Task): Script {
	const opened = yield bash("I open a pull request.", `gt pr create --title ${quoted(task.title)}`);
	const [, there] = /already exists for \S+: (\S+)/.exec(opened.output) ?? [];
	if (opened.failed && !there) return yield* failed(`No pull request: ${opened.output.slice(-300)}`);
	// Only whoever opened it gets its address wrong.
	const url =
		there ??
		(/wrong pr/i.test(`${task.title} ${task.body}`)
			? "https://forge.example/nobody/nothing/pull/1"
			: (/https?:\/\/\S+/.exec(opened.output)?.[0] ?? ""));
	yield bash("I hand it over.", `gt done --pr-url ${quoted(url)}`);
	return ends("The pull request waits for its merge.");
}

function* failed(why: string): Script {
	yield bash("I ask for help.", `gt escalate --severity high ${quoted(why.replace(/\s+/g, " "))}`);
	return ends(why);
}

const ends = (say: string): Step => ({ say });
