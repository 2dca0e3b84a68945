import { z } from "zod";
import type { Effect } from "../../../shared/interventions/catalogue-entry.ts";
import { type Receipt, receipt } from "../../../shared/interventions/receipt.ts";
import type { Agenda, Sql } from "../../live-ops/index.ts";
import { logFailure } from "../../log.ts";
import type { TownRpc } from "../../rpc.ts";
import type { Ledger } from "./ledger.ts";
import { isListed, isSeen, newRows, type RowSeen } from "./seen.ts";

/** Names of their entries in the agenda, followed by `:` and the intervention's id. */
export const PROOF = "proof";
/** No proof is awaited longer, so that the object may sleep (SESSION-8). */
const LONGEST_MS = 300_000;

const waiting = z.object({
	/** When the outcome was written; times in epoch milliseconds of the session. */
	since: z.number(),
	/** When `missing` is given up; null when the proof is written and only the finding is watched. */
	proofBy: z.number().nullable(),
	/** When the finding is no longer watched. */
	until: z.number(),
	/** Town's clock of the receipt: an older diagnosis says nothing about its effect. */
	appliedAt: z.number(),
	seq: z.number(),
	missing: receipt.shape.effects,
	/** `findingKey` of the finding acted on; null where there was none. */
	finding: z.string().nullable(),
	/** It is told cleared: now it is watched for coming back. */
	cleared: z.boolean().default(false),
});
type Waiting = z.infer<typeof waiting>;
const effectsOf = z.array(z.object({ label: z.string() }));

type Options = {
	sql: Sql;
	agenda: Agenda;
	ledger: Ledger;
	clock: () => number;
	rows: TownRpc["rows"];
	/** The feed is held open while something is awaited. */
	hold(): void;
	release(): void;
	/** Seq of the town's feed now. */
	seq(): number;
};

/** The key of the row that holds the town's diagnosis. */
const HEALTH = { entity: "town_state", key: "health" };

/**
 * Waits until the feed shows what an intervention was to bring about, and then that its finding has cleared, or has come
 * back within its time (LEDGER-8): looked up once, then watched in passing frames, which are parsed only while something is
 * awaited.
 */
export class Proofs {
	readonly #options: Options;
	readonly #waiting = new Map<string, Waiting>();

	/** Takes up what an evicted instance was waiting for. */
	constructor(options: Options) {
		this.#options = options;
		options.sql.run(
			"CREATE TABLE IF NOT EXISTS proofs (id TEXT PRIMARY KEY, data TEXT NOT NULL) WITHOUT ROWID",
		);
		for (const { id, data } of options.sql.all<{ id: string; data: string }>("SELECT * FROM proofs"))
			this.#takeUp(id, data);
	}

