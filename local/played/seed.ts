import type { ListedAgents } from "../../shared/ingest/index.ts";
import { type IngestClient, Refused } from "./ingest-client.ts";
import { idIn, type TownScript } from "./towns/town-script.ts";

/** A new town is told as one that was made an hour ago: what goes on in it began before it was first seen. */
const BORN_BEFORE_MS = 3_600_000;

/**
 * Makes a town with its rigs and agents where they are not there yet, seeds it once, and tells of agents that still count as
 * working from an earlier run that their process is gone. May be repeated at any time, also after it was broken off. Throws
 * where the state is of an older demo, whose rigs and agents have the same names under other ids. `fresh`: no agent was there.
 */
export async function seedTown(
	script: TownScript,
	client: IngestClient,
	say: (line: string) => void,
): Promise<{ fresh: boolean }> {
	const { id: town, name, owner } = script;
	const born = Date.now() - BORN_BEFORE_MS;
	const { created_at } = await client
		.gastown<"createTown", { created_at: string }>(
			"createTown",
			{
				...{ name, owner_type: owner.type, owner_id: owner.id },
			},
			undefined,
			born,
		)
		.catch(ofOlderDemo);
	await client.gastown("setTownState", { key: "config", value: { external_container: true } });
	const { agents } = await client.gastown<"listAgents", ListedAgents>("listAgents", {});
	const known = new Set(agents.map((agent) => agent.id));
	for (const rig of script.rigs) {
		const id = idIn(town, rig.name);
		await client
			.gastown(
				"createRig",
				{
					...{ id, name: rig.name, git_url: rig.git_url, config: rig.config },
					platform_integration_id: "github-app",
				},
				undefined,
				born,
			)
			.catch(unlessThere(id))
			.catch(ofOlderDemo);
	}
	for (const [n, agent] of script.agents.entries()) {
		const id = idIn(town, agent.name);
		if (known.has(id)) continue;
		// The last agent is made when everything else is there: it stands for a finished seeding.
		if (n === script.agents.length - 1) await script.seed?.({ client, say, since: Date.parse(created_at) });
		await client
			.gastown(
				"createAgent",
				{
					...{ id, role: agent.role, name: agent.name },
					rig_id: agent.rig && idIn(town, agent.rig),
				},
				undefined,
				born,
			)
			.catch(unlessThere(id))
			.catch(ofOlderDemo);
	}
	for (const { id, status } of agents)
		if (status === "working" || status === "waiting" || status === "stalled")
			await client.post("completions", {
				...{ agent_id: id, attempt_id: null, status: "evicted", reason: "the container was started anew" },
			});
	return { fresh: agents.length === 0 };
}

/** Passes over the refusal to create what is there already under this very id; any other is thrown on. */
export function unlessThere(id: string): (error: unknown) => void {
	return (error) => {
		if (!(error instanceof Refused && error.code === "exists" && error.details.id === id)) throw error;
	};
}

/** What the script makes is there as something else. */
function ofOlderDemo(error: unknown): never {
	if (!(error instanceof Refused && error.code === "exists")) throw error;
	throw new Error(
		`This state is of an older demo: \`npm run reset\` forgets it, then start again. (${error.message})`,
	);
}
