import { type Cell, csvRow } from "../../shared/csv.ts";

/** What each column says of a row; times are ISO 8601 in UTC, spans milliseconds, costs dollars. An object is kept whole in JSON. */
export type Columns<Row> = Readonly<Record<string, (row: Row) => Cell | object>>;

/** A list as it stands on the page, and where that is. */
export type Sheet<Row> = {
	/** `beads`; in the name of the file. */
	of: string;
	columns: Columns<Row>;
	rows: readonly Row[];
	/** Whose; null where the list is of no town. */
	town: { id: string; name: string } | null;
	/** The moment that is shown, epoch milliseconds. */
	at: number;
	/** As it stands in the address. */
	filter: string;
};

const flat = (value: Cell | object): Cell =>
	typeof value === "object" && value !== null ? JSON.stringify(value) : value;

/** A head and one line a row. */
export const csvOf = <Row>({ columns, rows }: Sheet<Row>): string =>
	[Object.keys(columns), ...rows.map((row) => Object.values(columns).map((column) => flat(column(row))))]
		.map(csvRow)
		.join("");

/** The same with what it is of, so that a file that was sent on still says so. */
export function jsonOf<Row>({ of, columns, rows, town, at, filter }: Sheet<Row>, address: string): string {
	const told = rows.map((row) =>
		Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, column(row) ?? null])),
	);
	const head = { townwatch: "list", of, town, at: new Date(at).toISOString(), filter, address };
	return `${JSON.stringify({ ...head, rows: told }, null, "\t")}\n`;
}

/** Columns that are fields of the row, by their names. */
export const fields = <Row extends object>(...names: (keyof Row & string)[]): Columns<Row> =>
	Object.fromEntries(names.map((name) => [name, (row: Row) => row[name] as Cell | object]));

/** A time in a cell; empty where it is not known. */
export const iso = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());
