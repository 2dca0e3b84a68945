import { AsyncLocalStorage } from "node:async_hooks";
import { redactDeep } from "../shared/redaction/index.ts";

/** Id of the request in whose course something happens. An object's own events have none. */
const request = new AsyncLocalStorage<string>();

/** Runs `work` so that what it logs names the request. */
export const inRequest = <T>(id: string, work: () => T): T => request.run(id, work);

/**
 * Something that failed, as one line of JSON (SEC-6): what it was about, in whose request, and the error. Secrets in texts and
 * under names of secrets are masked; who asked for what stands in the ledger, not here.
 */
export function logFailure(event: string, about: Record<string, unknown>, error?: unknown): void {
	const said =
		error instanceof Error ? { error: `${error.name}: ${error.message}`, stack: error.stack } : { error };
	const line = { level: "error", event, request: request.getStore(), ...about, ...said };
	console.error(JSON.stringify(redactDeep(line)));
}
