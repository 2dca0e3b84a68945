import { dispatchAttempts, type TownStateValue } from "../../../shared/gastown/index.ts";
import { redact } from "../../../shared/redaction/index.ts";
import type { Agenda } from "../../live-ops/index.ts";
import { listRows } from "../rows.ts";
import { callTown } from "../run.ts";
import { ok } from "../town.ts";
import { setTownValue, townValue } from "../town-state.ts";
import type { Action } from "./actions.ts";
import type { SchedulerHost } from "./host.ts";
import { keyOf } from "./keys.ts";
import { observe } from "./observe.ts";
import { nextLook } from "./pace.ts";
import { askToStart } from "./perform/dispatch.ts";
import { perform } from "./perform/index.ts";
import { BeadMemory } from "./read/memory.ts";
import { reconcile } from "./reconcile.ts";
import type { SchedulerState } from "./state.ts";
import { violationsOf } from "./violations.ts";

/** Name of the agenda entry whose handler is `tick`. */
export const TICK_AGENDA = "tick";
/** A burst of changes is looked at once. */
const SOON_MS = 50;
/** The longest wait of an effect that fails. */
const MOST_MS = 300_000;

/** Something that is done outside the database. */
export type Effect = () => Promise<void>;
/** With what it is done to: while one of a key is under way no second is begun. */
export type Doing = { key: string; run: Effect };

/**
 * The loop of a town (domain.md §2.12): looks at its rows, decides by pure rules, acts, each action as a batch with its cause.
 * What has to be asked of the container or a forge runs beside it, and its answer is a batch again.
 */
export class Scheduler {
	readonly #host: SchedulerHost;
	readonly #agenda: Pick<Agenda, "due" | "set">;
	readonly #doing = new Map<string, Promise<void>>();
	/** What was done is not done again before this, whether it failed or came to nothing: no loop runs at the pace of the looks. */
	readonly #waiting = new Map<string, { until: number; failures: number }>();
	readonly #memory = new BeadMemory();
	#last: { last_at: number; next_at: number | null } | null = null;
	#resumed = false;

	constructor(host: SchedulerHost, agenda: Pick<Agenda, "due" | "set">) {
		this.#host = host;
		this.#agenda = agenda;
	}

	/** When it last looked, and looks next; null before the first look of this object's life. */
	get looks(): { last_at: number; next_at: number | null } | null {
		return this.#last;
	}

	/** Plans a look soon after a change, unless one is due by then. */
	plan(): void {
		if (!this.runs) return;
		const soon = this.#host.town.now() + SOON_MS;
		const due = this.#agenda.due(TICK_AGENDA);
		if (due === null || due > soon) this.#agenda.set(TICK_AGENDA, soon);
	}

	/** What the next look would do; nothing is changed (domain.md §2.1, `debugDryRun`). */
	dryRun(): Action[] {
		return this.runs ? this.#due(reconcile(observe(this.#host.town, this.#memory))) : [];
	}

