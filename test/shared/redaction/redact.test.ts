import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { REDACTED, redact, redactDeep } from "../../../shared/redaction/index.ts";
import { names, TOKENS, words } from "./samples.ts";

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

	test.each([
		"task-implement-login-page",
		"src/task_scheduler_integration.ts",
		"disk_usage_percentage_total",
		"kilo-backend-refactor-tests-1",
		"kilo-550e8400-e29b-41d4-a716-446655440000",
		"keyJsonSerializer.toString",
		"pk_user_accounts_v2",
		"a basic src/internationalization/cart2.tsx",
	])("FEED-6: %s is no token", (text) => {
		expect(redact(text)).toBe(text);
	});

	test("FEED-6: English, paths, branches, identifiers and uuids pass unchanged", () => {
		fc.assert(
			fc.property(names, (text) => {
				expect(redact(text)).toBe(text);
			}),
			{ numRuns: 1_000 },
		);
	});

	test.each([
		["an escaped newline", "\\n"],
		["an encoded sign", "token%3D"],
		["a colour", "\u001b[1;32m"],
		["an escaped colour", "\\u001b"],
		["a hyphen", "old-"],
	])("FEED-6: a token behind %s is seen", (_, before) => {
		for (const [, token, secret] of TOKENS.slice(0, 6)) expect(redact(before + token)).not.toContain(secret);
	});

	test.each([
		"sk-proj-Zx8_kQ1vTb2-LmN4oP6qRs8tUv0wXy",
		"sk_live_TYooMQauvdEDqNiTphIjjjjx",
		"sk-7f3c2a1be29b41d4a716",
		"pk_test_51Hx8Zk-2eZvKYlo2C",
		"kilo-a81Fc0d2b73e4f5a6b7c8",
	])("FEED-6: %s is a token", (text) => {
		expect(redact(text)).toBe(REDACTED);
	});

	test("FEED-6: a long run of characters costs no more than its length", () => {
		const parts = ["a1B2c3D4", "token", '"token":', "sk-", "kilo-"];
		/** Least of three, in ms of the processor's time: others on the machine do not count. */
		const cost = (times: number, part: string) =>
			Math.min(
				...[1, 2, 3].map(() => {
					const text = part.repeat(times);
					const started = process.cpuUsage();
					redact(text);
					return process.cpuUsage(started).user / 1_000;
				}),
			);
		expect(redact("a1B2c3D4".repeat(50_000))).toBe("a1B2c3D4".repeat(50_000));
		// Sixteen times as long: about 16 times the cost where it is linear, 256 times where it is not.
		for (const part of parts)
			expect(cost(64_000, part), part).toBeLessThan(80 * Math.max(cost(4_000, part), 0.2));
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
