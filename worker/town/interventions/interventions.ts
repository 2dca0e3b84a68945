import { type OutsideState, TOWN_TABLES } from "../../../shared/gastown/index.ts";
import { inForceAfter } from "../../../shared/interventions/in-force.ts";
import {
	CATALOGUE, type CatalogueEntry, type Lookup, type Order, type Receipt, type Verdict,
} from "../../../shared/interventions/index.ts"; // biome-ignore format: a list
import type { Cause } from "../../../shared/protocol/index.ts";
import { redact } from "../../../shared/redaction/index.ts";
import { columnsOf, isTownEntity } from "../../../shared/town-view/index.ts";
import type { Agenda } from "../../live-ops/agenda.ts";
import type { LiveOps } from "../../live-ops/live-ops.ts";
import type { Checked } from "../../rpc.ts";
import { getRow } from "../rows.ts";
import { callTown } from "../run.ts";
import { fail, ok, type Town } from "../town.ts";
import { setTownValue, townValue } from "../town-state.ts";
import { APPLY } from "./apply.ts";
import type { CarryOut } from "./carry-out.ts";
import { considered, verdictOn } from "./check.ts";
import type { Given } from "./given.ts";
import { lookupOf } from "./lookup.ts";
import { OutsideEffects, type OutsideRow } from "./outside.ts";
import { createReceipts, findReceipt, writeReceipt } from "./receipts.ts";
import { differences, snapshot, targetRow } from "./snapshot.ts";

/** Name of the agenda entry whose handler is `runOutside`. */
export const OUTSIDE_AGENDA = "interventions";

/** What shows that processes have ended: one exit, the stop of a container, a heartbeat that lists who still runs. */
export type Sign =
	| { kind: "exit"; agent: string; attempt: string | null }
	| { kind: "container-stop"; instance: string | null }
	| { kind: "heartbeat"; running: readonly string[] };

/** An order is asked for again, under its key, where this object ended before the answer: later than any answer takes. */
const ANSWERS_MS = { container: 80_000, agent: 15_000 };

const RUN_CAUSE: Cause = { kind: "system", what: "interventions", id: null, by: null };

export type InterventionsHost = {
	town: Town;
	live: LiveOps;
	agenda: Pick<Agenda, "set" | "cancel">;
	carryOut: CarryOut;
	/** The town's own handling of a process that is no longer there, as on its exit event. */
	agentGone(agentId: string, attempt: string | null): void;
	/** Plans a look of the scheduler for now and sets the alarm anew, whatever it was set to. */
	rearm(): void;
};

/** Applies what admins order, once or not at all (LEDGER-2). The only way into a town's interventions (LEDGER-1). */
export class Interventions {
	readonly #host: InterventionsHost;
	readonly #outside: OutsideEffects;
	/** Those that are being carried out now, so that none is asked for twice at a time. */
	readonly #running = new Set<string>();

	constructor(host: InterventionsHost) {
		this.#host = host;
		createReceipts(host.town.sql);
		this.#outside = new OutsideEffects(host.town.sql);
	}

