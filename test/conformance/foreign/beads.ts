/** Rows of beads and agents, in the manner of Gastown: plain SQL at each call site, and nobody is told. */

const now = () => new Date().toISOString();

export function createTables(sql: SqlStorage): void {
	sql.exec(`CREATE TABLE IF NOT EXISTS beads (
		bead_id TEXT PRIMARY KEY, type TEXT NOT NULL, status TEXT NOT NULL DEFAULT 'open', title TEXT NOT NULL, body TEXT,
		rig_id TEXT, parent_bead_id TEXT, assignee_agent_bead_id TEXT, priority TEXT DEFAULT 'medium', labels TEXT DEFAULT '[]',
		metadata TEXT DEFAULT '{}', created_by TEXT, created_at TEXT NOT NULL, updated_at TEXT NOT NULL, closed_at TEXT)`);
	// Added later, as Gastown's were; and one that is of no concern to anybody else.
	for (const column of [
		"dispatch_attempts INTEGER DEFAULT 0",
		"last_dispatch_attempt_at TEXT",
		"lease_secret TEXT",
	]) {
		try {
			sql.exec(`ALTER TABLE beads ADD COLUMN ${column}`);
		} catch {
			// It is there already.
		}
	}
	sql.exec(`CREATE TABLE IF NOT EXISTS bead_events (
		bead_event_id TEXT PRIMARY KEY, bead_id TEXT NOT NULL, agent_id TEXT, event_type TEXT NOT NULL, old_value TEXT,
		new_value TEXT, metadata TEXT DEFAULT '{}', created_at TEXT NOT NULL)`);
	sql.exec(`CREATE TABLE IF NOT EXISTS bead_dependencies (
		bead_id TEXT NOT NULL, depends_on_bead_id TEXT NOT NULL, dependency_type TEXT NOT NULL DEFAULT 'blocks',
		UNIQUE (bead_id, depends_on_bead_id))`);
	sql.exec(`CREATE TABLE IF NOT EXISTS agent_metadata (
		bead_id TEXT PRIMARY KEY, role TEXT NOT NULL, identity TEXT NOT NULL UNIQUE, container_process_id TEXT,
		status TEXT NOT NULL DEFAULT 'idle', current_hook_bead_id TEXT, dispatch_attempts INTEGER DEFAULT 0, checkpoint TEXT,
		last_activity_at TEXT, agent_status_message TEXT, agent_status_updated_at TEXT, last_event_type TEXT,
		last_event_at TEXT, active_tools TEXT DEFAULT '[]', stalled_at TEXT)`);
	sql.exec(`CREATE TABLE IF NOT EXISTS rigs (
		id TEXT PRIMARY KEY, name TEXT NOT NULL, git_url TEXT DEFAULT '', default_branch TEXT DEFAULT 'main',
		config TEXT DEFAULT '{}', created_at TEXT NOT NULL)`);
}

export function createBead(sql: SqlStorage, bead: { id: string; title: string; body?: string }): void {
	sql.exec(
		"INSERT INTO beads (bead_id, type, title, body, created_at, updated_at) VALUES (?, 'issue', ?, ?, ?, ?)",
		...[bead.id, bead.title, bead.body ?? null, now(), now()],
	);
	logEvent(sql, bead.id, "created", null, "open");
}

export function createAgent(sql: SqlStorage, id: string, identity: string): void {
	sql.exec(
		"INSERT INTO beads (bead_id, type, title, created_at, updated_at) VALUES (?, 'agent', ?, ?, ?)",
		...[id, identity, now(), now()],
	);
	sql.exec("INSERT INTO agent_metadata (bead_id, role, identity) VALUES (?, 'polecat', ?)", id, identity);
}

export function updateBeadStatus(sql: SqlStorage, id: string, status: string): void {
	const [bead] = sql.exec<{ status: string }>("SELECT status FROM beads WHERE bead_id = ?", id).toArray();
	if (!bead) throw new Error(`Bead ${id} not found`);
	sql.exec(
		`UPDATE beads SET status = ?, updated_at = ?, closed_at = iif(? IN ('closed', 'failed'), ?, NULL) WHERE bead_id = ?`,
		...[status, now(), status, now(), id],
	);
	logEvent(sql, id, "status_changed", bead.status, status);
}

export function setPriority(sql: SqlStorage, id: string, priority: string): void {
	sql.exec("UPDATE beads SET priority = ?, updated_at = ? WHERE bead_id = ?", priority, now(), id);
}

export function hookBead(sql: SqlStorage, agent: string, bead: string): void {
	sql.exec(
		"UPDATE agent_metadata SET current_hook_bead_id = ?, status = 'working' WHERE bead_id = ?",
		...[bead, agent],
	);
	sql.exec("UPDATE beads SET assignee_agent_bead_id = ? WHERE bead_id = ?", agent, bead);
}

function logEvent(
	sql: SqlStorage,
	bead: string,
	type: string,
	old_value: string | null,
	new_value: string | null,
): void {
	sql.exec(
		`INSERT INTO bead_events (bead_event_id, bead_id, event_type, old_value, new_value, created_at)
		VALUES (?, ?, ?, ?, ?, ?)`,
		...[crypto.randomUUID(), bead, type, old_value, new_value, now()],
	);
}
