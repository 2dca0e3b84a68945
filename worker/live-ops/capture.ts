import type { Table } from "../../shared/gastown/table.ts";
import { literal, quoted } from "./ddl.ts";
import { concat, keyExpression, rowExpression } from "./row-expression.ts";
import type { Sql } from "./sql.ts";

/** Every trigger of this name is ours: those that no descriptor asks for are dropped. */
const PREFIX = "capture_";

export type Trigger = { name: string; sql: string };

/** The triggers that write a table's changes into `change_log`, in the transaction of the write (FEED-1). */
export function captureTriggers(table: Table): Trigger[] {
	const key = (alias: string) => keyExpression(table, alias);
	const log = (op: "put" | "del", alias: string) =>
		`INSERT INTO change_log (entity, key, op, row) SELECT ${literal(table.name)}, ${key(alias)}, '${op}', ` +
		(op === "put" ? rowExpression(table, alias) : "NULL");
	const moved = table.key.map((column) => differs(column, false)).join(" OR ");
	return [
		trigger(table, "insert", "", `${log("put", "NEW")};`),
		trigger(
			table,
			"update",
			` WHEN ${concat(visibleDifferences(table), " OR ")}`,
			`${log("del", "OLD")} WHERE ${moved};\n\t${log("put", "NEW")};`,
		),
		trigger(table, "delete", "", `${log("del", "OLD")};`),
	];
}

/**
 * Makes the stored triggers exactly the generated ones: installs what is missing or differs, drops what is left over.
 * True when any was not there, so that writes may have gone past it.
 */
export function installCapture(sql: Sql, tables: readonly Table[]): boolean {
	const byName = (triggers: Trigger[]) => new Map(triggers.map((trigger) => [trigger.name, trigger.sql]));
	const stored = byName(sql.all<Trigger>("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"));
	const wanted = byName(tables.flatMap(captureTriggers));
	for (const [name, text] of stored)
		if (name.startsWith(PREFIX) && wanted.get(name) !== text) sql.run(`DROP TRIGGER ${quoted(name)}`);
	const missing = [...wanted].filter(([name, text]) => stored.get(name) !== text);
	for (const [, text] of missing) sql.run(text);
	return missing.length > 0;
}

/** The text is what `sqlite_master` keeps of it, so that the two can be compared. */
function trigger(table: Table, event: string, when: string, body: string): Trigger {
	const name = `${PREFIX}${table.name}_${event}`;
	const head = `CREATE TRIGGER ${quoted(name)} AFTER ${event.toUpperCase()} ON ${quoted(table.name)}`;
	return { name, sql: `${head}${when} BEGIN\n\t${body}\nEND` };
}

/** A write that changes nothing which can be seen is no change: heartbeats and the like stay out of the log. */
const visibleDifferences = (table: Table) =>
	Object.entries(table.columns).map(([name, column]) => differs(name, column.secret));

/** Of a masked value only whether there is one can be seen. */
function differs(column: string, secret: boolean): string {
	const [before, after] = [`OLD.${quoted(column)}`, `NEW.${quoted(column)}`];
	return secret ? `(${before} IS NULL) IS NOT (${after} IS NULL)` : `${before} IS NOT ${after}`;
}
