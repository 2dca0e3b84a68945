import { dispatchAttempts } from "../../../shared/gastown/index.ts";
import { redact } from "../../../shared/redaction/index.ts";
import type { Agenda } from "../../live-ops/index.ts";
import { listRows } from "../rows.ts";
import { callTown } from "../run.ts";
import { ok } from "../town.ts";
import { setTownValue, townValue } from "../town-state.ts";
import type { Action } from "./actions.ts";
import type { SchedulerHost } from "./host.ts";
import { observe } from "./observe.ts";
import { askToStart } from "./perform/agents.ts";
import { perform } from "./perform/index.ts";
import { reconcile } from "./reconcile.ts";
import type { SchedulerState } from "./state.ts";

/** Name of the agenda entry whose handler is `tick`. */
export const TICK_AGENDA = "tick";
/** A burst of changes is looked at once. */
const SOON_MS = 50;
/** The longest wait of an effect that fails. */
const MOST_MS = 300_000;

/** Something to do outside the database; while one of a key is under way no second is begun. */
export type Doing = { key: string; run: () => Promise<void> };

/**
 * The loop of a town (domain.md §2.12): looks at its rows, decides by pure rules, acts, each action as a batch with its cause.
 * What has to be asked of the container or a forge runs beside it, and its answer is a batch again.
 */
export class Scheduler {
	readonly #host: SchedulerHost;
	readonly #agenda: Pick<Agenda, "due" | "set">;
	readonly #doing = new Map<string, Promise<void>>();
	/** What was done is not done again before this, whether it failed or came to nothing: no loop runs at the pace of the looks. */
	readonly #waits = new Map<string, { until: number; failures: number }>();
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
		if (!this.#runs()) return;
		const soon = this.#host.town.now() + SOON_MS;
		const due = this.#agenda.due(TICK_AGENDA);
		if (due === null || due > soon) this.#agenda.set(TICK_AGENDA, soon);
	}

	/** What the next look would do; nothing is changed (domain.md §2.1, `debugDryRun`). */
	dryRun(): Action[] {
		return this.#runs() ? reconcile(observe(this.#host.town)) : [];
	}

	/** One look. A town whose container is somebody else's is left alone. */
	tick(): void {
		if (!this.#runs()) return;
		const { town } = this.#host;
		if (!this.#resumed) this.#resume();
		const state = observe(town);
		const actions = reconcile(state);
		this.#forgetWaits();
		this.#note(actions.filter((action) => this.#do(action, state.thresholds.tick_active_ms)));
		const next =
			town.now() +
			(isUnderWay(state, actions) ? state.thresholds.tick_active_ms : state.thresholds.tick_idle_ms);
		this.#last = { last_at: town.now(), next_at: next };
		this.#agenda.set(TICK_AGENDA, next);
	}

	/** Resolves when nothing outside the database is under way (tests). */
	async settled(): Promise<void> {
		while (this.#doing.size > 0) await Promise.all(this.#doing.values());
	}

	#runs(): boolean {
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
		for (const { agent_id, attempt_id } of starting)
			this.#begin(askToStart(this.#host, agent_id, attempt_id));
	}

	/** Whether anything came of it: what is refused, under way or has to wait is no news. */
	#do(action: Action, pause: number): boolean {
		const done = perform(this.#host, action);
		if (done === null) return false;
		return "run" in done ? this.#begin(done, `${action.type}:${done.key}`, pause) : done.ok;
	}

	/** `name` waits after its end; another effect of the same key may follow at once. */
	#begin({ key, run }: Doing, name = key, pause = 0): boolean {
		const { town, changed } = this.#host;
		const wait = this.#waits.get(name);
		if (this.#doing.has(key) || (wait && wait.until > town.now())) return false;
		const doing = run()
			.then(() => void this.#waits.set(name, { failures: 0, until: town.now() + pause }))
			.catch((error: unknown) => this.#failed(name, error))
			.finally(() => {
				this.#doing.delete(key);
				changed();
			});
		this.#doing.set(key, doing);
		return true;
	}

	/** Failures in a row are remembered a while longer than their wait, so that the next wait is longer. */
	#forgetWaits(): void {
		const before = this.#host.town.now() - MOST_MS;
		for (const [name, { until }] of this.#waits) if (until < before) this.#waits.delete(name);
	}

	#failed(name: string, error: unknown): void {
		const { town, live } = this.#host;
		const failures = (this.#waits.get(name)?.failures ?? 0) + 1;
		this.#waits.set(name, { failures, until: town.now() + Math.min(1_000 * 2 ** failures, MOST_MS) });
		const cause = { kind: "scheduler", what: "effect_failed", id: null, by: null };
		callTown(live, town, cause, () => {
			const before = townValue(town, "scheduler");
			const last_error = redact(`${name}: ${error instanceof Error ? error.message : String(error)}`).slice(
				0,
				500,
			);
			const base = before ?? {
				at: new Date(town.now()).toISOString(),
				actions: {},
				violations: [],
				pending: 0,
				failed: 0,
			};
			setTownValue(town, "scheduler", { ...base, failed: base.failed + 1, last_error });
			return ok(null);
		});
	}

	/** Kept only where something was done, so that a look that finds nothing writes nothing (SCHED-5). */
	#note(actions: readonly Action[]): void {
		const { town, live } = this.#host;
		const told = actions.filter(({ type }) => !QUIET.includes(type));
		if (told.length === 0) return;
		const counts: Record<string, number> = {};
		for (const { type } of told) counts[type] = (counts[type] ?? 0) + 1;
		callTown(live, town, { kind: "scheduler", what: "tick", id: null, by: null }, () => {
			const {
				failed = 0,
				last_error = null,
				violations = [],
				pending = 0,
			} = townValue(town, "scheduler") ?? {};
			setTownValue(town, "scheduler", {
				...{
					at: new Date(town.now()).toISOString(),
					actions: counts,
					failed,
					last_error,
					violations,
					pending,
				},
			});
			return ok(null);
		});
	}
}

/** Done again and again while nothing changes: no news. */
const QUIET: readonly string[] = ["poll_pr", "check_container", "start_container", "deliver_nudge"];

/** Somebody works, waits or is awaited: time alone may make something due. */
const isUnderWay = (state: SchedulerState, actions: readonly Action[]): boolean =>
	actions.length > 0 ||
	state.container?.status === "running" ||
	state.nudges.some(({ status }) => status === "queued") ||
	[...state.agents.values()].some(({ status, hook }) => status !== "idle" || hook !== null) ||
	[...state.beads.values()].some(
		({ status, type }) => status === "open" && (type === "issue" || type === "merge_request"),
	);
