import { type Rights, rightsOf } from "../auth/rights.ts";
import type { Directory } from "../directory/index.ts";
import { logFailure } from "../log.ts";

/** How long an answer of the directory holds; with the check every 30 s a revoked admin is out within a minute (SEC-2). */
const RIGHTS_MS = 60_000;

export type RightsNow = Rights | { ok: false; code: "directory_unavailable"; message: string; admin: null };

/** Rights of the admins of one session, asked of the directory at most once a minute each. */
export class RightsCache {
	readonly #directory: Directory;
	readonly #clock: () => number;
	readonly #known = new Map<string, { at: number; rights: Rights }>();
	readonly #asking = new Map<string, Promise<RightsNow>>();

	constructor(directory: Directory, clock: () => number) {
		this.#directory = directory;
		this.#clock = clock;
	}

	/** What is known, not older than `maxAge` milliseconds; null when it has to be asked. */
	known(admin: string, maxAge = RIGHTS_MS): Rights | null {
		const known = this.#known.get(admin);
		return known && this.#clock() - known.at < maxAge ? known.rights : null;
	}

	/** Asks the directory unless the answer is fresh. Never rejects; nobody has rights that could not be read. */
	async check(admin: string, maxAge = RIGHTS_MS): Promise<RightsNow> {
		const known = this.known(admin, maxAge);
		if (known) return known;
		const asking = this.#asking.get(admin) ?? this.#ask(admin).finally(() => this.#asking.delete(admin));
		this.#asking.set(admin, asking);
		return asking;
	}

	async #ask(admin: string): Promise<RightsNow> {
		try {
			const at = this.#clock();
			const rights = await rightsOf(this.#directory, { id: admin });
			this.#known.set(admin, { at, rights });
			return rights;
		} catch (error) {
			logFailure("directory", {}, error);
			// A directory that is down for a moment puts nobody out whose rights were read within the minute.
			const known = this.known(admin);
			if (known) return known;
			const message =
				"Your rights could not be checked: the user directory does not answer. Try again in a moment.";
			return { ok: false, code: "directory_unavailable", message, admin: null };
		}
	}
}
