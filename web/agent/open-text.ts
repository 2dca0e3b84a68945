/** Characters of one block; a block ends at the last line break in it, else at its last space. */
const BLOCK = 4_096;

/**
 * A text that grows, as blocks that stay the same while it does: only the last one is laid out again. The blocks
 * together are the text, without the line breaks that end blocks.
 */
export function blocksOf(text: string): string[] {
	const blocks: string[] = [];
	let from = 0;
	while (text.length - from > BLOCK) {
		const part = text.slice(from, from + BLOCK);
		const line = part.lastIndexOf("\n");
		// A space stays at the end of its block, where it is not seen; the end of a block is itself a line break.
		const length = line > 0 ? line : part.lastIndexOf(" ") + 1 || BLOCK;
		blocks.push(part.slice(0, length));
		from += line > 0 ? length + 1 : length;
	}
	blocks.push(text.slice(from));
	return blocks;
}
