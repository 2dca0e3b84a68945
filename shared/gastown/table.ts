import { z } from "zod";

/**
 * One description of a table gives its CREATE statement, its capture triggers, its masks and its zod schema
 * (FEED-1). Only SQLite types that survive JSON are allowed; a JSON column is stored as text and travels as JSON.
 */
export type Column<T = unknown> = {
	readonly sql: "TEXT" | "INTEGER" | "REAL" | "BLOB";
	readonly schema: z.ZodType<T>;
	/** Holds JSON text: embedded as JSON on the wire where it is valid, as a string where it is not. */
	readonly json: boolean;
	/** Never leaves the object: the wire shows `"masked"` where there is a value, null where there is none (FEED-6). */
	readonly secret: boolean;
	/** SQL literal after DEFAULT, e.g. `'open'` or `0`. */
	readonly default?: string;
	readonly notNull: boolean;
};

export type Columns = Record<string, Column>;

/** `state` rows are part of every state a viewer gets; `journal` rows are live as changes and read back by `query` (FEED-4). */
export type TableKind = "state" | "journal";

export type Table<C extends Columns = Columns> = {
	readonly name: string;
	readonly kind: TableKind;
	/** Columns of the primary key, in order. The wire key is the value itself, or a JSON array for several. */
	readonly key: readonly string[];
	readonly columns: C;
	/** Indexed column lists. A name starting with `unique ` makes the index unique. */
	readonly indexes: readonly string[];
	/** One row as it travels: unknown columns are kept, unknown enum values are plain strings. */
	readonly row: z.ZodType<RowOf<C>>;
};

type RowOf<C extends Columns> = {
	[K in keyof C]: C[K] extends Column<infer T> ? T : never;
} & {
	/** True lengths, in characters, of text columns whose value is only a head of 4,096 characters. */
	_cut?: Record<string, number>;
};

/** The row type of a table descriptor. */
export type Row<T> = T extends Table<infer C> ? RowOf<C> : never;

type Options = { default?: string; notNull?: boolean };

const column = <T>(
	sql: Column["sql"],
	schema: z.ZodType<T>,
	options: Options & Partial<Column>,
): Column<T> => ({
	sql,
	schema,
	json: options.json ?? false,
	secret: options.secret ?? false,
	default: options.default,
	notNull: options.notNull ?? false,
});

/** Text that is always there. */
export const text = (options: Options = {}): Column<string> =>
	column("TEXT", z.string(), { ...options, notNull: true });
export const textOrNull = (options: Options = {}): Column<string | null> =>
	column("TEXT", z.string().nullable(), options);
export const integer = (options: Options = {}): Column<number> =>
	column("INTEGER", z.number(), { ...options, notNull: true });
export const integerOrNull = (options: Options = {}): Column<number | null> =>
	column("INTEGER", z.number().nullable(), options);
export const realOrNull = (options: Options = {}): Column<number | null> =>
	column("REAL", z.number().nullable(), options);
export const real = (options: Options = {}): Column<number> =>
	column("REAL", z.number(), { ...options, notNull: true });
/** JSON text of a known shape; a value of another shape is kept as it came (never breaks a list). */
export const json = <T>(schema: z.ZodType<T>, options: Options = {}): Column<T> =>
	column("TEXT", schema, { ...options, json: true });
/** A value that is masked in the change log and in every state. */
export const secret = (options: Options = {}): Column<string | null> =>
	column("TEXT", z.string().nullable(), { ...options, secret: true });

/** Describes a table. `key` names the primary key columns, `indexes` are column lists such as `"type, status"`. */
export function table<const C extends Columns>(
	name: string,
	kind: TableKind,
	key: readonly (keyof C & string)[],
	columns: C,
	indexes: readonly string[] = [],
): Table<C> {
	const shape: Record<string, z.ZodType> = { _cut: z.record(z.string(), z.number()).optional() };
	for (const [column, { schema, json }] of Object.entries(columns))
		shape[column] = json ? schema.or(z.unknown()) : schema;
	return { name, kind, key, columns, indexes, row: z.looseObject(shape) as unknown as z.ZodType<RowOf<C>> };
}
