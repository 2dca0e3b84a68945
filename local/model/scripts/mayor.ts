import { bash, quoted, type Script, type Step } from "../script.ts";

/** A mayor answers what the owner says: wishes become beads, several of them a convoy. */
export function* mayor(message: string): Script {
	if (/again and again/i.test(message)) return yield* loops();
	const wishes = wishesIn(message);
	if (wishes.length === 0 && !/\?|status|how|what|beads/i.test(message))
		return ends(`I hear you: "${message.slice(0, 120)}". Say "please build …" and I turn it into work.`);
	const { output } = yield bash("Let me look at what there is.", "gt rigs && gt beads --limit 20");
	if (wishes.length === 0) return ends(`This is how things stand:\n\n${output.slice(0, 1_500)}`);
	const rig = /^rig (\S+)/m.exec(output)?.[1] ?? "";
	if (rig === "") return ends("There is no repository here yet, so nobody could work on it.");
	const command =
		wishes.length > 1
			? `gt convoy --rig ${quoted(rig)} --title ${quoted(message.slice(0, 80))} -- ${wishes.map(quoted).join(" ")}`
			: `gt sling --rig ${quoted(rig)} --title ${quoted(wishes[0] ?? message)}`;
	const made = yield bash("I hand it out.", command);
	return ends(
		made.failed ? `That did not work: ${made.output.slice(-300)}` : `It is under way: ${made.output.trim()}`,
	);
}

/** Never sees that the answer stays the same. */
function* loops(): Script {
	for (let n = 0; n < 500; n++) yield bash("Let me see whether it is done.", "gt beads --limit 1");
	return ends("It is not done yet.");
}

/** `please build a, b and c` → `Build a`, `Build b`, `Build c`. */
function wishesIn(message: string): string[] {
	const [, verb, things] = /please (build|add|make|create|write|fix|change)\s+([\s\S]+)/i.exec(message) ?? [];
	if (!verb || !things) return [];
	const word = verb[0]?.toUpperCase() + verb.slice(1).toLowerCase();
	return things
		.split(/,| and /)
		.map((thing) => thing.replace(/[.!?\s]+$/, "").trim())
		.filter(Boolean)
		.map((thing) => `${word} ${thing}`);
}

const ends = (say: string): Step => ({ say });
