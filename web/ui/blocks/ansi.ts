/** A run of terminal text in one style. `color` 0 to 7 as in ANSI, null for the default. */
export type Run = { text: string; color: number | null; bold: boolean; dim: boolean };

const ESC = "\u001b";
/** CSI sequences, OSC sequences up to their end, and other two-character escapes. */
const ESCAPE = new RegExp(
	`${ESC}\\[([0-9;?]*)([A-Za-z])|${ESC}\\][^\\u0007${ESC}]*(?:\\u0007|${ESC}\\\\)|${ESC}[@-Z\\\\-_]`,
	"g",
);

/** A character and the backspace after it; outside of a class `\b` would be a boundary of words. */
const RUBBED_OUT = /[^\b][\b]/;

/** Applies carriage returns and backspaces: what a terminal would still show of a line that was written over. */
export function writtenOver(line: string): string {
	if (!line.includes("\r") && !line.includes("\b")) return line;
	const text = line.endsWith("\r") ? line.slice(0, -1) : line;
	const parts = text.split("\r");
	let shown = "";
	for (const part of parts) {
		const plain = part.replace(ESCAPE, "");
		// A shorter line leaves the tail of the longer one standing, unless it was erased.
		const erased = part.includes(`${ESC}[K`) || part.includes(`${ESC}[2K`);
		const before = shown.replace(ESCAPE, "");
		shown = erased || plain.length >= before.length ? part : part + before.slice(plain.length);
	}
	while (RUBBED_OUT.test(shown)) shown = shown.replace(RUBBED_OUT, "");
	return shown.replaceAll("\b", "");
}

/** Text of a command as runs of one style each; sequences that only move the cursor are dropped. */
export function ansiRuns(text: string): Run[] {
	const runs: Run[] = [];
	let style: Omit<Run, "text"> = { color: null, bold: false, dim: false };
	let from = 0;
	const push = (piece: string) => {
		if (piece !== "") runs.push({ text: piece, ...style });
	};
	for (const match of text.matchAll(ESCAPE)) {
		push(text.slice(from, match.index));
		from = match.index + match[0].length;
		if (match[2] === "m") style = styleAfter(style, match[1] ?? "");
	}
	push(text.slice(from));
	return runs;
}

function styleAfter(style: Omit<Run, "text">, codes: string): Omit<Run, "text"> {
	const list = codes.split(";").map(Number);
	let next = style;
	for (let i = 0; i < list.length; i++) {
		const code = list[i] ?? 0;
		if (code === 0) next = { color: null, bold: false, dim: false };
		else if (code === 1) next = { ...next, bold: true };
		else if (code === 2) next = { ...next, dim: true };
		else if (code === 22) next = { ...next, bold: false, dim: false };
		else if (code >= 30 && code <= 37) next = { ...next, color: code - 30 };
		else if (code >= 90 && code <= 97) next = { ...next, color: code - 90 };
		else if (code === 39) next = { ...next, color: null };
		else if (code === 38 || code === 48) {
			// 256 and true colours: the first sixteen have a like among ours, the rest keep the default.
			const named = list[i + 1] === 5 ? (list[i + 2] ?? 99) : 99;
			if (code === 38) next = { ...next, color: named < 16 ? named % 8 : null };
			i += list[i + 1] === 5 ? 2 : 4;
		}
	}
	return next;
}

/** What is shown of a long output: its head and its tail; the error is at the end, so that is never cut. */
export type Cut = { head: string[]; hidden: number; hiddenSize: number; tail: string[] };

/** Cuts `lines` to `most` in the middle. */
export function cutMiddle(lines: readonly string[], most: number): Cut {
	if (lines.length <= most) return { head: [...lines], hidden: 0, hiddenSize: 0, tail: [] };
	const headCount = Math.floor(most / 3);
	const hidden = lines.slice(headCount, lines.length - (most - headCount));
	return {
		head: lines.slice(0, headCount),
		hidden: hidden.length,
		hiddenSize: hidden.reduce((sum, line) => sum + line.length + 1, 0),
		tail: lines.slice(lines.length - (most - headCount)),
	};
}
