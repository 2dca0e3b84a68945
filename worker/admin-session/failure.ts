import type { Failure } from "../../shared/protocol/index.ts";

/** A request that is answered with a failure; the code is for programs, the message for people. */
export class Refused extends Error {
	readonly failure: Failure;

	constructor(code: string, message: string, details?: Record<string, unknown>) {
		super(message);
		this.failure = { code, message, ...(details && { details }) };
	}
}