	/** A row that another version wrote must not keep the session from waking: it is told as not seen, and given up. */
	#takeUp(id: string, data: string): void {
		const row = waiting.safeParse(JSON.parse(data));
		if (row.success) {
			this.#waiting.set(id, row.data);
			return;
		}
		logFailure("proof", { id }, row.error);
		const steps = this.#options.ledger.of(id);
		const outcome = steps.findLast(({ step }) => step === "outcome");
		if (outcome && !steps.some(({ step }) => step === "proof"))
			this.#append(id, "proof", {
				seen: false,
				ms: this.#options.clock() - outcome.at,
				seq: this.#options.seq(),
				missing: effectsOf
					.catch([])
					.parse(outcome.body.effects)
					.map(({ label }) => label),
			});
		this.#forget(id);
	}

	/** Goes on after a wake. */
	resume(): void {
		if (this.#waiting.size > 0) this.#options.hold();
	}

	/** Begins to wait for an applied intervention; call it in the turn that writes its outcome. */
	begin(id: string, { effects, within, seq, at }: Receipt, finding: string | null): void {
		if (effects.length === 0 && !finding) return;
		const now = this.#options.clock();
		this.#put(id, {
			since: now,
			proofBy: effects.length === 0 ? null : now + Math.min(within, LONGEST_MS),
			until: now + LONGEST_MS,
			appliedAt: at,
			seq,
			missing: effects,
			finding,
			cleared: false,
		});
		this.#options.hold();
	}

	/** Looks up what is awaited: after `begin`, and when the feed has restarted. Frames may pass meanwhile. */
	async lookUp(): Promise<void> {
		for (const [id, { missing, finding, proofBy }] of [...this.#waiting]) {
			const keys = proofBy === null ? [] : missing.map(({ entity, key }) => ({ entity, key }));
			if (finding) keys.push(HEALTH);
			const rows = await this.#options.rows(keys);
			this.#see(
				id,
				keys.map((key, index) => ({ ...key, row: rows[index] ?? null })),
			);
		}
	}

	/** A frame of the town's feed passes. */
	frame(text: string): void {
		if (this.#waiting.size === 0) return;
		const rows = newRows(text);
		for (const id of [...this.#waiting.keys()]) this.#see(id, rows);
	}

	/** The time is over: what was not seen by now is missing. Rejects when the town cannot be read: it is then tried again. */
	async due(id: string): Promise<void> {
		if (!this.#waiting.has(id)) return;
		await this.lookUp();
		const entry = this.#waiting.get(id);
		if (!entry) return;
		const now = this.#options.clock();
		if (entry.proofBy !== null && now >= entry.proofBy) this.#prove(id, entry);
		if (now >= entry.until) this.#drop(id);
	}

	#see(id: string, rows: RowSeen[]): void {
		const entry = this.#waiting.get(id);
		if (!entry) return;
		if (entry.proofBy !== null) {
			const missing = entry.missing.filter((effect) => !rows.some((row) => isSeen(effect as Effect, row)));
			if (missing.length !== entry.missing.length) this.#put(id, { ...entry, missing });
			if (missing.length === 0) this.#prove(id, { ...entry, missing });
		}
		// A finding can clear only by what was done, so not before it was seen.
		for (const row of rows)
			if (row.entity === HEALTH.entity && row.key === HEALTH.key) this.#diagnosed(id, row.row);
	}

	/** A diagnosis: the finding has cleared, once, or has come back, which ends the watch. */
	#diagnosed(id: string, row: unknown): void {
		const entry = this.#waiting.get(id);
		if (!entry?.finding || entry.proofBy !== null) return;
		const { finding, since, appliedAt } = entry;
		const listed = isListed(row, finding, appliedAt);
		if (listed === null || listed !== entry.cleared) return;
		const cleared = !listed;
		this.#append(id, "cleared", { cleared, finding, ms: this.#options.clock() - since });
		if (cleared) this.#put(id, { ...entry, cleared });
		else this.#drop(id);
	}

	/** Writes the proof: seen when nothing is missing. */
	#prove(id: string, entry: Waiting): void {
		this.#append(id, "proof", {
			seen: entry.missing.length === 0,
			ms: this.#options.clock() - entry.since,
			seq: Math.max(entry.seq, this.#options.seq()),
			missing: entry.missing.map(({ label }) => label),
		});
		if (!entry.finding) return void this.#drop(id);
		this.#put(id, { ...entry, proofBy: null, missing: [] });
		this.#readDiagnosis(id).catch((error: unknown) => logFailure("proof", { id }, error));
	}

	/** It may have changed before the last effect came, which nothing tells again. */
	async #readDiagnosis(id: string): Promise<void> {
		const [row] = await this.#options.rows([HEALTH]);
		this.#diagnosed(id, row ?? null);
	}

	#append(id: string, step: "proof" | "cleared", body: Record<string, unknown>): void {
		this.#options.ledger.append({ id, step, admin: null, body });
	}

	#put(id: string, entry: Waiting): void {
		this.#waiting.set(id, entry);
		this.#options.sql.run(
			"INSERT OR REPLACE INTO proofs (id, data) VALUES (?, ?)",
			id,
			JSON.stringify(entry),
		);
		this.#options.agenda.set(`${PROOF}:${id}`, entry.proofBy ?? entry.until);
	}

	#forget(id: string): void {
		this.#options.sql.run("DELETE FROM proofs WHERE id = ?", id);
		this.#options.agenda.cancel(`${PROOF}:${id}`);
	}

	#drop(id: string): void {
		this.#waiting.delete(id);
		this.#forget(id);
		if (this.#waiting.size === 0) this.#options.release();
	}
}
