import { DurableObject } from "cloudflare:workers";

/** Rows that Gastown keeps of an agent (domain.md §1.5). */
const KEPT = 10_000;

/** What Gastown does with an agent's events: one row each, and after every one a prune of all that is not among the newest. */
export class GastownAgentDO extends DurableObject<Env> {
	constructor(ctx: DurableObjectState, env: Env) {
		super(ctx, env);
		ctx.storage.sql.exec(`CREATE TABLE IF NOT EXISTS rig_agent_events (
			id INTEGER PRIMARY KEY AUTOINCREMENT, agent_id TEXT NOT NULL, event_type TEXT NOT NULL,
			data TEXT NOT NULL, created_at TEXT NOT NULL)`);
		ctx.storage.sql.exec("CREATE INDEX IF NOT EXISTS by_agent ON rig_agent_events (agent_id, id)");
	}

	appendEvent(agent: string, type: string, data: unknown): void {
		const { sql } = this.ctx.storage;
		sql.exec(
			"INSERT INTO rig_agent_events (agent_id, event_type, data, created_at) VALUES (?, ?, ?, ?)",
			...[agent, type, JSON.stringify(data), new Date().toISOString()],
		);
		sql.exec(
			`DELETE FROM rig_agent_events WHERE agent_id = ? AND id NOT IN (
				SELECT id FROM rig_agent_events WHERE agent_id = ? ORDER BY id DESC LIMIT ${KEPT})`,
			...[agent, agent],
		);
	}

	/** Brings it to so many rows at once. */
	fill(agent: string, count: number): void {
		this.ctx.storage.sql.exec(
			`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
			 INSERT INTO rig_agent_events (agent_id, event_type, data, created_at)
			 SELECT ?, 'message.part.delta', '{"delta":"filling"}', '2026-11-22T12:00:00.000Z' FROM n`,
			...[count, agent],
		);
	}
}
