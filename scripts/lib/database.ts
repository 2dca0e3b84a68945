import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { runNode } from "./children.ts";
import { QUIET, ROOT } from "./settings.ts";

const WRANGLER = "node_modules/wrangler/bin/wrangler.js";
const MIGRATIONS = resolve(ROOT, "migrations");

/**
 * Brings the local D1 database of this state folder up to date, writes `rows` (SQL statements that may be repeated), and
 * checks that every table of the migrations is there. Throws naming a table that is missing. `signal` breaks it off.
 */
export async function prepareDatabase(state: string, rows: string[], signal: AbortSignal): Promise<void> {
	await d1(state, ["migrations", "apply", "townwatch"], signal);
	const ask = "SELECT group_concat(name) AS names FROM sqlite_master WHERE type = 'table'";
	const command = [...rows, ask].join(";\n");
	const output = await d1(state, ["execute", "townwatch", "--json", "--command", command], signal);
	const results = jsonIn(output) as { results: { names?: string }[] }[];
	const present = new Set((results.at(-1)?.results[0]?.names ?? "").split(","));
	const missing = expectedTables().filter((name) => !present.has(name));
	if (missing.length > 0)
		throw new Error(
			`The local database lacks ${missing.length > 1 ? "the tables" : "the table"} ${missing.join(", ")}, though ` +
				"every migration has been applied: one was edited after it ran. `npm run reset` forgets local state.",
		);
}

function d1(state: string, args: string[], signal: AbortSignal): Promise<string> {
	const [command = "", ...rest] = args;
	return runNode(
		`wrangler d1 ${command}`,
		[WRANGLER, "d1", command, ...rest, "--local", "--persist-to", state],
		{ ...process.env, ...QUIET, CI: "true" },
		signal,
	);
}

/** The JSON array that the output ends with; what stands before it, such as a warning, is passed over. */
export function jsonIn(output: string): unknown {
	const begin = /^\[\s*(?:[\]{]|$)/m.exec(output)?.index;
	if (begin === undefined) throw new Error(`wrangler answered no JSON:\n${output}`);
	return JSON.parse(output.slice(begin));
}

/** Names of the tables that the migrations create and do not drop again. */
function expectedTables(): string[] {
	const tables = new Set<string>();
	for (const file of readdirSync(MIGRATIONS).sort()) {
		const sql = readFileSync(resolve(MIGRATIONS, file), "utf8");
		for (const [, verb, name] of sql.matchAll(
			/^\s*(CREATE|DROP)\s+TABLE\s+(?:IF\s+(?:NOT\s+)?EXISTS\s+)?["`]?(\w+)/gim,
		)) {
			if (verb?.toUpperCase() === "CREATE") tables.add(name ?? "");
			else tables.delete(name ?? "");
		}
	}
	return [...tables];
}
