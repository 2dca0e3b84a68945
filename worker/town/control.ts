import { redact } from "../../shared/redaction/index.ts";
import type { StopOrder } from "./interventions/interventions.ts";

/** A control server that does not answer in this time is treated as unreachable (domain.md §2.6: status 10 s). */
const CONTROL_TIMEOUT_MS = 10_000;
const SHOWN = 500;

export type StopAnswer =
	/** `asked`: it stops, its end will be reported. `gone`: there is no such process. */
	| { ok: true; outcome: "asked" | "gone" }
	| { ok: false; code: "not-configured" | "unreachable" | "refused"; message: string };

/**
 * Asks the town's control server to stop an agent: `POST {base}/towns/{town}/agents/{agent}/stop` with `{attempt_id}`, so
 * that an order which comes late stops no newer process. The key makes a repeat harmless (LEDGER-2). Answers a value in
 * every case; texts of the container are redacted.
 */
export async function stopAgent(
	base: string,
	order: StopOrder & { town: string },
	send: typeof fetch = fetch,
): Promise<StopAnswer> {
	if (!base)
		return {
			ok: false,
			code: "not-configured",
			message: "CONTAINER_CONTROL_URL is not set: no container to ask.",
		};
	const path = `/towns/${encodeURIComponent(order.town)}/agents/${encodeURIComponent(order.agent)}/stop`;
	try {
		const response = await send(new URL(path, base), {
			method: "POST",
			headers: { "Idempotency-Key": order.key, "Content-Type": "application/json" },
			body: JSON.stringify({ attempt_id: order.attempt }),
			signal: AbortSignal.timeout(CONTROL_TIMEOUT_MS),
		});
		const text = await response.text();
		if (saysGone(response.status, text)) return { ok: true, outcome: "gone" };
		if (response.ok) return { ok: true, outcome: "asked" };
		const message = `The container answered ${response.status}: ${redact(text).slice(0, SHOWN)}`;
		return { ok: false, code: "refused", message };
	} catch (error) {
		return {
			ok: false,
			code: "unreachable",
			message: `The container did not answer: ${redact(String(error))}`,
		};
	}
}

/**
 * The control server runs no such agent, or not for that attempt: 404 `no_process`, or `{"stopped": false}`. Any other 404
 * is no word of it.
 */
function saysGone(status: number, text: string): boolean {
	try {
		const answer = JSON.parse(text) as { stopped?: unknown; error?: { code?: unknown } } | null;
		return status === 404
			? answer?.error?.code === "no_process"
			: status === 200 && answer?.stopped === false;
	} catch {
		return false;
	}
}
