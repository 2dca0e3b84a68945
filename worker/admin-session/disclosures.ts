import { agentOfFeed, type LedgerEntry, revealedFeed } from "../../shared/protocol/index.ts";
import type { Sql } from "../live-ops/index.ts";
import type { Ledger } from "./ledger/ledger.ts";
import type { Viewer } from "./viewer.ts";

type Options = { sql: Sql; ledger: Ledger };

/**
 * Which conversations an admin has revealed (SEC-4): for all pages of one access, until it is over. Hidden text leaves
 * AgentDO only over the feed that `feedOf` names, and that only when the entry is in the ledger (LEDGER-11).
 */
export class Disclosures {
	readonly #options: Options;

	constructor(options: Options) {
		this.#options = options;
		options.sql.run(
			"CREATE TABLE IF NOT EXISTS revealed (access TEXT NOT NULL, agent TEXT NOT NULL, PRIMARY KEY (access, agent)) WITHOUT ROWID",
		);
	}

	/** Writes the entry and, in the same transaction, that it may be seen; null where it was revealed before. */
	reveal({ admin, state }: Viewer, agent: string, name: string): LedgerEntry | null {
		const { sql, ledger } = this.#options;
		const { opened } = state;
		if (!opened || this.#has(opened.access, agent)) return null;
		return sql.transaction(() => {
			sql.run("INSERT INTO revealed (access, agent) VALUES (?, ?)", opened.access, agent);
			return ledger.append({
				...{ id: crypto.randomUUID(), step: "disclosure", admin },
				body: { target: agent, target_name: name, case: opened.reason },
			});
		});
	}

	revealed({ state: { opened } }: Viewer, agent: string): boolean {
		return opened !== null && this.#has(opened.access, agent);
	}

	/** The feed of this agent that this viewer is shown. */
	feedOf(viewer: Viewer, agent: string): string {
		return this.revealed(viewer, agent) ? revealedFeed(agent) : agent;
	}

	/** Ends with the access: whoever comes back reveals anew. */
	over(access: string): void {
		this.#options.sql.run("DELETE FROM revealed WHERE access = ?", access);
	}

	#has(access: string, agent: string): boolean {
		return (
			this.#options.sql.one("SELECT 1 FROM revealed WHERE access = ? AND agent = ?", access, agent) !== null
		);
	}
}

/** Both feeds of an agent: a viewer reads one of them. */
export const feedsOf = (agent: string): readonly [string, string] => [agent, revealedFeed(agent)];

/** A feed as its source knows it. */
export const sourceOf = (feed: string): { agent: string; revealed: boolean } => {
	const agent = agentOfFeed(feed);
	return { agent, revealed: agent !== feed };
};
