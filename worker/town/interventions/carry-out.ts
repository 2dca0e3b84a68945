import type { OutsideEffect } from "../../../shared/interventions/index.ts";
import type { ControlRequest, TownContainerRpc } from "../../rpc.ts";
import { refusalIn, saysNoProcess, stopAgent } from "../control.ts";
import type { CredentialHand } from "./at-credentials.ts";
import type { ForgeHand } from "./at-the-forge.ts";

/** An effect with what it is meant for: only this attempt's process, only this container. `key` is the intervention. */
export type OutsideOrder = {
	effect: OutsideEffect;
	attempt: string | null;
	instance: string | null;
	key: string;
};

/** `asked`: its end will be reported. `done`: it is over. `gone`: there is no such process. `refused`: it will not be done. */
export type OutsideAnswer = { is: "asked" | "done" | "gone" } | { is: "refused"; message: string };

/** Rejects where the container could not be asked: it is then asked again, under the same key. */
export type CarryOut = (order: OutsideOrder) => Promise<OutsideAnswer>;

/**
 * Carries out what an admin ordered, by the container's arm or at the forge; a repeat with the same key does nothing a second
 * time (LEDGER-2).
 */
export const carryOutBy =
	(arm: () => TownContainerRpc, forge: ForgeHand, credentials: CredentialHand): CarryOut =>
	async (order) => {
		const { effect, attempt, key } = order;
		switch (effect.kind) {
			case "stop-agent":
			case "kill-agent": {
				const how = effect.kind === "kill-agent" ? "kill" : "term";
				return { is: await stopAgent(arm(), { agent: effect.agent, attempt, key, how }) };
			}
			case "interrupt-agent":
				return ask(arm(), key, {
					path: `/agents/${encodeURIComponent(effect.agent)}/interrupt`,
					body: { attempt_id: attempt },
				});
			case "set-model":
				return ask(arm(), key, {
					method: "PATCH",
					path: `/agents/${encodeURIComponent(effect.agent)}/model`,
					body: { attempt_id: attempt, model: effect.model },
				});
			case "set-prompt":
				return ask(arm(), key, {
					method: "PUT",
					path: `/agents/${encodeURIComponent(effect.agent)}/system-prompt`,
					body: { attempt_id: attempt, system_prompt: effect.prompt },
				});
			case "answer-permission":
				return ask(arm(), key, {
					path: `/agents/${encodeURIComponent(effect.agent)}/permissions/${encodeURIComponent(effect.permission)}`,
					body: { attempt_id: attempt, reply: effect.reply },
				});
			case "container":
				return moveContainer(arm(), effect.verb, order);
			case "poll-pr":
			case "merge-pr":
			case "link-pr":
				return forge(effect, key);
			case "refresh-credential":
			case "sync-config":
				return credentials(effect, key);
		}
	};

async function ask(
	arm: TownContainerRpc,
	key: string,
	{
		method = "POST",
		path,
		body,
	}: Pick<ControlRequest, "path" | "body"> & Partial<Pick<ControlRequest, "method">>,
): Promise<OutsideAnswer> {
	const answer = await arm.control({ method, path, body, key, correlation: key });
	if (!answer.ok && answer.code !== "not-running") throw new Error(answer.message);
	// The control server failed at it: asking again may go well.
	if (answer.ok && answer.status >= 500) throw new Error(refusalIn(answer) ?? "");
	if (saysNoProcess(answer))
		return { is: "refused", message: "Its process had ended, or was another by then." };
	const refusal = refusalIn(answer);
	return refusal === null ? { is: "done" } : { is: "refused", message: refusal };
}

const WORDS = { start: "started", stop: "stopped", restart: "restarted" };

async function moveContainer(
	arm: TownContainerRpc,
	verb: "start" | "stop" | "restart",
	{ instance, key }: OutsideOrder,
): Promise<OutsideAnswer> {
	const order = { reason: `${WORDS[verb]} by an admin`, key, correlation: key };
	if (verb !== "start") {
		// Only the one that the admin saw: a repeat ends no newer one.
		const stopped = await arm.stop({ ...order, instance, sleep: false });
		if (!stopped.ok && stopped.code !== "not-running") throw new Error(stopped.message);
		if (verb === "stop") return { is: "done" };
	}
	const started = await arm.start(order);
	if (started.ok) return { is: "done" };
	if (started.code === "unreachable" || started.code === "timeout") throw new Error(started.message);
	return { is: "refused", message: started.message };
}
