import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { REDACTED, redact, redactDeep } from "../../../shared/redaction/index.ts";
import { TOKENS, words } from "./samples.ts";

describe("FEED-6: secrets never enter the log", () => {
	test.each(TOKENS)("FEED-6: %s is redacted wherever it stands", (_, text, secret) => {
		for (const around of [text, `before ${text} after`, `x\n${text}\ny`, JSON.stringify({ output: text })]) {
			expect(redact(around)).not.toContain(secret);
			expect(redact(around)).toContain(REDACTED);
		}
	});

	test("FEED-6: redacting twice changes nothing more", () => {
		fc.assert(
			fc.property(
				fc.array(fc.oneof(fc.constantFrom(...TOKENS.map(([, text]) => text)), fc.string())),
				(parts) => {
					const once = redact(parts.join(" "));
					expect(redact(once)).toBe(once);
				},
			),
		);
	});

	test("FEED-6: text without tokens passes unchanged", () => {
		fc.assert(
			fc.property(words, (text) => {
				expect(redact(text)).toBe(text);
			}),
		);
		for (const code of [
			"const token = next()",
			"MAX_TOKENS=4096000",
			"export GITHUB_TOKEN=$FROM_ENV",
			"const apiKey = process.env.API_KEY",
			"git clone https://github.com/example/shop.git",
			"git@github.com:example/shop.git",
			"password: string",
			"basic responsibilities of a bearer",
			"tokens: {input: 12, output: 40}",
		])
			expect(redact(code)).toBe(code);
	});

	test("FEED-6: a long run of characters costs no more than its length", () => {
		const run = "a1B2c3D4".repeat(50_000);
		const started = performance.now();
		expect(redact(run)).toBe(run);
		redact("token".repeat(50_000));
		redact('"token":'.repeat(20_000));
		expect(performance.now() - started).toBeLessThan(2_000);
	});

	test("FEED-6: in properties, names tell secrets too, and what is clean keeps its identity", () => {
		const clean = { part: { text: "hello", tokens: { input: 1 } }, list: [1, "two", null] };
		expect(redactDeep(clean)).toBe(clean);
		expect(
			redactDeep({
				responseHeaders: {
					authorization: "abcdefgh",
					"content-type": "text/plain",
					"set-cookie": "sid=12345678",
				},
				input: { apiKey: "abcd-efgh-ijkl", command: "curl -H 'Authorization: Bearer abcdefgh1234'" },
				deep: [{ password: "correct-horse-7" }],
			}),
		).toEqual({
			responseHeaders: { authorization: REDACTED, "content-type": "text/plain", "set-cookie": REDACTED },
			input: { apiKey: REDACTED, command: `curl -H 'Authorization: Bearer ${REDACTED}'` },
			deep: [{ password: REDACTED }],
		});
	});
});
