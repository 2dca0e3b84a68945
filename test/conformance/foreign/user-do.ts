import { DurableObject } from "cloudflare:workers";

/** The towns of a user, as Gastown's GastownUserDO keeps them. */
export class ForeignUserDO extends DurableObject {
	async createTown(id: string, name: string): Promise<void> {
		const { sql } = this.ctx.storage;
		sql.exec(`CREATE TABLE IF NOT EXISTS user_towns (
			id TEXT PRIMARY KEY, name TEXT NOT NULL, owner_user_id TEXT NOT NULL, created_at TEXT NOT NULL, updated_at TEXT NOT NULL)`);
		sql.exec(`CREATE TABLE IF NOT EXISTS user_rigs (
			id TEXT PRIMARY KEY, town_id TEXT NOT NULL, name TEXT NOT NULL, git_url TEXT NOT NULL,
			default_branch TEXT NOT NULL DEFAULT 'main', platform_integration_id TEXT, created_at TEXT NOT NULL, updated_at TEXT NOT NULL)`);
		sql.exec("INSERT INTO user_towns VALUES (?, ?, ?, '2026', '2026')", id, name, this.ctx.id.name ?? "");
	}
}
