import type { Cause } from "../../shared/protocol/index.ts";
import type { LiveOps } from "../live-ops/index.ts";
import type { Failure, Result, Town } from "./town.ts";

class Refused extends Error {
	readonly failure: Failure;
	constructor(failure: Failure) {
		super(failure.code);
		this.failure = failure;
	}
}

/**
 * Runs one call of a town: one batch with its cause (FEED-5), all of it or nothing. A part that answers a failure has what
 * it wrote until then rolled back.
 */
export function callTown<T>(
	liveOps: LiveOps,
	town: Town,
	cause: Cause,
	part: (town: Town) => Result<T>,
): Result<T> {
	return liveOps.run(cause, () => {
		try {
			return town.sql.transaction(() => {
				const result = part(town);
				if (!result.ok) throw new Refused(result);
				return result;
			});
		} catch (error) {
			if (error instanceof Refused) return error.failure;
			throw error;
		}
	});
}
