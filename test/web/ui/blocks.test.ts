// @vitest-environment node
import { expect, test } from "vitest";
import { ansiRuns, cutMiddle, writtenOver } from "../../../web/ui/blocks/ansi.ts";
import { diffCounts, editLines, unifiedLines } from "../../../web/ui/blocks/diff-lines.ts";

const ESC = "\u001b";

test("a line that was written over shows what a terminal would still show", () => {
	expect(writtenOver("building\r 10%\r100% done")).toBe("100% done");
	expect(writtenOver("abcdef\rxy")).toBe("xycdef");
	expect(writtenOver(`abcdef\r${ESC}[Kxy`)).toBe(`${ESC}[Kxy`);
	expect(writtenOver("passs\b\bed")).toBe("pased");
	expect(writtenOver("plain\r")).toBe("plain");
});

test("colours become runs; what only moves the cursor is dropped; 256 colours do not leak into the text", () => {
	expect(ansiRuns(`a${ESC}[31mb${ESC}[1mc${ESC}[0md`)).toEqual([
		{ text: "a", color: null, bold: false, dim: false },
		{ text: "b", color: 1, bold: false, dim: false },
		{ text: "c", color: 1, bold: true, dim: false },
		{ text: "d", color: null, bold: false, dim: false },
	]);
	expect(ansiRuns(`${ESC}[2J${ESC}[Hx${ESC}]0;title\u0007y`).map((run) => run.text)).toEqual(["x", "y"]);
	expect(ansiRuns(`${ESC}[38;5;9mred${ESC}[38;2;1;2;3mtrue`)).toMatchObject([
		{ text: "red", color: 1 },
		{ text: "true", color: null },
	]);
	expect(ansiRuns(`${ESC}[92mbright`)).toMatchObject([{ color: 2 }]);
});

test("a long output is cut in its middle, never at its end", () => {
	const lines = Array.from({ length: 53 }, (_, i) => `line ${i}`);
	const cut = cutMiddle(lines, 12);
	expect(cut.head).toEqual(lines.slice(0, 4));
	expect(cut.tail).toEqual(lines.slice(45));
	expect(cut.hidden).toBe(41);
	expect(cutMiddle(lines.slice(0, 12), 12)).toMatchObject({ hidden: 0, tail: [] });
});

test("an edit's equal ends stand once; a patch loses its file heads", () => {
	const lines = editLines("a\nb\nc", "a\nx\ny\nc");
	expect(lines.map(({ sign, text }) => sign + text)).toEqual([" a", "−b", "+x", "+y", " c"]);
	expect(diffCounts(lines)).toEqual({ added: 2, removed: 1 });
	expect(editLines("", "new").map(({ sign }) => sign)).toEqual(["+"]);
	const patch = "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n c\n";
	expect(unifiedLines(patch).map(({ sign, text }) => sign + text)).toEqual([
		"@@@ -1 +1 @@",
		"−a",
		"+b",
		" c",
	]);
});