	/** One look; answers what it did. A town whose container is somebody else's is left alone. */
	tick(): Action[] {
		if (!this.runs) return [];
		const { town } = this.#host;
		if (!this.#resumed) this.#resume();
		this.#noteOrder();
		const state = observe(town, this.#memory);
		const wanted = reconcile(state);
		const due = this.#due(wanted);
		this.#forgetWaits();
		const done = due.filter((action) => this.#do(action, state.thresholds.tick_active_ms));
		this.#note(done, done.length === 0 ? state : observe(town, this.#memory));
		const next = nextLook(state, wanted);
		this.#last = { last_at: town.now(), next_at: next };
		this.#agenda.set(TICK_AGENDA, next);
		return done;
	}

	/** What can be begun now: nothing is done twice at a time, nor before its wait is over. */
	#due(wanted: readonly Action[]): Action[] {
		const taken = new Set(this.#doing.keys());
		return wanted.filter((action) => {
			const key = keyOf(action);
			if (key === null) return true;
			if (taken.has(key) || this.#waits(nameOf(action, key))) return false;
			taken.add(key);
			return true;
		});
	}

	/** It failed, or came to nothing, a moment ago. */
	#waits(name: string): boolean {
		return (this.#waiting.get(name)?.until ?? 0) > this.#host.town.now();
	}

	/** A look that an admin asked for has come. */
	#noteOrder(): void {
		const { town, live } = this.#host;
		const order = townValue(town, "look_order");
		if (!order || order.looked_at !== null) return;
		callTown(live, town, { kind: "scheduler", what: "tick", id: null, by: null }, () =>
			ok(setTownValue(town, "look_order", { ...order, looked_at: new Date(town.now()).toISOString() })),
		);
	}

	/** Resolves when nothing outside the database is under way (tests). */
	async settled(): Promise<void> {
		while (this.#doing.size > 0) await Promise.all(this.#doing.values());
	}

	/** Not for a town whose container is somebody else's, nor where there is no platform for one. */
	get runs(): boolean {
		const { town } = this.#host;
		return (
			this.#host.enabled() &&
			townValue(town, "town") !== null &&
			townValue(town, "config")?.external_container !== true
		);
	}

	/** An answer that was awaited when the object ended is asked for again, under the same key (SCHED-2). */
	#resume(): void {
		this.#resumed = true;
		const starting = listRows(
			this.#host.town.sql,
			dispatchAttempts,
			"WHERE outcome = 'starting' AND ended_at IS NULL AND attempt_id IN (SELECT current_attempt_id FROM agent_metadata)",
		);
		for (const { agent_id, attempt_id } of starting) {
			const start = askToStart(this.#host, agent_id, attempt_id);
			this.#begin(start, start.key, 0);
		}
	}

	/** Whether anything came of it: what is refused is no news. */
	#do(action: Action, pause: number): boolean {
		const effects = perform(this.#host, action);
		for (const effect of effects ?? []) this.#begin(effect, nameOf(action, effect.key), pause);
		return effects !== null;
	}

	/** `name` waits after its end; another effect of the same key may follow at once. */
	#begin({ key, run }: Doing, name: string, pause: number): void {
		const { town, changed } = this.#host;
		const doing = run()
			.then(() => void this.#waiting.set(name, { failures: 0, until: town.now() + pause }))
			.catch((error: unknown) => this.#failed(name, error))
			.finally(() => {
				this.#doing.delete(key);
				changed();
			});
		this.#doing.set(key, doing);
	}

	/** Failures in a row are remembered a while longer than their wait, so that the next wait is longer. */
	#forgetWaits(): void {
		const before = this.#host.town.now() - MOST_MS;
		for (const [name, { until }] of this.#waiting) if (until < before) this.#waiting.delete(name);
	}

	#failed(name: string, error: unknown): void {
		const { town, live } = this.#host;
		const failures = (this.#waiting.get(name)?.failures ?? 0) + 1;
		this.#waiting.set(name, { failures, until: town.now() + Math.min(1_000 * 2 ** failures, MOST_MS) });
		const cause = { kind: "scheduler", what: "effect_failed", id: null, by: null };
		callTown(live, town, cause, () => {
			const said = redact(`${name}: ${error instanceof Error ? error.message : String(error)}`);
			const before = this.#stored();
			setTownValue(town, "scheduler", {
				...before,
				...{ failed: before.failed + 1, last_error: said.slice(0, 500) },
			});
			return ok(null);
		});
	}

	/**
	 * Keeps what was done, and what is wrong after it. Where neither is news nothing is written, so that a look that finds
	 * nothing writes nothing (SCHED-5).
	 */
	#note(done: readonly Action[], after: SchedulerState): void {
		const { town, live } = this.#host;
		const told = done.filter(({ type }) => !QUIET.includes(type));
		const before = this.#stored();
		const now = {
			violations: violationsOf(after),
			pending: after.inbox.filter(({ tries }) => tries > 0).length,
			stuck: stuckIn(after.inbox),
		};
		const same = (["violations", "pending", "stuck"] as const).every(
			(name) => JSON.stringify(before[name]) === JSON.stringify(now[name]),
		);
		if (told.length === 0 && same) return;
		const counts: Record<string, number> = {};
		for (const { type } of told) counts[type] = (counts[type] ?? 0) + 1;
		const acted = told.length === 0 ? {} : { at: new Date(town.now()).toISOString(), actions: counts };
		callTown(live, town, { kind: "scheduler", what: "tick", id: null, by: null }, () =>
			ok(setTownValue(town, "scheduler", { ...before, ...acted, ...now })),
		);
	}

	#stored(): TownStateValue<"scheduler"> {
		const { town } = this.#host;
		const at = new Date(town.now()).toISOString();
		const fresh = { at, actions: {}, failed: 0, last_error: null, violations: [], pending: 0, stuck: null };
		return townValue(town, "scheduler") ?? fresh;
	}
}

/** What waits after it: another action on the same thing does not. */
const nameOf = (action: Action, key: string): string => `${action.type}:${key}`;

/** The oldest event that was tried and still waits; its tries are left out, so that each one is not a change of the town. */
function stuckIn(inbox: SchedulerState["inbox"]): TownStateValue<"scheduler">["stuck"] {
	const oldest = inbox.filter(({ tries }) => tries > 0).toSorted((a, b) => (a.since < b.since ? -1 : 1))[0];
	if (!oldest) return null;
	const { id: event, type, agent, bead, since, error } = oldest;
	return { event, type, agent, bead, since, error };
}

/** Done again and again while nothing changes: no news. */
const QUIET: readonly string[] = [
	"poll_pr",
	"check_container",
	"start_container",
	"set_sleep_after",
	"deliver_nudge",
	"process_event",
];
