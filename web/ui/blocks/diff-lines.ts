export type DiffLine = { sign: "+" | "−" | " " | "@"; text: string };

/** Lines of a unified diff; file heads are dropped, hunks keep their `@@`. */
export function unifiedLines(patch: string): DiffLine[] {
	return patch
		.replace(/\n$/, "")
		.split("\n")
		.flatMap((line): DiffLine[] => {
			if (/^(?:diff |index |--- |\+\+\+ |Index: |={10,}|\\ No newline)/.test(line)) return [];
			if (line.startsWith("@@")) return [{ sign: "@", text: line }];
			if (line.startsWith("+")) return [{ sign: "+", text: line.slice(1) }];
			if (line.startsWith("-")) return [{ sign: "−", text: line.slice(1) }];
			return [{ sign: " ", text: line.startsWith(" ") ? line.slice(1) : line }];
		});
}

/** What an edit replaces by what: the equal lines at both ends stand once. */
export function editLines(before: string, after: string): DiffLine[] {
	const a = before === "" ? [] : before.split("\n");
	const b = after === "" ? [] : after.split("\n");
	let head = 0;
	while (head < a.length && head < b.length && a[head] === b[head]) head++;
	let tail = 0;
	while (tail < a.length - head && tail < b.length - head && a.at(-1 - tail) === b.at(-1 - tail)) tail++;
	const same = (text: string): DiffLine => ({ sign: " ", text });
	return [
		...a.slice(0, head).map(same),
		...a.slice(head, a.length - tail).map((text): DiffLine => ({ sign: "−", text })),
		...b.slice(head, b.length - tail).map((text): DiffLine => ({ sign: "+", text })),
		...a.slice(a.length - tail).map(same),
	];
}

/** Added and removed lines. */
export const diffCounts = (lines: readonly DiffLine[]): { added: number; removed: number } => ({
	added: lines.filter(({ sign }) => sign === "+").length,
	removed: lines.filter(({ sign }) => sign === "−").length,
});
