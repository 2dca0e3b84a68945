import type { Cause } from "../../shared/protocol/index.ts";
import type { LiveOps } from "../live-ops/index.ts";
import { type Failure, fail, type Result, type Town } from "./town.ts";
import { townValue } from "./town-state.ts";

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

/** The part for towns that have been created: calls to any other id are refused, so that none comes to be by mistake. */
export const ofTown =
	<A, T>(part: (town: Town, args: A) => Result<T>) =>
	(town: Town, args: A): Result<T> =>
		townValue(town, "town")
			? part(town, args)
			: fail("no-such-town", `There is no town "${town.id}".`, { id: town.id });
