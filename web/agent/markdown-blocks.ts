/** Blocks of the Markdown that agents write. No HTML and no pictures: nothing remote is ever loaded. */
export type Block =
	| { kind: "heading"; level: number; text: string }
	| { kind: "code"; language: string; text: string }
	| { kind: "list"; ordered: boolean; items: string[] }
	| { kind: "quote"; text: string }
	| { kind: "rule" }
	| { kind: "table"; rows: string[][] }
	| { kind: "paragraph"; text: string };

const ITEM = /^\s*(?:[-*+]|(\d+)[.)])\s+(.*)$/;

export function blocksOf(text: string): Block[] {
	const blocks: Block[] = [];
	const lines = text.replace(/\r\n?/g, "\n").split("\n");
	let paragraph: string[] = [];
	const flush = () => {
		if (paragraph.length > 0) blocks.push({ kind: "paragraph", text: paragraph.join("\n") });
		paragraph = [];
	};
	for (let at = 0; at < lines.length; at++) {
		const line = lines[at] ?? "";
		const fence = /^\s*(```+|~~~+)\s*([\w+#.-]*)/.exec(line);
		if (fence) {
			flush();
			const end = lines.findIndex((other, i) => i > at && other.trim().startsWith(fence[1] ?? "```"));
			const stop = end === -1 ? lines.length : end;
			blocks.push({ kind: "code", language: fence[2] ?? "", text: lines.slice(at + 1, stop).join("\n") });
			at = stop;
			continue;
		}
		const heading = /^(#{1,6})\s+(.*)$/.exec(line);
		const item = ITEM.exec(line);
		if (heading) {
			flush();
			blocks.push({ kind: "heading", level: heading[1]?.length ?? 1, text: heading[2] ?? "" });
		} else if (/^\s*([-*_])(?:\s*\1){2,}\s*$/.test(line)) {
			flush();
			blocks.push({ kind: "rule" });
		} else if (item) {
			flush();
			at = list(blocks, lines, at);
		} else if (/^\s*>/.test(line)) {
			flush();
			blocks.push({ kind: "quote", text: line.replace(/^\s*>\s?/, "") });
		} else if (line.trim().startsWith("|") && /^\s*\|?[\s:|-]+\|?\s*$/.test(lines[at + 1] ?? "")) {
			flush();
			at = table(blocks, lines, at);
		} else if (line.trim() === "") flush();
		else paragraph.push(line);
	}
	flush();
	return blocks;
}

function list(blocks: Block[], lines: readonly string[], from: number): number {
	const items: string[] = [];
	const ordered = ITEM.exec(lines[from] ?? "")?.[1] !== undefined;
	let at = from;
	for (; at < lines.length; at++) {
		const item = ITEM.exec(lines[at] ?? "");
		if (item) items.push(item[2] ?? "");
		else if (/^\s+\S/.test(lines[at] ?? "") && items.length > 0)
			items[items.length - 1] += `\n${(lines[at] ?? "").trim()}`;
		else break;
	}
	blocks.push({ kind: "list", ordered, items });
	return at - 1;
}

function table(blocks: Block[], lines: readonly string[], from: number): number {
	const rows: string[][] = [];
	let at = from;
	for (; at < lines.length && (lines[at] ?? "").trim().startsWith("|"); at++)
		if (at !== from + 1)
			rows.push(
				(lines[at] ?? "")
					.trim()
					.replace(/^\||\|$/g, "")
					.split("|")
					.map((cell) => cell.trim()),
			);
	blocks.push({ kind: "table", rows });
	return at - 1;
}

export type Inline =
	| { kind: "text" | "code" | "strong" | "em"; text: string }
	/** Only http(s); a picture becomes a link that says so. */
	| { kind: "link"; text: string; href: string };

const INLINE =
	/`([^`]+)`|\*\*([^*]+)\*\*|__([^_]+)__|!?\[([^\]]*)\]\(\s*<?(https?:\/\/[^)\s>]+)>?[^)]*\)|(?<![\w*])\*([^*\s][^*]*)\*(?!\w)|(https?:\/\/[^\s<>()"']+[^\s<>()"'.,;:!?])/g;

export function inlinesOf(text: string): Inline[] {
	const out: Inline[] = [];
	let from = 0;
	for (const match of text.matchAll(INLINE)) {
		if (match.index > from) out.push({ kind: "text", text: text.slice(from, match.index) });
		from = match.index + match[0].length;
		const [whole, code, strong, strongToo, label, href, em, bare] = match;
		if (code !== undefined) out.push({ kind: "code", text: code });
		else if (strong ?? strongToo) out.push({ kind: "strong", text: strong ?? strongToo ?? "" });
		else if (href !== undefined)
			out.push({
				kind: "link",
				text: whole.startsWith("!") ? `picture: ${label || href}` : label || href,
				href,
			});
		else if (em !== undefined) out.push({ kind: "em", text: em });
		else if (bare !== undefined) out.push({ kind: "link", text: bare, href: bare });
	}
	if (from < text.length) out.push({ kind: "text", text: text.slice(from) });
	return out;
}
