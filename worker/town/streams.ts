import type { MethodArgs } from "../../shared/ingest/index.ts";
import { agentStub } from "../stubs.ts";
import { uncreatable } from "./agents.ts";
import { fail, ok, type Result, type Town } from "./town.ts";
import { townValue } from "./town-state.ts";

/** Agenda entry `retire:<agent>`: tells the stream of an agent that is gone. */
export const RETIRE_AGENDA = "retire";

/**
 * Binds a new agent's stream to this town before the agent exists, so that no other town can take its id (STREAM-7).
 * Answers the arguments with the id that was claimed. Rejects where the stream's object does not answer.
 */
export async function claimStream(
	env: Env,
	town: Town,
	args: MethodArgs<"createAgent">,
): Promise<Result<MethodArgs<"createAgent">>> {
	const id = args.id ?? town.uuid();
	// Refused by the call itself: nothing is claimed for an agent that will not be (TOWN-2).
	if (!townValue(town, "town") || uncreatable(town, args)) return ok({ ...args, id });
	if (await agentStub(env, id).claim(town.id, id)) return ok({ ...args, id });
	return fail("foreign-agent", `The agent id "${id}" belongs to another town.`, { id });
}

/** The agent is gone: its stream stays for 30 days more (STREAM-3). */
export const retireStream = (env: Env, town: Town, agent: string): Promise<void> =>
	agentStub(env, agent).retire(town.id);
