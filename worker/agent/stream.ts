import { eventOf, foldSignals, isForeign, isNoise } from "../../shared/conversation/index.ts";
import type { Position } from "../../shared/protocol/index.ts";
import type { Sql } from "../live-ops/index.ts";
import type { AppendResult, IngestEvent } from "../rpc.ts";
import { type CutBodies, cutProperties, storeBodies } from "./bodies.ts";
import type { StreamLimits } from "./limits.ts";
import { prune, pruneDue } from "./prune.ts";
import { redactEvents } from "./redactor.ts";
import { createStreamTables, emptyStream } from "./schema.ts";
import { type EventText, segmentsOf, storeSegments } from "./segments.ts";
import { loadState, PRODUCERS_KEPT, type StreamState, saveState, signalsText } from "./stream-state.ts";
import { type BatchUsage, foldUsage, noteUsage, type Work } from "./usage.ts";

export type Batch = Work & {
	/** Null where a host appends to its own stream and does not know whose it is: nobody reads it before it was claimed (STREAM-7). */
	town: string | null;
	agent: string;
	producer: string;
	/** Counted from 1 by each producer. */
	producerSeq: number;
	events: readonly IngestEvent[];
};

type Options = {
	sql: Sql;
	limits: () => StreamLimits;
	/** Epoch milliseconds. */
	clock: () => number;
	/** A value never given before: marks and epochs. */
	random: () => string;
};

/** What an append did, besides its answer: is there something new to show, to tell the town, and at once? */
export type Appended = { result: AppendResult; grew: boolean; told: boolean; urgent: boolean };

/**
 * An agent's stream in SQLite: append-only, exactly once, without secrets, of any size (STREAM-1 to 4, FEED-6). The work of
 * an append depends on the batch alone. State is held in memory and written with each append: what failed to commit is read
 * anew.
 */
export class AgentStream {
	state: StreamState;
	readonly sql: Sql;
	readonly #options: Options;

	constructor(options: Options) {
		this.#options = options;
		this.sql = options.sql;
		createStreamTables(this.sql);
		this.state = loadState(this.sql, options.random);
	}

	get head(): Position {
		const { epoch, seq, mark } = this.state;
		return { epoch, seq, mark };
	}

	/** Binds the stream to the first town that asks (STREAM-7). False when it is another's. */
	claim(town: string, agent: string): boolean {
		if (this.state.town !== null) return this.state.town === town;
		this.#write(() => {
			this.state.town = town;
			this.state.agent = agent;
		});
		return true;
	}

	/** Appends one batch, or says why not; a batch that was appended before changes nothing (STREAM-1). */
	append(batch: Batch, interval: number): Appended {
		const refuse = (code: "gap" | "foreign-town", expected: number, message: string): Appended => ({
			result: { ok: false, code, expected, message },
			grew: false,
			told: false,
			urgent: false,
		});
		if (batch.town === null) this.state.agent ??= batch.agent;
		else if (!this.claim(batch.town, batch.agent))
			return refuse("foreign-town", 0, "This agent belongs to another town.");
		const { producer, producerSeq } = batch;
		const last = this.state.producers.find((known) => known.producer === producer)?.seq ?? 0;
		if (producerSeq > last + 1)
			return refuse(
				"gap",
				last + 1,
				`Batch ${producerSeq} came before batch ${last + 1} of this producer: send that first.`,
			);
		const duplicate = producerSeq <= last;
		const before = this.state.seq;
		const stored = duplicate ? { told: false, urgent: false } : this.#write(() => this.#store(batch));
		return {
			result: { ok: true, seq: this.state.seq, interval, duplicate },
			grew: this.state.seq > before,
			...stored,
		};
	}

	/** Drops what is too old though nothing is appended any more. Answers when that is to be looked at again, or null. */
	prune(): number | null {
		const limits = this.#options.limits();
		this.#write(() => prune(this.sql, this.state, limits, this.#options.clock()));
		return pruneDue(this.sql, this.state, limits);
	}

	/** Forgets everything, the town it belonged to too (STREAM-3). */
	empty(): void {
		this.sql.transaction(() => emptyStream(this.sql));
		this.state = loadState(this.sql, this.#options.random);
	}

	/** Notes what the town has been told, up to `seq`. */
	reported(signals: string, seq: number): void {
		this.#write(() => {
			this.state.reported = { signals, seq, at: this.#options.clock() };
		});
	}

	/** One transaction around a change of `state` and what goes with it. When it fails, nothing of both stays. */
	#write<T>(change: () => T): T {
		try {
			return this.sql.transaction(() => {
				const result = change();
				saveState(this.sql, this.state);
				return result;
			});
		} catch (error) {
			this.state = loadState(this.sql, this.#options.random);
			throw error;
		}
	}

	#store(batch: Batch): Pick<Appended, "told" | "urgent"> {
		const { state, sql } = this;
		const limits = this.#options.limits();
		const at = this.#options.clock();
		const { texts, bodies, usage, urgent } = this.#fold(batch);
		const { attempt } = batch;
		const segments = segmentsOf(texts, { at, attempt }, this.#options.random, limits.segmentBytes);
		storeSegments(sql, segments);
		let added = storeBodies(sql, bodies, state.seq, limits.pieceCharacters);
		const used = foldUsage(sql, usage, batch);
		for (const { bytes, mark } of segments) {
			added += bytes;
			state.mark = mark;
		}
		state.bytes += added;
		state.unpruned += added;
		state.producers = [
			...state.producers.filter(({ producer }) => producer !== batch.producer),
			{ producer: batch.producer, seq: batch.producerSeq },
		].slice(-PRODUCERS_KEPT);
		if (state.unpruned > limits.pruneEveryBytes) prune(sql, state, limits, at);
		return { told: used || signalsText(state) !== state.reported.signals, urgent };
	}

	/** What is stored of a batch, and what it tells: signals go to the state as they come (STREAM-6). */
	#fold({ events }: Batch) {
		const { state } = this;
		const limits = this.#options.limits();
		const texts: EventText[] = [];
		const bodies: CutBodies = new Map();
		const usage: BatchUsage = new Map();
		let urgent = false;
		const told = events.filter(({ type }) => !isNoise(type));
		for (const { at, id, type, properties: clean } of redactEvents(state.held, told)) {
			const [properties, text] = cutProperties(clean, limits, bodies);
			const seq = ++state.seq;
			const head = `${seq},${Number.isFinite(at) ? at : 0},${JSON.stringify(id)},${JSON.stringify(type)}`;
			texts.push({ seq, text: `[${head},${text}]` });
			const event = eventOf([seq, at, id, type, properties]);
			urgent = foldSignals(state.signals, event, at).urgent || urgent;
			if (!isForeign(state.signals, event)) noteUsage(usage, event, seq);
		}
		return { texts, bodies, usage, urgent };
	}
}
