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
