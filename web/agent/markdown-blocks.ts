/** Blocks of the Markdown that agents write. No HTML and no pictures: nothing remote is ever loaded. */
export type Block =
	| { kind: "heading"; level: number; text: string }
	| { kind: "code"; language: string; text: string }
	| { kind: "list"; ordered: boolean; items: string[] }
	| { kind: "quote"; text: string }
	| { kind: "rule" }
	| { kind: "table"; rows: string[][] }
	| { kind: "paragraph"; text: string }
	/** What is beyond the length that is looked through: as it was written. */
	| { kind: "plain"; text: string };

/** An agent may write anything: so many characters are looked through, of a whole text and of one block of it. */
const MOST_TEXT = 100_000;
const MOST_INLINE = 20_000;

const ITEM = /^\s*(?:[-*+]|(\d+)[.)])\s+(.*)$/;

export function blocksOf(whole: string): Block[] {
	const end = whole.length <= MOST_TEXT ? whole.length : whole.lastIndexOf("\n", MOST_TEXT) + 1 || MOST_TEXT;
	const text = whole.slice(0, end);
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
			let stop = at + 1;
			while (stop < lines.length && !lines[stop]?.trim().startsWith(fence[1] ?? "```")) stop++;
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
		} else if (line.trim().startsWith("|") && /^[|:\s-]+$/.test((lines[at + 1] ?? "").trim())) {
			flush();
			at = table(blocks, lines, at);
		} else if (line.trim() === "") flush();
		else paragraph.push(line);
	}
	flush();
	if (end < whole.length) blocks.push({ kind: "plain", text: whole.slice(end) });
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

/** Every repetition is bounded and can end in one way only, so that no text takes long. */
const INLINE =
	/`([^`]{1,2000})`|\*\*([^*]{1,2000})\*\*|__([^_]{1,2000})__|!?\[([^\]]{0,500})\]\(\s{0,9}<?(https?:\/\/[^)\s>]{1,2000})(?:[\s>][^)]{0,500})?\)|(?<![\w*])\*([^*\s][^*]{0,2000})\*(?!\w)|(https?:\/\/[^\s<>()"']{1,2000}(?<![.,;:!?]))/g;

export function inlinesOf(whole: string): Inline[] {
	const text = whole.slice(0, MOST_INLINE);
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
	if (from < whole.length) out.push({ kind: "text", text: whole.slice(from) });
	return out;
}
