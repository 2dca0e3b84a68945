import { type AgentEvent, type MessageInfo, modelOf, usageOf } from "../../shared/conversation/index.ts";
import type { Usage } from "../../shared/gastown/index.ts";
import type { Sql } from "../live-ops/index.ts";

/** Dispatch attempt and bead that a batch names (STREAM-4). */
export type Work = { attempt: string | null; bead: string | null };

const FIELDS = ["input", "output", "reasoning", "cache_read", "cache_write", "cost"] as const;
type Counts = Record<(typeof FIELDS)[number], number>;
type MessageRow = Counts & { message: string; attempt: string; model: string };

/** Newest usage of each message of a batch, by message id. */
export type BatchUsage = Map<string, { counts: Counts; model: string; seq: number }>;

/** Costs are kept as whole billionths of a dollar: sums of them are exact. */
const NANO = 1e9;

/** Notes what an event tells of a message's usage: totals of the message, repeated by each of its updates. */
export function noteUsage(batch: BatchUsage, event: AgentEvent, seq: number): void {
	if (event.type !== "message.updated") return;
	const info = event.properties.info as MessageInfo | undefined;
	const used = typeof info?.id === "string" ? usageOf(info) : null;
	if (!info || !used) return;
	const counts: Counts = {
		input: used.input,
		output: used.output,
		reasoning: used.reasoning,
		cache_read: used.cacheRead,
		cache_write: used.cacheWrite,
		cost: Math.round(used.cost * NANO),
	};
	if (FIELDS.every((field) => counts[field] === 0)) return;
	batch.set(info.id, { counts, model: modelOf(info), seq });
}

/**
 * Folds a batch into the totals, each message once (STREAM-4): what it counted before is taken back first. A message
 * belongs to the attempt in which it was first counted. True when a total changed.
 */
export function foldUsage(sql: Sql, batch: BatchUsage, work: Work): boolean {
	let changed = false;
	for (const [message, { counts, model, seq }] of batch) {
		const before = sql.one<MessageRow>("SELECT * FROM message_usage WHERE message = ?", message);
		if (before?.model === model && FIELDS.every((field) => before[field] === counts[field])) continue;
		const attempt = before?.attempt ?? work.attempt ?? "";
		if (before) add(sql, before.attempt, before.model, work.bead, before, -1, seq);
		add(sql, attempt, model, work.bead, counts, 1, seq);
		sql.run(
			`INSERT OR REPLACE INTO message_usage (message, attempt, model, ${FIELDS.join(", ")}, seq)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			message,
			attempt,
			model,
			...FIELDS.map((field) => counts[field]),
			seq,
		);
		changed = true;
	}
	return changed;
}

function add(
	sql: Sql,
	attempt: string,
	model: string,
	bead: string | null,
	counts: Counts,
	sign: 1 | -1,
	seq: number,
) {
	sql.run(
		`INSERT INTO total_usage (attempt, model, bead, ${FIELDS.join(", ")}, seq) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (attempt, model) DO UPDATE SET bead = coalesce(bead, excluded.bead), seq = excluded.seq,
		${FIELDS.map((field) => `${field} = ${field} + excluded.${field}`).join(", ")}`,
		attempt,
		model,
		bead,
		...FIELDS.map((field) => sign * counts[field]),
		seq,
	);
}

/** Totals that changed after `seq`, as rows of the town's `usage` table. `at` is an ISO time. */
export function usageAfter(sql: Sql, seq: number, agent: string, at: string): Usage[] {
	const rows = sql.all<Counts & { attempt: string; model: string; bead: string | null; seq: number }>(
		"SELECT * FROM total_usage WHERE seq > ?",
		seq,
	);
	return rows.map((row) => ({
		attempt_id: row.attempt,
		model: row.model,
		agent_id: agent,
		bead_id: row.bead,
		input_tokens: row.input,
		output_tokens: row.output,
		reasoning_tokens: row.reasoning,
		cache_read_tokens: row.cache_read,
		cache_write_tokens: row.cache_write,
		cost: row.cost / NANO,
		stream_seq: row.seq,
		at,
	}));
}