	/** Checks and applies an order in one synchronous turn. A repeat, or an order fenced by `settle`, gets the receipt there is. */
	apply(order: Order, given: Given = {}): Receipt {
		const known = findReceipt(this.#host.town.sql, order.id);
		if (known) return known;
		const entry = CATALOGUE[order.name];
		if (!entry) return this.#refuse(order.id, "unknown", `There is no intervention "${order.name}".`);
		const params = entry.params.safeParse(order.params);
		if (!params.success) {
			const [issue] = params.error.issues;
			const field = issue?.path.join(".") || "parameters";
			return this.#refuse(order.id, "bad-params", `${field}: ${issue?.message}`);
		}
		const verdict = this.#check(entry, order, params.data);
		if (!verdict.ok)
			return this.#write(order.id, verdict.kind, { code: verdict.code, message: verdict.message });
		if (entry.secret?.(params.data) && given.secret === undefined && !given.refused)
			return this.#refuse(order.id, "no-secret", "Its secret was not given, so nothing was changed.");
		if (given.refused) return this.#refuse(order.id, given.refused.code, given.refused.message);
		return this.#apply(entry, order, params.data, given);
	}

	/** Whether an order would be applied as the town is now, so that the forge is asked only where that is of use. */
	wouldApply(order: Order): boolean {
		const entry = CATALOGUE[order.name];
		const params = entry?.params.safeParse(order.params);
		if (!entry || !params?.success || findReceipt(this.#host.town.sql, order.id)) return false;
		return this.#check(entry, order, params.data).ok;
	}

	/** What the rules say of an order whose parameters have been checked; nothing is changed. */
	consider({ name, target, params }: Pick<Order, "name" | "target" | "params">): Checked {
		const entry = CATALOGUE[name];
		if (!entry) throw new Error(`there is no intervention ${name}`);
		return considered(entry, { target, params }, lookupOf(this.#host.town.sql));
	}

	/** The receipt of an order; where there is none, `never` is written, which refuses a late arrival. */
	settle(id: string): Receipt {
		const message = "It was not done when it was settled, and will not be: nothing was changed.";
		return findReceipt(this.#host.town.sql, id) ?? this.#write(id, "never", { code: "never", message });
	}

	/** True while a stop or kill that concerns it has not been seen to end: it is not to be dispatched. */
	isHeld(kind: "agent" | "bead", id: string): boolean {
		return this.#outside.holds(kind, id);
	}

	/** Effects outside the database of one intervention, with where each stands. */
	outsideOf(id: string): OutsideRow[] {
		return this.#outside.of(id);
	}

	/** To be called with every sign of an end, in the turn that took it, so that awaited stops are seen (LEDGER-2). */
	observe(sign: Sign, cause: Cause): void {
		const ended = this.#endedBy(sign).filter((row) => this.#outside.done(row));
		// An exit has been told of its agent already; of the others nothing else will be.
		if (sign.kind !== "exit") for (const row of ended) this.#host.agentGone(row.subject, row.attempt);
		if (ended.length > 0) this.#host.live.run(cause, () => this.#showStops());
		if (sign.kind === "heartbeat") this.#askAgain(sign.running);
	}

	/**
	 * Handler of the agenda entry: asks the container for each effect that is due. Resolves with the last answer, which may take
	 * longer than what else this object has to do should wait. Safe to run again at any point.
	 */
	async runOutside(): Promise<void> {
		const due = this.#outside.due(this.#host.town.now()).filter((row) => !this.#running.has(keyOf(row)));
		const answers = due.map((row) => this.#carryOut(row));
		this.#plan();
		await Promise.all(answers);
	}

	/** While the container was asked, an end may have been seen, and the agent be at other work: then nothing is done. */
	async #carryOut(row: OutsideRow): Promise<void> {
		const { town, live, carryOut, agentGone } = this.#host;
		const { effect, attempt, instance, id: key } = row;
		this.#running.add(keyOf(row));
		try {
			if (this.#outside.expired(row, town.now())) return;
			const answer = await carryOut({ effect, attempt, instance, key });
			if (answer.is === "asked") this.#outside.tried(row, town.now(), null);
			else if (answer.is === "refused") this.#outside.failed(row, redact(answer.message));
			else if (this.#outside.done(row) && answer.is === "gone") agentGone(row.subject, attempt);
		} catch (error) {
			this.#outside.tried(row, town.now(), redact(error instanceof Error ? error.message : String(error)));
		} finally {
			this.#running.delete(keyOf(row));
			live.run(RUN_CAUSE, () => this.#showStops());
			this.#plan();
		}
	}

	#endedBy(sign: Sign): OutsideRow[] {
		if (sign.kind === "exit") return this.#outside.ofAttempt(sign.agent, sign.attempt);
		if (sign.kind === "container-stop") return this.#outside.ofInstance(sign.instance);
		return this.#outside.notAmong(sign.running);
	}

	/** A process that still runs though its stop was given up: the container can be reached again. */
	#askAgain(running: readonly string[]): void {
		const { town, agenda } = this.#host;
		const again = this.#outside
			.due(town.now())
			.some((row) => row.status === "unknown" && running.includes(row.subject));
		if (again) agenda.set(OUTSIDE_AGENDA, town.now());
	}

	/** Shows what is awaited, and with it why agent and bead are not started, and what came to nothing. */
	#showStops(): void {
		const { town } = this.#host;
		const awaited = this.#outside.awaited().map(shown);
		const failed = this.#outside.lastFailed(town.now()).map(shown);
		if (awaited.length + failed.length > 0 || townValue(town, "stops"))
			setTownValue(town, "stops", { awaited, failed });
	}

	#check(entry: CatalogueEntry, order: Order, params: Record<string, unknown>): Verdict {
		const { sql } = this.#host.town;
		const taker = order.name === "bead.reassign" ? params.agent : null;
		const held = (): Verdict =>
			typeof taker === "string" && this.isHeld("agent", taker)
				? {
						ok: false,
						kind: "refused",
						code: "held",
						message: "That agent's last session is still being stopped.",
					}
				: { ok: true };
		return verdictOn(entry, order, params, { sql, look: lookupOf(sql), held });
	}

	#apply(entry: CatalogueEntry, order: Order, params: Record<string, unknown>, given: Given): Receipt {
		const { town, live } = this.#host;
		const { id, target } = order;
		const look = lookupOf(town.sql);
		const effects = entry.effects(target, params, look, id);
		const outside = entry.outside(target, params, look, id);
		const undo = entry.undo(target, params, look);
		const label = entry.label(target, params, look);
		const row = targetRow(entry, target);
		const before = snapshot(town.sql, row, effects);
		const cause = { kind: "intervention", what: entry.name, id, by: order.admin };
		const applied = callTown(live, town, cause, () => {
			const apply = APPLY[entry.name];
			if (!apply) return fail("unknown", "This intervention cannot be applied in this town.");
			const { admin: by, reason } = order;
			const done = apply({ town, look, target, id, by, reason, given, rearm: this.#host.rearm }, params);
			if (!done.ok) return done;
			this.#outside.write(id, outside, townValue(town, "container")?.instance_id ?? null, town.now());
			this.#showStops();
			this.#keepInForce(
				{ entry, order: { id, target, by }, params, label, effects, undo, now: town.now() },
				look,
			);
			const values = differences(before, snapshot(town.sql, row, effects));
			const { within } = entry;
			return ok(this.#write(id, "applied", { ...values, effects, within, undo, seq: lastSeq(town) }));
		});
		if (!applied.ok) return this.#refuse(id, applied.code, applied.message);
		this.#plan();
		return applied.value;
	}

	/** Keeps the list of what admins have set that lasts (LEDGER-10). */
	#keepInForce(applied: Parameters<typeof inForceAfter>[1], look: Lookup): void {
		const { town } = this.#host;
		const before = townValue(town, "in_force") ?? [];
		const rowOf = (entity: string, key: string) =>
			isTownEntity(entity) ? getRow(town.sql, TOWN_TABLES[entity], ...columnsOf(entity, key)) : null;
		const after = inForceAfter(before, applied, look, rowOf);
		if (before.length + after.length > 0) setTownValue(town, "in_force", after);
	}

	#refuse = (id: string, code: string, message: string): Receipt =>
		this.#write(id, "refused", { code, message });

	#write(id: string, outcome: Receipt["outcome"], rest: Partial<Receipt>): Receipt {
		const empty = { code: null, message: null, before: {}, after: {}, seq: 0, effects: [], within: 0 };
		return writeReceipt(this.#host.town.sql, { ...empty, ...rest, id, outcome, at: this.#host.town.now() });
	}

	#plan(): void {
		const { town, agenda } = this.#host;
		const times = this.#outside.planned().map((row) => {
			const wait = row.kind === "container" ? ANSWERS_MS.container : ANSWERS_MS.agent;
			return this.#running.has(keyOf(row)) ? town.now() + wait : row.due;
		});
		if (times.length > 0) agenda.set(OUTSIDE_AGENDA, Math.min(...times));
		else agenda.cancel(OUTSIDE_AGENDA);
	}
}

const keyOf = ({ id, subject }: OutsideRow): string => `${id} ${subject}`;

/** An effect as the page shows it. */
const shown = ({ id, kind, effect, bead, at, status, error }: OutsideRow): OutsideState => ({
	...{ id, kind, bead, status, error },
	agent: "agent" in effect ? effect.agent : null,
	since: new Date(at).toISOString(),
});

/** Of the batch under way, which ends with this run (FEED-5). */
const lastSeq = (town: Town): number =>
	town.sql.one<{ seq: number }>("SELECT coalesce(max(seq), 0) AS seq FROM change_log")?.seq ?? 0;
