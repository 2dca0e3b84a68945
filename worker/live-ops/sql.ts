/** A value that SQLite takes or gives. */
export type SqlValue = string | number | null | ArrayBuffer;

/** The one SQL helper of a Durable Object; every call is synchronous. */
export type Sql = {
	/** All rows of a statement. */
	all<T = Record<string, SqlValue>>(sql: string, ...bindings: SqlValue[]): T[];
	/** The first row, or null. */
	one<T = Record<string, SqlValue>>(sql: string, ...bindings: SqlValue[]): T | null;
	/** A statement whose rows nobody reads. */
	run(sql: string, ...bindings: SqlValue[]): void;
};

/** Plain access to storage, for tables that no admin sees. Throws what SQLite throws. */
export function plainSql(storage: DurableObjectStorage): Sql {
	const exec = (sql: string, bindings: SqlValue[]) => storage.sql.exec(sql, ...bindings);
	return {
		all: <T>(sql: string, ...bindings: SqlValue[]) => exec(sql, bindings).toArray() as T[],
		one: <T>(sql: string, ...bindings: SqlValue[]) => {
			const first = exec(sql, bindings).next();
			return first.done ? null : (first.value as T);
		},
		run: (sql, ...bindings) => {
			exec(sql, bindings);
		},
	};
}
