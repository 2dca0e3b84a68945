import type { Context } from "hono";
import { agentEventsReport } from "../../shared/ingest/index.ts";
import { logFailure } from "../log.ts";
import type { AppendResult } from "../rpc.ts";
import { agentStub, townStub } from "../stubs.ts";
import { problem } from "./problem.ts";
import { readBody } from "./read-body.ts";

/** Agents that were seen to belong to a town; they never change hands, so each is asked for once. */
const known = new Set<string>();
const KNOWN = 10_000;

/**
 * `POST agent-events`: hands one batch to the agent's stream (STREAM-1). Answers `{seq, interval, duplicate}`; a gap is 409
 * with `details.expected`, an agent that is not of this town 403 (STREAM-7).
 */
export async function ingestStream(c: Context<{ Bindings: Env }, "/api/towns/:townId/*">): Promise<Response> {
	const town = c.req.param("townId");
	const read = await readBody(c, agentEventsReport);
	if (!read.ok) return read.response;
	const { agent_id, attempt_id, bead_id, producer, seq, events } = read.body;
	let result: AppendResult;
	try {
		if (!(await isOf(c.env, town, agent_id)))
			return problem(c, 403, "foreign_agent", `Agent "${agent_id}" is not of this town.`, {
				details: { field: "agent_id" },
			});
		result = await agentStub(c.env, agent_id).append({
			town,
			agent: agent_id,
			producer,
			producerSeq: seq,
			attempt: attempt_id,
			bead: bead_id,
			events,
		});
	} catch (error) {
		logFailure("append", { town, agent: agent_id }, error);
		return problem(c, 503, "stream_unavailable", "The agent's stream did not answer. Send the batch again.");
	}
	if (result.ok) return c.json({ seq: result.seq, interval: result.interval, duplicate: result.duplicate });
	const status = result.code === "gap" ? 409 : 403;
	return problem(c, status, result.code, result.message, { details: { expected: result.expected } });
}

async function isOf(env: Env, town: string, agent: string): Promise<boolean> {
	const pair = JSON.stringify([town, agent]);
	if (known.has(pair)) return true;
	if (!(await townStub(env, town).ownsAgent(agent))) return false;
	if (known.size >= KNOWN) known.clear();
	known.add(pair);
	return true;
}
