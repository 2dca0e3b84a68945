/** What the model says next: words, and at most one call of a tool; without one its turn ends. */
export type Step = { think?: string; say: string; tool?: { name: string; input: Record<string, unknown> } };
/** How a call ended. `failed`: an error, or a command with another exit code than 0. */
export type Result = { output: string; failed: boolean };

/**
 * A script is a generator: it yields steps and gets each call's result. It has no state of its own, so that a request is
 * answered by running it again over the results that the conversation holds.
 */
export type Script = Generator<Step, Step, Result>;

/** The step after these results; the last one again when the script is over. */
export function nextStep(script: Script, results: readonly Result[]): Step {
	let { value, done } = script.next({ output: "", failed: false });
	for (const result of results) {
		if (done) break;
		({ value, done } = script.next(result));
	}
	return value;
}

/** A command whose exit code is read from its output, whatever tool runs it. */
export const bash = (
	say: string,
	command: string,
	more: { think?: string; timeout?: number } = {},
): Step => ({
	say,
	...(more.think === undefined ? {} : { think: more.think }),
	tool: {
		name: "bash",
		input: {
			command: `${command} || { code=$?; echo "[exit code $code]"; exit $code; }`,
			description: say,
			...(more.timeout === undefined ? {} : { timeout: more.timeout }),
		},
	},
});

export const write = (say: string, filePath: string, content: string): Step => ({
	say,
	tool: { name: "write", input: { filePath, content } },
});

/** A text as one word of a shell. */
export const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

export const FAILED = /\[exit code (\d+)\]\s*$|^Error: /;

export const slugOf = (title: string): string =>
	title
		.toLowerCase()
		.replace(/[^a-z0-9]+/g, "-")
		.replace(/^-|-$/g, "")
		.slice(0, 40) || "change";

/** What a command said last, on one line. */
export const lastWords = (output: string): string =>
	output
		.split("\n")
		.filter((line) => line.trim() !== "" && !line.startsWith("[exit code"))
		.slice(-2)
		.join(" ")
		.slice(0, 300);
