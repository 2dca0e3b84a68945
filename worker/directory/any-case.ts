/** SQLite lowers only ASCII: each further capital that the text could mean is lowered by its own `replace`. */
const LETTERS = 20;

/**
 * Finds a text in a column in any case: `holds(column, first)` is the condition, whose parameters are `values`, numbered from
 * `first`. No LIKE: D1 takes patterns of at most 50 bytes.
 */
export function anyCase(text: string): { values: string[]; holds(column: string, first: number): string } {
	const low = text.normalize("NFC").toLowerCase();
	const capitals = [...new Set(low)]
		.filter((letter) => letter > "\x7f" && letter.toUpperCase() !== letter)
		.slice(0, LETTERS);
	const lowered = (column: string, first: number) =>
		capitals.reduce(
			(sql, _, n) => `replace(${sql}, ?${first + 1 + n * 2}, ?${first + 2 + n * 2})`,
			`lower(${column})`,
		);
	return {
		values: [low, ...capitals.flatMap((letter) => [letter.toUpperCase(), letter])],
		holds: (column, first) => `instr(${lowered(column, first)}, ?${first}) > 0`,
	};
}
