import type { Sql } from "../live-ops/index.ts";

/** Tables and columns of GastownUserDO and GastownOrgDO (domain.md §1.2), and what their towns last told of themselves. */
export function createTables(sql: Sql): void {
	sql.run(`CREATE TABLE IF NOT EXISTS user_towns (
		id TEXT PRIMARY KEY, name TEXT NOT NULL, owner_user_id TEXT NOT NULL,
		created_at TEXT NOT NULL, updated_at TEXT NOT NULL)`);
	sql.run(`CREATE TABLE IF NOT EXISTS user_rigs (
		id TEXT PRIMARY KEY, town_id TEXT NOT NULL, name TEXT NOT NULL, git_url TEXT NOT NULL,
		default_branch TEXT NOT NULL DEFAULT 'main', platform_integration_id TEXT,
		created_at TEXT NOT NULL, updated_at TEXT NOT NULL)`);
	sql.run("CREATE INDEX IF NOT EXISTS user_rigs_by_town ON user_rigs (town_id)");
	createHealth(sql);
}

/** The one table of these that is not Gastown's. */
export function createHealth(sql: Sql): void {
	sql.run(
		"CREATE TABLE IF NOT EXISTS town_health (town_id TEXT PRIMARY KEY, summary TEXT NOT NULL, at TEXT NOT NULL)",
	);
}
