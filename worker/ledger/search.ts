import type { LedgerRow } from "../../shared/interventions/chain.ts";
import type { FoundStory, LedgerFilter } from "../../shared/ledger/search.ts";
import { entryOf } from "../admin-session/ledger/ledger.ts";
import { anyCase, type Directory } from "../directory/index.ts";

/** A place in the list, newest first: `at`, `n` and the town, whose id may hold dots. */
type Cursor = { at: number; n: number; town: string };
type Found = Cursor & { id: string; name: string | null };

/** Null for a text that is no cursor. */
export function parseCursor(text: string): Cursor | null {
	const match = /^(\d{1,15})\.(\d{1,15})\.(.+)$/.exec(text);
	return match ? { at: Number(match[1]), n: Number(match[2]), town: match[3] ?? "" } : null;
}
const formatCursor = ({ at, n, town }: Cursor): string => `${at}.${n}.${town}`;

/**
 * What fits, newest first, from the mirror, with every row of each. Rejects when D1 or the directory cannot be read, so that an outage never
 * looks like nothing done.
 */
export async function searchLedger(
	db: D1Database,
	directory: Directory,
	filter: LedgerFilter,
	before: Cursor | null,
	limit: number,
): Promise<{ stories: FoundStory[]; next: string | null }> {
	const towns = filter.user === undefined ? null : await townsOfUser(db, directory, filter.user);
	const { sql, values } = searchStatement(filter, towns, before, limit + 1);
	const found = await db
		.prepare(sql)
		.bind(...values)
		.all<Found>();
	const page = found.results.slice(0, limit);
	const last = page.at(-1);
	const rows = await rowsOf(db, page);
	return {
		stories: page.map(({ town, id, name }) => ({
			town,
			town_name: name,
			entries: (rows.get(`${town} ${id}`) ?? []).map(entryOf),
		})),
		next: last && found.results.length > limit ? formatCursor(last) : null,
	};
}

/** The one statement of a search. Every filter but the text has an index, which brings its rows in order of time. */
export function searchStatement(
	filter: LedgerFilter,
	towns: string[] | null,
	before: Cursor | null,
	limit: number,
): { sql: string; values: (string | number)[] } {
	const values: (string | number)[] = [];
	const bind = (value: string | number) => `?${values.push(value)}`;
	const all: string[] = [];
	const { admin, town, target, action, outcome, from, to, q, without } = filter;
	if (admin !== undefined) {
		const who = bind(admin);
		all.push(`(s.admin_id = ${who} OR s.admin_email = ${who} OR s.admin_name = ${who})`);
	}
	if (target !== undefined) {
		const what = bind(target);
		all.push(`(s.target = ${what} OR s.target_name = ${what})`);
	}
	if (town !== undefined) {
		const which = bind(town);
		all.push(`s.town IN (SELECT ${which} UNION SELECT town FROM ledger_towns WHERE name = ${which})`);
	}
	if (towns !== null) all.push(`s.town IN (SELECT value FROM json_each(${bind(JSON.stringify(towns))}))`);
	if (action !== undefined) all.push(`s.action = ${bind(action)}`);
	if (outcome !== undefined) all.push(`s.outcome = ${bind(outcome)}`);
	if (without !== undefined) all.push(`s.action <> ${bind(without)}`);
	if (from !== undefined) all.push(`s.at >= ${bind(Date.parse(from))}`);
	if (to !== undefined) all.push(`s.at <= ${bind(Date.parse(to))}`);
	if (q !== undefined) {
		const { values: parts, holds } = anyCase(q);
		all.push(holds("s.words", values.length + 1));
		values.push(...parts);
	}
	if (before) all.push(`(s.at, s.town, s.n) < (${bind(before.at)}, ${bind(before.town)}, ${bind(before.n)})`);
	const where = all.length > 0 ? `WHERE ${all.join(" AND ")}` : "";
	const sql = `SELECT s.town, s.id, s.n, s.at, t.name FROM ledger_stories s LEFT JOIN ledger_towns t ON t.town = s.town
		${where} ORDER BY s.at DESC, s.town DESC, s.n DESC LIMIT ${bind(limit)}`;
	return { sql, values };
}

/** Ids of the towns of a person, given by id or email, and of their organisations, as far as their ledgers are mirrored. */
async function townsOfUser(db: D1Database, directory: Directory, user: string): Promise<string[]> {
	const id = (await directory.find({ email: user }))?.id ?? user;
	const orgs = ((await directory.membershipsOf([id])).get(id) ?? []).map((org) => org.id);
	const { results } = await db
		.prepare(
			`SELECT town FROM ledger_towns WHERE owner_type = 'user' AND owner_id = ?1
			 UNION
			 SELECT town FROM ledger_towns WHERE owner_type = 'org' AND owner_id IN (SELECT value FROM json_each(?2))`,
		)
		.bind(id, JSON.stringify(orgs))
		.all<{ town: string }>();
	return results.map(({ town }) => town);
}

/** Rows of these stories by `town id`, oldest first. */
async function rowsOf(
	db: D1Database,
	stories: readonly { town: string; id: string }[],
): Promise<Map<string, (LedgerRow & { town: string })[]>> {
	const { results } = await db
		.prepare("SELECT * FROM ledger WHERE id IN (SELECT value FROM json_each(?)) ORDER BY n")
		.bind(JSON.stringify([...new Set(stories.map(({ id }) => id))]))
		.all<LedgerRow & { town: string }>();
	return Map.groupBy(results, ({ town, id }) => `${town} ${id}`);
}
