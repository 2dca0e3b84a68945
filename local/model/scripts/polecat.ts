import type { Task } from "../../../shared/gastown/prompts.ts";
import { bash, lastWords, quoted, type Script, type Step, slugOf, write } from "../script.ts";

type Work = (task: Task) => Script;

/** What the words of a task call for, first match wins; anything else is a small change with a test. */
const WAYS: readonly [RegExp, Work][] = [
	[/crash yourself/i, crashes],
	[/use up memory/i, usesMemory],
	[/same call again and again/i, loops],
	[/forget to say/i, forgets],
	[/ask for help/i, asksForHelp],
	[/clean the build/i, cleans],
	[/quiet build/i, builds],
	[/heavy build/i, buildsHeavily],
	[/first line/i, firstLine],
	[/long list/i, listsMuch],
];

/** A polecat: looks around, changes something with a test, commits, pushes, says that it is done. */
export function* polecat(task: Task): Script {
	const text = `${task.title}\n${task.body}`;
	const way = WAYS.find(([words]) => words.test(text))?.[1] ?? changes;
	yield bash(
		`I look at what is there before I begin with "${task.title}".`,
		"git log --oneline -5 && ls src test",
		{
			think: "First the history and the files, then the smallest change that does it.",
		},
	);
	if (/conflicts? with/i.test(task.body)) yield* takesTarget(task);
	return yield* way(task);
}

/** A helper of its own, with a test. */
function* changes(task: Task): Script {
	const name = slugOf(task.title);
	const call = name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase()).replace(/^\d/, "n$&");
	yield write(
		"I write the helper.",
		`src/${name}.js`,
		`/** ${task.title} */\nexport function ${call}(values) {\n\treturn values.filter((value) => Number.isFinite(value)).length;\n}\n`,
	);
	yield write(
		"Now a test for it.",
		`test/${name}.test.js`,
		[
			'import assert from "node:assert/strict";',
			'import { test } from "node:test";',
			`import { ${call} } from "../src/${name}.js";`,
			"",
			`test(${JSON.stringify(task.title)}, () => {`,
			`\tassert.equal(${call}([1, Number.NaN, 3]), 2);`,
			"});",
			"",
		].join("\n"),
	);
	return yield* handsIn(task);
}

/** Two of these edit the same line: whoever is merged second meets a conflict. */
function* firstLine(task: Task): Script {
	const line = `/** ${task.title.replaceAll("|", " ").replaceAll("&", "and")} */`;
	yield bash("I change the first line of the cart.", `sed -i ${quoted(`1s|.*|${line}|`)} src/cart.js`);
	return yield* handsIn(task);
}

/** Tests, commit, push, done. */
function* handsIn(task: Task): Script {
	const tested = yield bash("I run the tests.", "(set -o pipefail; node --test 2>&1 | tail -12)");
	if (tested.failed) return yield* escalates("The tests fail and I do not know why.");
	const committed = yield bash(
		"They pass. I commit.",
		`git add --all && { git diff --cached --quiet || git commit --quiet -m ${quoted(task.title)}; } && git log --oneline -1`,
	);
	if (committed.failed) return yield* escalates("git would not commit.");
	return yield* pushes(task);
}

function* pushes(task: Task): Script {
	const push = `git push --set-upstream origin HEAD:refs/heads/${task.branch} 2>&1`;
	let pushed = yield bash("I push the branch.", push);
	if (pushed.failed && /rejected|non-fast-forward|fetch first/i.test(pushed.output)) {
		yield bash(
			"Somebody pushed meanwhile: I take their work in.",
			`git fetch --quiet origin && git merge --no-edit origin/${task.branch} 2>&1`,
		);
		pushed = yield bash("I push again.", push);
	}
	if (pushed.failed) return yield* escalates(`The push failed: ${lastWords(pushed.output)}`);
	const done = yield bash(
		"I say that it is done.",
		`gt done --branch ${quoted(task.branch)} --summary ${quoted(`Did what was asked: ${task.title}`)}`,
	);
	return ends(
		done.failed
			? `The town would not take it: ${lastWords(done.output)}`
			: "Done. The branch waits for its review.",
	);
}

/** Brings the target in; both sides of a conflict stay. */
function* takesTarget(task: Task): Script {
	const merged = yield bash(
		`I take in what is new on ${task.target}.`,
		`git fetch --quiet origin && git merge --no-edit origin/${task.target} 2>&1`,
	);
	if (!merged.failed) return ends("");
	yield bash(
		"Both sides are to stay: I resolve it.",
		"for file in $(git diff --name-only --diff-filter=U); do sed -i '/^<<<<<<< /d;/^=======$/d;/^>>>>>>> /d' \"$file\"; done; git add --all && git commit --quiet --no-edit && git log --oneline -1",
	);
	return ends("");
}

function* crashes(): Script {
	yield bash("This will not go well.", "kill -SEGV $PPID; sleep 5");
	return ends("Still here.");
}

function* usesMemory(): Script {
	yield bash(
		"I load everything into memory.",
		`node -e "const all = []; setInterval(() => all.push(Buffer.alloc(32e6, 1)), 50)"`,
	);
	return ends("That was too much.");
}

function* loops(): Script {
	for (let n = 0; n < 60; n++) yield bash("I look at the package once more.", "cat package.json");
	return ends("I have seen it often enough.");
}

function* forgets(task: Task): Script {
	yield bash("I do it.", `git commit --quiet --allow-empty -m ${quoted(task.title)}`);
	return ends("That should be all.");
}

function* asksForHelp(): Script {
	return yield* escalates("I do not understand what is wanted here.");
}

function* cleans(task: Task): Script {
	const removed = yield bash("I remove what was built.", "rm -rf build");
	if (removed.failed) return yield* escalates("I was not allowed to remove the build.");
	return yield* changes(task);
}

function* builds(task: Task): Script {
	const [, seconds = "30"] = /quiet build of (\d+) s/i.exec(`${task.title} ${task.body}`) ?? [];
	yield bash("A build that says nothing for a while.", `sleep ${seconds}`);
	return yield* changes(task);
}

function* buildsHeavily(task: Task): Script {
	const [, mb = "300"] = /heavy build of (\d+) MB/i.exec(`${task.title} ${task.body}`) ?? [];
	yield bash(
		"A build that needs its memory.",
		`node -e "const held = Buffer.alloc(${mb}e6, 1); setTimeout(() => console.log(held.length), 5000)"`,
	);
	return yield* changes(task);
}

/** More output than an event of its stream may hold. */
function* listsMuch(task: Task): Script {
	yield bash("I list all there is.", "seq -f 'line %.0f of what there is' 4000");
	return yield* changes(task);
}

function* escalates(why: string): Script {
	yield bash("I ask for help.", `gt escalate --severity medium ${quoted(why)}`);
	return ends(why);
}

const ends = (say: string): Step => ({ say });
