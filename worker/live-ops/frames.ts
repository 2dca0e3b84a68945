import type { Batch, Changes, Position } from "../../shared/protocol/index.ts";
import type { Page } from "../rpc.ts";
import type { Sql } from "./sql.ts";

/** `changes` from batch `from` to batch `to`, as the text that every viewer gets. */
export type Frame = { from: number; to: number; mark: string; text: string };

/** More than a frame has around its batches. */
const ENVELOPE_BYTES = 400;

/** `cause` is JSON text. */
type BatchRow = { first_seq: number; last_seq: number; at: number; cause: string | null; mark: string };

/**
 * Reads the log as text. What a trigger wrote as JSON is joined, never parsed and encoded again (SESSION-4), and frames
 * are cut at the ends of batches only (FEED-5).
 */
export class LogReader {
	readonly #sql: Sql;
	readonly #epoch: () => string;
	readonly #clock: () => number;

	constructor(sql: Sql, epoch: () => string, clock: () => number) {
		this.#sql = sql;
		this.#epoch = epoch;
		this.#clock = clock;
	}

	/** Mark of the batch that ends at `seq`; "" at 0, null where none ends there. */
	markAt(seq: number): string | null {
		if (seq === 0) return "";
		const row = this.#sql.one<{ mark: string }>("SELECT mark FROM change_batch WHERE last_seq = ?", seq);
		return row?.mark ?? null;
	}

	/** Frames after `seq`, each of at most `bytes` unless a single batch is larger. To be read within one turn. */
	*after(seq: number, bytes: number): Generator<Frame> {
		let first: BatchRow | null = null;
		let last: BatchRow | null = null;
		let texts: string[] = [];
		let size = 0;
		for (const batch of this.#batchesAfter(seq)) {
			const text = this.#batchText(batch);
			const more = Buffer.byteLength(text) + 1;
			if (first && last && size + more > bytes) {
				yield this.#frame(first, last, texts);
				first = null;
			}
			if (!first) {
				first = batch;
				texts = [];
				size = ENVELOPE_BYTES;
			}
			last = batch;
			texts.push(text);
			size += more;
		}
		if (first && last) yield this.#frame(first, last, texts);
	}

	/** Batches that end before `seq`, newest first; as many as `limit` and `bytes` allow, at least one if there is one. */
	before(seq: number | null, limit: number, bytes: number): { rows: Batch[]; more: boolean } {
		const batches = this.#sql.all<BatchRow>(
			"SELECT * FROM change_batch WHERE last_seq < ? ORDER BY last_seq DESC LIMIT ?",
			seq ?? Number.MAX_SAFE_INTEGER,
			limit + 1,
		);
		const rows: Batch[] = [];
		let size = 0;
		for (const batch of batches.slice(0, limit)) {
			const text = this.#batchText(batch);
			size += Buffer.byteLength(text);
			if (rows.length > 0 && size > bytes) break;
			rows.push(JSON.parse(text) as Batch);
		}
		return { rows, more: rows.length < batches.length };
	}

	/** In slices, so that a long log is not in memory at once. */
	*#batchesAfter(seq: number): Generator<BatchRow> {
		const slice = 500;
		for (let after = seq; ; ) {
			const batches = this.#sql.all<BatchRow>(
				"SELECT * FROM change_batch WHERE last_seq > ? ORDER BY last_seq LIMIT ?",
				after,
				slice,
			);
			yield* batches;
			const last = batches.at(-1);
			if (!last || batches.length < slice) return;
			after = last.last_seq;
		}
	}

	#batchText({ first_seq, last_seq, at, cause, mark }: BatchRow): string {
		const changes = this.#sql.all<{ text: string }>(
			`SELECT '[' || seq || ',"' || entity || '",' || json_quote(key) || ',"' || op || '",' || coalesce(row, 'null') || ']'
			AS text FROM change_log WHERE seq BETWEEN ? AND ? ORDER BY seq`,
			first_seq,
			last_seq,
		);
		return (
			`{"from":${first_seq},"to":${last_seq},"at":${at},"cause":${cause ?? "null"},"mark":${JSON.stringify(mark)},` +
			`"changes":[${changes.map((change) => change.text).join(",")}]}`
		);
	}

	/** The payload comes last, so that a session reads what it passes on without parsing it. */
	#frame({ first_seq: from }: BatchRow, { last_seq: to, mark }: BatchRow, batches: string[]): Frame {
		const envelope = JSON.stringify({
			t: "changes",
			epoch: this.#epoch(),
			from,
			to,
			mark,
			sent_at: this.#clock(),
		} satisfies Omit<Changes, "batches">);
		return { from, to, mark, text: `${envelope.slice(0, -1)},"batches":[${batches.join(",")}]}` };
	}
}

/** The frames that follow a cursor, about `bytes` in all but at least one if there is one. */
export function pageOf(frames: Iterable<Frame>, cursor: Position, bytes: number): Page {
	const page: Extract<Page, { frames: unknown }> = { frames: [], position: cursor, more: false };
	let left = bytes;
	for (const { from, to, mark, text } of frames) {
		if (page.frames.length > 0 && text.length > left) return { ...page, more: true };
		page.frames.push({ from, to, text });
		left -= text.length;
		page.position = { ...cursor, seq: to, mark };
	}
	return page;
}
