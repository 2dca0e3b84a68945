import type { Table } from "../../../shared/gastown/index.ts";
import { notTried, type Subject } from "./subject.ts";

type ColumnInfo = { name: string; type: string; notnull: number; dflt_value: unknown; pk: number };
export type Values = Record<string, string | number | null>;

/** A table to write to, as it really stands in the object. */
export type Target = {
	table: Table;
	/** A row of which every column that has to hold something does, named by `id`. */
	row(id: string): Values;
	/** The wire key of that row. */
	key(id: string): string;
	/** Columns of text that are shown and may hold anything. */
	texts: string[];
	secrets: string[];
	/** A shown column, beside the key, of which no two rows may hold the same value. */
	unique: string | null;
};

type Writing = Subject & Required<Pick<Subject, "exec" | "tables">>;

/** The subject, where the kit may write to it. */
export function writing(subject: Subject): Writing {
	if (!subject.exec || !subject.tables) notTried("needs to write: give a module, not an address");
	return subject as Writing;
}

/** The first table of this kind that fits, whose key is of text. */
export async function target(
	subject: Subject,
	kind: Table["kind"],
	fits: (target: Target) => boolean,
	needs: string,
): Promise<Target> {
	const { exec, tables } = writing(subject);
	for (const table of Object.values(tables)) {
		if (table.kind !== kind) continue;
		const [columns = [], indexes = []] = (await exec(
			["SELECT * FROM pragma_table_info(?)", table.name],
			[
				`SELECT i.name, group_concat(c.name) AS columns FROM pragma_index_list(?) i, pragma_index_info(i.name) c
				WHERE i."unique" AND i.origin != 'pk' GROUP BY i.name`,
				table.name,
			],
		)) as unknown as [ColumnInfo[], { columns: string }[]];
		if (columns.length === 0) continue;
		const found = describe(table, columns, new Set(indexes.map((index) => index.columns)));
		if (found && fits(found)) return found;
	}
	return notTried(needs);
}

function describe(table: Table, columns: ColumnInfo[], alone: ReadonlySet<string>): Target | null {
	const there = new Map(columns.map((column) => [column.name, column]));
	const typed = (name: string, type: string) => there.get(name)?.type.toUpperCase().startsWith(type) === true;
	if (!table.key.every((name) => typed(name, "TEXT"))) return null;
	const shown = Object.entries(table.columns).filter(
		([name]) => there.has(name) && !table.key.includes(name),
	);
	const texts = shown.flatMap(([name, { secret, json }]) =>
		typed(name, "TEXT") && !secret && !json && !alone.has(name) ? [name] : [],
	);
	return {
		table,
		texts,
		secrets: shown.flatMap(([name, { secret }]) => (secret && typed(name, "TEXT") ? [name] : [])),
		unique: shown.find(([name, { secret }]) => alone.has(name) && !secret)?.[0] ?? null,
		row: (id) =>
			Object.fromEntries(
				columns.flatMap(({ name, type, notnull, dflt_value }) => {
					if (table.key.includes(name) || alone.has(name)) return [[name, id]];
					if (!notnull || dflt_value !== null) return [];
					return [[name, type.toUpperCase().startsWith("TEXT") ? id : 0]];
				}),
			),
		key: (id) => (table.key.length === 1 ? id : JSON.stringify(table.key.map(() => id))),
	};
}

/** `verb` into the table these values: `INSERT`, `INSERT OR REPLACE`. */
export function insert(
	verb: string,
	{ table }: Target,
	values: Values,
): [string, ...(string | number | null)[]] {
	const names = Object.keys(values);
	const list = names.map((name) => `"${name}"`).join(", ");
	return [
		`${verb} INTO "${table.name}" (${list}) VALUES (${names.map(() => "?").join(", ")})`,
		...Object.values(values),
	];
}

export const where = ({ table }: Target) => table.key.map((name) => `"${name}" = ?`).join(" AND ");
export const keys = ({ table }: Target, id: string) => table.key.map(() => id);
