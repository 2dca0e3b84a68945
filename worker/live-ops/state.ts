import type { Table } from "../../shared/gastown/table.ts";
import type { Position, ResetReason } from "../../shared/protocol/index.ts";
import type { Clean } from "./clean.ts";
import { quoted } from "./ddl.ts";
import { rowExpression } from "./row-expression.ts";
import type { SqlHost } from "./sql.ts";

type Options = {
	storage: SqlHost;
	tables: readonly Table[];
	position: Position;
	reason: ResetReason;
	/** Largest chunk, unless a single row is larger. */
	bytes: number;
	clean: Clean;
};

/**
 * The whole state as `state` messages (FEED-3): every row of every state table, by the very expression that triggers use.
 * To be read within one turn, else it would not be the state at one position.
 */
export function* stateChunks({
	storage,
	tables,
	position,
	reason,
	bytes,
	clean,
}: Options): Generator<string> {
	const shown = tables.filter((table) => table.kind === "state");
	let total = 0;
	for (const table of shown)
		total += storage.sql.exec<{ n: number }>(`SELECT count(*) AS n FROM ${quoted(table.name)}`).one().n;
	const chunk = (part: number, last: boolean, tables: string[]) =>
		`{"t":"state","position":${JSON.stringify(position)},"reason":"${reason}","part":${part},"last":${last},` +
		`"total":${total},"tables":[${tables.join(",")}]}`;

	const envelope = Buffer.byteLength(chunk(1_000_000, false, []));
	let part = 0;
	let size = envelope;
	let full: string[] = [];
	for (const table of shown) {
		const label = JSON.stringify(table.name);
		const close = (rows: string[]) => full.push(`[${label},[${rows.join(",")}]]`);
		let rows: string[] = [];
		size += label.length + 6;
		const cursor = storage.sql.exec<{ row: string }>(
			`SELECT ${rowExpression(table, quoted(table.name))} AS row FROM ${quoted(table.name)}`,
		);
		for (const found of cursor) {
			const row = clean(found.row);
			const more = Buffer.byteLength(row) + 1;
			if (size + more > bytes && (rows.length > 0 || full.length > 0)) {
				if (rows.length > 0) close(rows);
				yield chunk(part++, false, full);
				full = [];
				rows = [];
				size = envelope + label.length + 6;
			}
			rows.push(row);
			size += more;
		}
		if (rows.length > 0) close(rows);
	}
	yield chunk(part, true, full);
}
