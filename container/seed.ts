import type { IngestClient } from "./ingest-client.ts";
import { unlessRefused } from "./town-player.ts";
import { idIn, type TownScript } from "./towns/town-script.ts";

type Listed = { agents: { id: string; status: string }[] };

/**
 * Makes a town with its rigs and agents where they are not there yet, seeds it once, and tells of agents that still count as
 * working from an earlier run that their process is gone. May be repeated at any time.
 */
export async function seedTown(
	script: TownScript,
	client: IngestClient,
	say: (line: string) => void,
): Promise<void> {
	const { id: town, name, owner } = script;
	await client
		.gastown("createTown", { name, owner_type: owner.type, owner_id: owner.id })
		.catch(unlessRefused);
	const { agents } = await client.gastown<"listAgents", Listed>("listAgents", {});
	const known = new Set(agents.map((agent) => agent.id));
	for (const rig of script.rigs)
		await client
			.gastown("createRig", {
				...{ id: idIn(town, rig.name), name: rig.name, git_url: rig.git_url, config: rig.config },
				platform_integration_id: "github-app",
			})
			.catch(unlessRefused);
	for (const [n, agent] of script.agents.entries()) {
		const id = idIn(town, agent.name);
		if (known.has(id)) continue;
		// The last agent is made when everything else is there: it stands for a finished seeding.
		if (n === script.agents.length - 1) await script.seed?.(client, say);
		await client
			.gastown("createAgent", {
				...{ id, role: agent.role, name: agent.name },
				rig_id: agent.rig && idIn(town, agent.rig),
			})
			.catch(unlessRefused);
	}
	for (const { id, status } of agents)
		if (status === "working" || status === "waiting" || status === "stalled")
			await client.post("completions", {
				...{ agent_id: id, attempt_id: null, status: "evicted", reason: "the container was started anew" },
			});
}
