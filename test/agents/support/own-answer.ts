import { startProcess } from "../../../container/agents/agent-process.ts";
import { kilo, opencode } from "../../../container/agents/kinds/served.ts";
import { SdkClient } from "../../../container/agents/sdk-client.ts";
import type { Agents } from "../../../scripts/lib/app.ts";
import type { Message } from "../../../shared/conversation/index.ts";

const KINDS = { opencode, kilo };

export type Asked = { home: string; directory: string; session: string };

/**
 * What the agent's own server says of a session whose process has ended: the same server, started once more on what it kept of it. Nobody is
 * in the middle of anything then, so that there is one answer.
 */
export async function ownAnswer(agents: Agents, { home, directory, session }: Asked): Promise<Message[]> {
	process.env.AGENT_BINARY = agents.binary;
	const nowhere = { model: "scripted/m", modelUrl: "http://127.0.0.1:9/v1" };
	const { program, args, env, authorization } = KINDS[agents.kind].command({ home, ...nowhere });
	const server = startProcess(
		{ program, args, cwd: directory, env: { PATH: agents.path, HOME: home, ...env } },
		() => undefined,
	);
	try {
		const client = new SdkClient(await server.url, directory, authorization);
		return await client.ask<Message[]>("GET", `/session/${session}/message`);
	} finally {
		await server.end("term");
	}
}
