import type { Column, Table } from "../../shared/gastown/table.ts";
import { literal, quoted } from "./ddl.ts";

/** Text over so many characters travels as its head; the rest by a `cell` question (FEED-1). */
export const TEXT_HEAD = 4_096;

/** Half of a JSON text is of no use, so that one is cut only where it is over so many bytes. */
export const JSON_WHOLE = 16_384;

/**
 * SQL expression for the JSON text of one row, the same in triggers and in states. It gives valid JSON for whatever a
 * row holds and never fails a write (FEED-1): JSON text is embedded only where it is valid, a BLOB is its length, an
 * infinity is null, long text is its head. Secret columns show only whether they hold something (FEED-6).
 * @param alias NEW, OLD or the name of the table in the statement
 */
export function rowExpression(table: Table, alias: string): string {
	const columns = Object.entries(table.columns).map(([name, column]) => ({
		name,
		column,
		value: `${alias}.${quoted(name)}`,
	}));
	const members = columns.map(({ name, column, value }, i) => {
		const label = literal(`${i === 0 ? "" : ","}${JSON.stringify(name)}:`);
		return `${label} || ${valueExpression(column, value)}`;
	});
	const cuts = columns
		.filter(({ column }) => column.sql === "TEXT" && !column.secret)
		.map(({ name, column, value }) => cutExpression(name, column, value));
	const cut =
		cuts.length === 0 ? [] : [`coalesce(',"_cut":{' || nullif(substr(${concat(cuts)}, 2), '') || '}', '')`];
	return concat(["'{'", ...members, ...cut, "'}'"]);
}

/** SQL expression for the wire key of one row: the key's text, or a JSON array text of several columns. */
export function keyExpression(table: Table, alias: string): string {
	const [first, ...rest] = table.key.map((column) => `${alias}.${quoted(column)}`);
	if (first === undefined) throw new Error(`${table.name} has no key`);
	if (rest.length === 0) return `CAST(${first} AS TEXT)`;
	const parts = [first, ...rest].map(
		(value) => `iif(typeof(${value}) = 'blob', json_quote(hex(${value})), json_quote(${value}))`,
	);
	return concat([`'[' || ${parts[0]}`, ...parts.slice(1).map((part) => `',' || ${part}`), "']'"]);
}

/** Joins as a balanced tree: SQLite refuses expressions more than 100 deep, and a plain chain is as deep as it is long. */
export function concat(terms: readonly string[], operator = " || "): string {
	if (terms.length <= 2) return `(${terms.join(operator)})`;
	const half = terms.length >> 1;
	return `(${concat(terms.slice(0, half), operator)}${operator}${concat(terms.slice(half), operator)})`;
}

/** Any column may hold any type, whatever it was declared as. */
function valueExpression({ json, secret }: Column, value: string): string {
	if (secret) return `iif(${value} IS NULL, 'null', '"masked"')`;
	return (
		`CASE typeof(${value}) ` +
		`WHEN 'text' THEN CASE ${json ? `WHEN ${wholeJson(value)} THEN json(${value}) ` : ""}` +
		`WHEN ${isLong(value)} THEN json_quote(substr(${value}, 1, ${TEXT_HEAD})) ELSE json_quote(${value}) END ` +
		`WHEN 'blob' THEN '{"$blob":' || length(${value}) || '}' ` +
		`WHEN 'real' THEN iif(abs(${value}) = 9e999, 'null', json_quote(${value})) ELSE json_quote(${value}) END`
	);
}

/** `,"column":length` where the text was cut, else nothing. */
function cutExpression(name: string, { json }: Column, value: string): string {
	const cut = `${isLong(value)}${json ? ` AND NOT ${wholeJson(value)}` : ""}`;
	const length = `iif(instr(${value}, char(0)), octet_length(${value}), length(${value}))`;
	return `iif(typeof(${value}) = 'text' AND ${cut}, ${literal(`,${JSON.stringify(name)}:`)} || ${length}, '')`;
}

const wholeJson = (value: string) =>
	`(octet_length(${value}) <= ${JSON_WHOLE} AND json_valid(${value}) AND NOT instr(${value}, char(0)))`;

/**
 * `length` and `substr` take a NUL for the end of the text, `json_quote` does not: bytes, of which a character has four
 * at most, keep a text full of NULs from getting through whole. Its head ends at the NUL, its length is in bytes.
 */
const isLong = (value: string) =>
	`(octet_length(${value}) > ${4 * TEXT_HEAD} OR length(${value}) > ${TEXT_HEAD})`;
