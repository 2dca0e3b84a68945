import { DurableObject } from "cloudflare:workers";

/** Rows kept; Gastown keeps the newest 10,000. */
const KEPT = 50;

/** An agent of somebody else: a row an event, pruned with each, and nobody can subscribe (Gastown's, in its own manner). */
export class ForeignAgentDO extends DurableObject {
	#made = false;

	async appendEvent(type: string, data: unknown): Promise<number> {
		const { sql } = this.ctx.storage;
		if (!this.#made)
			sql.exec(`CREATE TABLE IF NOT EXISTS rig_agent_events (
				id INTEGER PRIMARY KEY AUTOINCREMENT, agent_id TEXT NOT NULL, event_type TEXT NOT NULL, data TEXT NOT NULL,
				created_at TEXT NOT NULL)`);
		this.#made = true;
		const { id } = sql
			.exec<{ id: number }>(
				"INSERT INTO rig_agent_events (agent_id, event_type, data, created_at) VALUES (?, ?, ?, ?) RETURNING id",
				...["agent", type, JSON.stringify(data), new Date().toISOString()],
			)
			.one();
		sql.exec(
			"DELETE FROM rig_agent_events WHERE id NOT IN (SELECT id FROM rig_agent_events ORDER BY id DESC LIMIT ?)",
			KEPT,
		);
		return id;
	}

	async getEvents(after = 0): Promise<unknown[]> {
		return this.ctx.storage.sql
			.exec("SELECT * FROM rig_agent_events WHERE id > ? ORDER BY id", after)
			.toArray();
	}

	async destroy(): Promise<void> {
		await this.ctx.storage.deleteAll();
		this.#made = false;
	}
}
