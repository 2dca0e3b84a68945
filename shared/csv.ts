/** What a cell of an exported list may hold. */
export type Cell = string | number | null | undefined;

/**
 * A cell as RFC 4180 has it. A text that a spreadsheet would run as a formula begins with an apostrophe: what an agent or a
 * customer wrote must not compute on an admin's machine.
 */
export function csvCell(value: Cell): string {
	if (value === null || value === undefined) return "";
	if (typeof value === "number") return String(value);
	const safe = /^[\s]*[=+\-@\t\r\n]/.test(value) ? `'${value}` : value;
	return safe === value && !/[",\r\n]/.test(value) ? value : `"${safe.replaceAll('"', '""')}"`;
}

/** A line with its end. */
export const csvRow = (cells: readonly Cell[]): string => `${cells.map(csvCell).join(",")}\r\n`;
