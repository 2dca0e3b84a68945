import { redact } from "../../shared/redaction/index.ts";

/** A control server that does not answer in this time is treated as unreachable (domain.md §2.6: status 10 s). */
const CONTROL_TIMEOUT_MS = 10_000;
const SHOWN = 500;

export type StopAnswer =
	/** `asked`: it stops, its end will be reported. `gone`: there is no such process. */
	| { ok: true; outcome: "asked" | "gone" }
	| { ok: false; code: "not-configured" | "unreachable" | "refused"; message: string };

/**
 * Asks the town's control server to stop an agent: `POST {base}/towns/{town}/agents/{agent}/stop`. The key makes a repeat
 * harmless (LEDGER-2). Answers a value in every case; texts of the container are redacted.
 */
export async function stopAgent(
	base: string,
	order: { town: string; agent: string; key: string },
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
			headers: { "Idempotency-Key": order.key },
			signal: AbortSignal.timeout(CONTROL_TIMEOUT_MS),
		});
		const text = await response.text();
		if (response.ok) return { ok: true, outcome: saysGone(text) ? "gone" : "asked" };
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

/** The control server answers `{"stopped": false}` where it runs no such agent. */
function saysGone(text: string): boolean {
	try {
		return (JSON.parse(text) as { stopped?: unknown }).stopped === false;
	} catch {
		return false;
	}
}
