import { execFile, spawn } from "node:child_process";
import { chown, mkdtemp, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import type Postgres from "postgres";
import { ROOT } from "../../scripts/lib/settings.ts";
import { postgresPrograms } from "./postgres-programs.ts";

// Vitest would resolve it as for the worker whose tests this serves.
const postgres: typeof Postgres = createRequire(import.meta.url)("postgres");

const run = promisify(execFile);

export type Server = { urlOf(role: string): string; stop(): Promise<void> };

/**
 * A real Postgres of this run alone, on loopback, that holds Gastown's tables with the role and the indexes of
 * deploy/postgres. It takes seconds of a core; `stop` forgets it. Rejects with a plain sentence where there is none to run.
 */
export async function startPostgres(port: number): Promise<Server> {
	const folder = await mkdtemp(join(tmpdir(), "townwatch-postgres-"));
	const bin = await postgresPrograms(folder);
	const as = await whoRunsIt();
	if (as) await chown(folder, as.uid, as.gid);
	const data = join(folder, "data");
	const options = { cwd: folder, ...as };
	const words = ["--auth=trust", "--username=postgres", "--no-sync", "--encoding=UTF8", "--locale=C.UTF-8"];
	await run(join(bin, "initdb"), ["-D", data, ...words], options);
	const settings = { listen_addresses: "127.0.0.1", unix_socket_directories: folder, fsync: "off" };
	const flags = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
	const program = spawn(join(bin, "postgres"), ["-D", data, "-p", String(port), ...flags], {
		...options,
		stdio: ["ignore", "ignore", "pipe"],
	});
	let said = "";
	program.stderr.on("data", (text) => {
		said = `${said}${text}`.slice(-4_000);
	});
	const ended = new Promise<void>((done) => program.once("exit", () => done()));
	const stop = async () => {
		// Ends its sessions and itself at once, without their leave.
		program.kill("SIGINT");
		await ended;
		await rm(folder, { recursive: true, force: true });
	};
	const urlOf = (role: string) => `postgres://${role}:unused@127.0.0.1:${port}/postgres`;
	const server = { urlOf, stop };
	const sql = openAs(server, "postgres");
	try {
		await answers(sql, () => program.exitCode);
		for (const file of [
			"test/worker/directory/gastown.sql",
			"deploy/postgres/reader.sql",
			"deploy/postgres/indexes.sql",
		])
			await runFile(sql, file);
	} catch (error) {
		await stop();
		throw new Error(`Postgres did not start: ${String(error)}\n${said}`);
	} finally {
		await sql.end();
	}
	return server;
}

/** One connection; whoever opens it ends it. */
export const openAs = (server: Server, role: string): Postgres.Sql =>
	postgres(server.urlOf(role), { max: 1, connect_timeout: 1, onnotice: () => {} });

/** Statement by statement: an index cannot be built beside the traffic within a transaction, as several at once are. */
async function runFile(sql: Postgres.Sql, file: string): Promise<void> {
	const text = await readFile(resolve(ROOT, file), "utf8");
	for (const statement of text.replace(/^--.*$/gm, "").split(/;\s*$/m)) {
		if (statement.trim()) await sql.unsafe(statement);
	}
}

async function answers(sql: Postgres.Sql, exitCode: () => number | null): Promise<void> {
	const end = Date.now() + 30_000;
	while (true)
		try {
			return void (await sql`SELECT 1`);
		} catch (error) {
			if (exitCode() !== null || Date.now() > end) throw error;
			await new Promise((next) => setTimeout(next, 50));
		}
}

/** The server refuses to be root's: it is then run as somebody who owns nothing else. */
async function whoRunsIt(): Promise<{ uid: number; gid: number } | null> {
	if (process.getuid?.() !== 0) return null;
	const ask = async (flag: string) => Number((await run("id", [flag, "nobody"])).stdout);
	return { uid: await ask("-u"), gid: await ask("-g") };
}
