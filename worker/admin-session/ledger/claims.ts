import { CATALOGUE, type Order } from "../../../shared/interventions/index.ts";
import type { LedgerEntry } from "../../../shared/protocol/index.ts";
import type { Doing } from "./doing.ts";
import type { Ledger } from "./ledger.ts";
import { bodyOf, intentIn, subjectOf } from "./orders.ts";

/** Of two proposals of two admins for one target within so long, the first stands (SESSION-7). */
const RACE_MS = 50;

type Options = {
	ledger: Ledger;
	doing: Doing;
	clock: () => number;
	/** Those that wait for their seconds to end. */
	armed(): string[];
};

/** Who is at which target now, so that two admins never act on one at a time. */
export class Claims {
	readonly #options: Options;
	/** The newest intent on each target, while it may still collide. */
	readonly #latest = new Map<string, LedgerEntry>();

	constructor(options: Options) {
		this.#options = options;
	}

	/** The words of the refusal, where somebody was there first; null where the target is free. */
	rival({ name, target, admin }: Order): string | null {
		const subject = subjectOf(name, target);
		const first = this.#armed(subject) ?? this.#racing(subject, admin);
		return first && this.#words(first, admin);
	}

	/** This intent has its target now. */
	take(intent: LedgerEntry): void {
		for (const [subject, entry] of this.#latest) if (!this.#collides(entry)) this.#latest.delete(subject);
		const { name, target } = bodyOf(intent);
		this.#latest.set(subjectOf(name, target), intent);
	}

	#armed(subject: string): LedgerEntry | null {
		for (const id of this.#options.armed()) {
			const intent = intentIn(this.#options.ledger.of(id));
			if (intent && subjectOf(bodyOf(intent).name, bodyOf(intent).target) === subject) return intent;
		}
		return null;
	}

	/** One admin's own clicks are in the order that they want. */
	#racing(subject: string, admin: string): LedgerEntry | null {
		const intent = this.#latest.get(subject);
		return intent && intent.admin?.id !== admin && this.#collides(intent) ? intent : null;
	}

	#collides({ id, at }: LedgerEntry): boolean {
		const { doing, clock } = this.#options;
		return doing.isRunning(id) || (clock() - at < RACE_MS && doing.resolved(id)?.outcome === "applied");
	}

	#words(first: LedgerEntry, admin: string): string {
		const { name, target_name, due } = bodyOf(first);
		const who = first.admin?.id === admin ? "you" : (first.admin?.name ?? "another admin");
		const what = `${CATALOGUE[name]?.title ?? name} ${target_name}`;
		const now = this.#options.clock();
		const when =
			due !== undefined && due > now
				? `, which is done in ${Math.ceil((due - now) / 1_000)} s unless it is cancelled`
				: "";
		return `Not done: ${who} asked for "${what}" ${seconds(now - first.at)} s earlier${when}; see entry ${first.n}. Nothing was changed.`;
	}
}

/** `0.03`, `4`: two digits where less would read as at once. */
const seconds = (ms: number): string => (ms < 1_000 ? (ms / 1_000).toFixed(2) : `${Math.round(ms / 1_000)}`);
