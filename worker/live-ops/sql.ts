/** A value that SQLite takes or gives. */
export type SqlValue = string | number | null | ArrayBuffer;

/** The one SQL helper of a Durable Object. Every call is synchronous, and throws what SQLite throws. */
export type Sql = {
	/** All rows of a statement. */
	all<T = Record<string, SqlValue>>(sql: string, ...bindings: SqlValue[]): T[];
	/** The first row, or null. */
	one<T = Record<string, SqlValue>>(sql: string, ...bindings: SqlValue[]): T | null;
	/** A statement whose rows nobody reads. */
	run(sql: string, ...bindings: SqlValue[]): void;
	/** All of `fn` or nothing of it; when it throws, so does this. */
	transaction<T>(fn: () => T): T;
};

/** What wants to know of each statement: the change log, to which cause a change belongs. */
export type SqlWatch = {
	before(): void;
	/** Not called for statements that only read. */
	wrote(): void;
	rolledBack(): void;
};

/** The part of an object's storage that live-ops writes through: of an object that is attached, as it was before it was hooked. */
export type SqlHost = {
	sql: Pick<SqlStorage, "exec">;
	transactionSync<T>(fn: () => T): T;
};

/** SQL on the storage of an object. Without a watch it is for tables that no admin sees. */
export function sqlOf(storage: SqlHost, watch?: SqlWatch): Sql {
	// Always read to the end: an unfinished RETURNING would keep its transaction from committing.
	const all = <T>(sql: string, ...bindings: SqlValue[]) => {
		watch?.before();
		const cursor = storage.sql.exec(sql, ...bindings);
		const rows = cursor.toArray();
		if (cursor.rowsWritten > 0) watch?.wrote();
		return rows as T[];
	};
	return {
		all,
		one: <T>(sql: string, ...bindings: SqlValue[]) => all<T>(sql, ...bindings)[0] ?? null,
		run: (sql, ...bindings) => {
			all(sql, ...bindings);
		},
		transaction: (fn) => {
			try {
				return storage.transactionSync(fn);
			} catch (error) {
				watch?.rolledBack();
				throw error;
			}
		},
	};
}
