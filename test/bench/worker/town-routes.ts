import { agentStub } from "../../../worker/stubs.ts";
import type { MeasuredTownDO } from "./measured-town-do.ts";

/** What a town is driven with, below `/town/`. */
export const townRoute = async (url: URL, env: Env): Promise<Response> =>
	Response.json((await drive(url, env)) ?? null);

async function drive(url: URL, env: Env): Promise<unknown> {
	const name = url.searchParams.get("name") ?? "";
	const number = (key: string) => Number(url.searchParams.get(key));
	const town = (env.TOWN as unknown as DurableObjectNamespace<MeasuredTownDO>).getByName(name);
	switch (url.pathname) {
		case "/town/found":
			return town.found(number("agents"), number("open"));
		case "/town/end":
			return town.end(number("from"), number("count"));
		case "/town/settle":
			return town.settle();
		case "/town/look":
			return town.look(number("count"), number("change") === 1);
		case "/town/taken":
			return town.taken();
		case "/town/say":
			return say(env, name, url.searchParams.get("agent") ?? "", number("round"));
		default:
			throw new Error(`no ${url.pathname} here`);
	}
}

const SESSION = { sessionID: "ses_bench", messageID: "msg_bench" };

/** Five events of one agent: some words, and what the step has cost, which is told to its town (STREAM-4). */
async function say(env: Env, town: string, agent: string, round: number): Promise<void> {
	const event = (type: string, properties: object) => ({ at: Date.now(), id: null, type, properties });
	const words = { ...SESSION, partID: "prt_bench", field: "text", delta: `word ${round} ` };
	const tokens = { input: round, output: 10 * round, reasoning: 0, cache: { read: 0, write: 0 } };
	const info = { id: SESSION.messageID, role: "assistant", ...SESSION, modelID: "m", cost: round, tokens };
	const appended = await agentStub(env, agent).append({
		...{ town, agent, producer: "bench", producerSeq: round, attempt: `attempt-of-${agent}`, bead: null },
		events: [
			...Array.from({ length: 4 }, () => event("message.part.delta", words)),
			event("message.updated", { ...SESSION, info }),
		],
	});
	if (!appended.ok) throw new Error(appended.message);
}
