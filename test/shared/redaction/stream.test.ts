import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { flushHeld, type Held, pushDelta, redact, redactOpen } from "../../../shared/redaction/index.ts";
import { names, TOKENS, words } from "./samples.ts";

/** A text cut at any places into deltas. */
const pieces = (text: string) =>
	fc
		.uniqueArray(fc.nat({ max: text.length }), { maxLength: 200 })
		.map((cuts) => [0, ...cuts.sort((a, b) => a - b), text.length])
		.map((ends) => ends.slice(1).map((end, i) => text.slice(ends[i], end)));

const split = fc
	.array(
		fc.oneof(
			{ weight: 2, arbitrary: words },
			{ weight: 2, arbitrary: names },
			{ weight: 2, arbitrary: fc.constantFrom(...TOKENS.map(([, text]) => text)) },
			fc.string(),
		),
		{ maxLength: 8 },
	)
	.chain((parts) => fc.constantFrom(" ", "\n", "").map((between) => parts.join(between)))
	.chain((text) => pieces(text).map((deltas) => ({ text, deltas })));

function stream(deltas: string[]): { shown: string[]; held: Held } {
	let held: Held = "";
	const shown = deltas.map((delta) => {
		const [now, next] = pushDelta(held, delta);
		held = next;
		return now;
	});
	return { shown, held };
}

describe("FEED-6: streamed text", () => {
	test("FEED-6: the deltas of any text, with what was held, are the redacted text", () => {
		fc.assert(
			fc.property(split, ({ text, deltas }) => {
				const { shown, held } = stream(deltas);
				expect(shown.join("") + flushHeld(held)).toBe(redact(text));
			}),
			{ numRuns: 1_000 },
		);
	});

	test.each(TOKENS)("FEED-6: %s cut anywhere into deltas never appears", (_, text, secret) => {
		fc.assert(
			fc.property(words, words, fc.boolean(), (before, after, spaced) => {
				const whole = [before, text, after].join(spaced ? " " : "\n");
				for (const size of [1, 2, 5, 7]) {
					const deltas = whole.match(new RegExp(`[\\s\\S]{1,${size}}`, "g")) ?? [];
					const { shown, held } = stream(deltas);
					const all = shown.join("") + flushHeld(held);
					expect(all).not.toContain(secret.slice(0, 8));
				}
			}),
			{ numRuns: 30 },
		);
	});

	test("FEED-6: found by the property: a remote that swallows the name of the assignment behind it", () => {
		const secret = "correct horse 0123456789abcdef";
		const text = `https://x-token:0123456789abcdef@example.org/a.gitDB_PASSWORD="${secret}" done`;
		for (let at = 0; at <= text.length; at++) {
			const { shown, held } = stream([text.slice(0, at), text.slice(at)]);
			expect(shown.join("") + flushHeld(held)).toBe(redact(text));
		}
	});

	test.each([
		"task-implement-login-page",
		"src/task_scheduler_integration.ts",
		"disk_usage_percentage_total",
		"kilo-backend-refactor-tests-1",
	])("FEED-6: %s cut anywhere arrives whole", (text) => {
		for (let at = 0; at <= text.length; at++) {
			const { shown, held } = stream([text.slice(0, at), text.slice(at), " "]);
			expect([shown.join(""), held]).toEqual([`${text} `, ""]);
		}
	});

	test("FEED-6: nothing is held at the end of a word or a line", () => {
		expect(pushDelta("", "Reading src/cart.js ")).toEqual(["Reading src/cart.js ", ""]);
		expect(pushDelta("", "pass 3\n")).toEqual(["pass 3\n", ""]);
		expect(pushDelta("", "日本語")).toEqual(["日本語", ""]);
		expect(pushDelta("ghp_abc", "def")).toEqual(["", "ghp_abcdef"]);
	});

	test("FEED-6: a run that is too long is not shown before its closing snapshot, nor is what follows it", () => {
		const [shown, held] = pushDelta("", "a".repeat(5_000));
		expect([shown, held]).toEqual(["", null]);
		expect(pushDelta(held, " more")).toEqual(["", null]);
		expect(flushHeld(held)).toBe("");
	});

	test("FEED-6: a snapshot of a text that still grows leaves out the end that may become a token", () => {
		expect(redactOpen("cloning https://x:ghs_0123")).toBe("cloning ");
		expect(redactOpen("tick 1\ntick 2\n")).toBe("tick 1\ntick 2\n");
	});
});
