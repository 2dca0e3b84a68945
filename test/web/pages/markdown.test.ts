import { expect, test } from "vitest";
import { blocksOf, inlinesOf } from "../../../web/agent/markdown-blocks.ts";

test("an agent's Markdown: blocks that agents write, an unclosed fence included", () => {
	const kinds = blocksOf(
		"# Plan\n\n- one\n- two\n  goes on\n\n1. first\n\n> said\n\n---\n\ntext\nmore\n\n```ts\nconst a = 1;",
	).map((block) => block.kind);
	expect(kinds).toEqual(["heading", "list", "list", "quote", "rule", "paragraph", "code"]);
	expect(blocksOf("| a | b |\n| - | - |\n| 1 | 2 |")).toEqual([
		{
			kind: "table",
			rows: [
				["a", "b"],
				["1", "2"],
			],
		},
	]);
});

test("SEC-5: a picture is a link, a script is text, only http(s) is linked", () => {
	expect(inlinesOf("![x](https://evil.example/pixel.png)")).toEqual([
		{ kind: "link", text: "picture: x", href: "https://evil.example/pixel.png" },
	]);
	const odd = "[a](javascript:alert(1)) <img src=https://evil.example/p>";
	expect(
		inlinesOf(odd).filter((inline) => inline.kind === "link" && !inline.href.startsWith("https://")),
	).toEqual([]);
	expect(inlinesOf("<script>alert(1)</script>")).toEqual([
		{ kind: "text", text: "<script>alert(1)</script>" },
	]);
});

test("inline code keeps what looks like Markdown inside it", () => {
	expect(inlinesOf("run `a ** b` **now**")).toEqual([
		{ kind: "text", text: "run " },
		{ kind: "code", text: "a ** b" },
		{ kind: "text", text: " " },
		{ kind: "strong", text: "now" },
	]);
});

test("SEC-5: no text takes long, however it was made to", () => {
	const hostile = [
		`| a |\n${" ".repeat(200_000)}x`,
		`| a |\n${"|-".repeat(100_000)}x`,
		`[a](http://${"x".repeat(200_000)}`,
		"[a](http://x".repeat(20_000),
		"[a](http://x ".repeat(20_000),
		"[".repeat(200_000),
		"*a ".repeat(60_000),
		"```a\n".repeat(40_000),
		`http://${".".repeat(200_000)}`,
		"- ".repeat(100_000),
	];
	for (const text of hostile) {
		const start = performance.now();
		for (const block of blocksOf(text)) if ("text" in block && block.kind !== "plain") inlinesOf(block.text);
		expect(performance.now() - start, text.slice(0, 20)).toBeLessThan(2_000);
	}
});

test("a text beyond what is looked through is told to its end, as it was written", () => {
	const long = "line **one**\n".repeat(20_000);
	const blocks = blocksOf(long);
	expect(blocks.map((block) => block.kind)).toEqual(["paragraph", "plain"]);
	expect(blocks.map((block) => ("text" in block ? block.text.length : 0)).reduce((a, b) => a + b)).toBe(
		long.length - 1,
	);
	expect(inlinesOf(long).at(-1)).toEqual({ kind: "text", text: expect.stringMatching(/\n$/) });
	expect(inlinesOf("see https://a.example/b?c=d, or [x](https://a.example 'title').")).toMatchObject([
		{ text: "see " },
		{ kind: "link", href: "https://a.example/b?c=d" },
		{ text: ", or " },
		{ kind: "link", href: "https://a.example" },
		{ text: "." },
	]);
});
