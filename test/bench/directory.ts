import { freePorts } from "../../scripts/lib/free-ports.ts";
import { PostgresDirectory } from "../../worker/directory/postgres.ts";
import { openAs, startPostgres } from "../support/postgres.ts";
import { figure, markdown, medianOf, timed } from "./figures.ts";

const PEOPLE = 1_000_000;
const REPEATS = 5;

const SEARCHES: [string, string][] = [
	["a whole email", "person.777777@94f6d7e04a.test"],
	["the beginning of an email", "person.77777"],
	["part of an email", "77777@9"],
	["part of an id", "827ccb0eea8a"],
	["part of a name", "ghijk 7"],
	["what everybody's email holds", "person"],
	["two letters, which no trigram holds", "77"],
	["what nobody holds", "no such person"],
	["nothing", ""],
];

/** Milliseconds of a search in Gastown's own Postgres with a million people, connection included. */
export async function benchDirectory(): Promise<string> {
	const server = await startPostgres(await freePorts());
	try {
		const sql = openAs(server, "postgres");
		await sql`INSERT INTO kilocode_users (id, google_user_email, google_user_name)
			SELECT 'oauth/google:' || md5(n::text), 'person.' || n || '@' || left(md5((n % 5000)::text), 10) || '.test',
				initcap(translate(md5((n * 7)::text), '0123456789', 'ghijklmnop')) || ' ' || n
			FROM generate_series(1, ${PEOPLE}::int) n`;
		await sql`VACUUM ANALYZE kilocode_users`;
		const directory = new PostgresDirectory(server.urlOf("townwatch_reader"));
		const measure = async () => {
			const times: number[] = [];
			for (const [, text] of SEARCHES)
				times.push(await medianOf(REPEATS, () => timed(() => directory.search(text, 25))));
			return times;
		};
		const withTrigrams = await measure();
		await sql`DROP INDEX kilocode_users_by_part`;
		const without = await measure();
		await sql.end();
		return markdown(
			[`search among ${figure(PEOPLE)} people`, "ms", "ms without pg_trgm"],
			SEARCHES.map(([name], n) => [name, figure(withTrigrams[n] ?? 0), figure(without[n] ?? 0)]),
		);
	} finally {
		await server.stop();
	}
}
