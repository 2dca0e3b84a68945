import { redact } from "../../shared/redaction/index.ts";
import type { ControlAnswer, TownContainerRpc } from "../rpc.ts";

const SHOWN = 500;

/** A refusal of the control server in its own words; null where it did what it was asked. */
export function refusalIn(answer: ControlAnswer): string | null {
	if (!answer.ok) return answer.message;
	if (answer.status < 400) return null;
	const { message = JSON.stringify(answer.body) } = errorIn(answer) ?? {};
	return `The container answered ${answer.status}: ${redact(message).slice(0, SHOWN)}`;
}

const errorIn = (answer: ControlAnswer): { code?: string; message?: string } | undefined =>
	answer.ok ? (answer.body as { error?: { code?: string; message?: string } } | null)?.error : undefined;

/** The control server runs no such agent, or not for that attempt. Any other 404 is no word of it. */
export const saysNoProcess = (answer: ControlAnswer): boolean =>
	answer.ok && answer.status === 404 && errorIn(answer)?.code === "no_process";

/**
 * Asks the container to end an agent's process: only that of the attempt, so that an order which comes late ends no newer one.
 * The key makes a repeat harmless (LEDGER-2). Throws where it could not be asked, or would not.
 */
export async function stopAgent(
	arm: TownContainerRpc,
	order: { agent: string; attempt: string | null; key: string; how?: "term" | "kill" },
): Promise<"asked" | "gone"> {
	const { agent, attempt, key, how = "term" } = order;
	const answer = await arm.control({
		...{ method: "POST", path: `/agents/${encodeURIComponent(agent)}/stop`, key, correlation: key },
		body: { attempt_id: attempt, how, reason: `ended by ${key}` },
	});
	if (saysNoProcess(answer) || (!answer.ok && answer.code === "not-running")) return "gone";
	const refusal = refusalIn(answer);
	if (refusal !== null) throw new Error(refusal);
	return "asked";
}
