/** What is asked of an agent, with the recording of a real agent that did it. Titles are those of the recorded prompts. */
export type Job = { title: string; body: string; recording: string; branch: string };

const job = (recording: string, branch: string, title: string, body: string): Job => ({
	title,
	body,
	recording,
	branch,
});

/** Work that ends well, of kilo and opencode in turn. */
export const JOBS: readonly Job[] = [
	job(
		"happy-path",
		"fix/discount-percentage",
		"discount() must take a percentage",
		"A checkout with discountPct 10 charges a negative amount. Fix it on a branch, add a test, push.",
	),
	job(
		"town:toast",
		"feat/toast-helper",
		"Add the toast helper",
		"A helper with a test, in a file of its own.",
	),
	job(
		"opencode-happy-path",
		"fix/discount-percentage-2",
		"Orders: discount() must take a percentage",
		"The same mistake as in the cart. Fix it on a branch, add a test, push.",
	),
	job(
		"town:maple",
		"feat/maple-helper",
		"Add the maple helper",
		"A helper with a test, in a file of its own.",
	),
	job(
		"tool-error",
		"chore/probe-tools",
		"Probe the failing tools",
		"Find out which tools fail here, and how.",
	),
	job("subagent", "docs/compare-modules", "Compare two modules", "Send helpers; write down what differs."),
	job(
		"town:cinder",
		"feat/cinder-helper",
		"Add the cinder helper",
		"A helper with a test, in a file of its own.",
	),
	job(
		"provider-retry",
		"fix/retry",
		"Keep going through provider errors",
		"The provider is shaky; go on anyway.",
	),
	job("opencode-loop", "fix/cart-test", "Make the cart test pass", "It fails since the last merge."),
	job(
		"long",
		"refactor/small-steps",
		"A long refactoring in many small steps",
		"Step by step, tests green at each.",
	),
];

/** How the refinery reviews and merges. */
export const REVIEW = "town:refinery";
