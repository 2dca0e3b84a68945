import type { Running } from "../support/app.ts";
import { admin, type RealTown, realTown } from "../support/local-world.ts";
import { sleepUntil } from "./figures.ts";
import type { HeldModel } from "./held-model.ts";

/** A town whose container runs so many agents at once, which ask this model. */
export async function townWithModel(app: Running, model: HeldModel, agents: number): Promise<RealTown> {
	const town = await realTown(app, { config: { max_polecats_per_rig: agents } });
	await admin(app, "container-env", { town: town.id, env: { MODEL_URL: model.url } });
	return town;
}

/** A start takes no longer, or has failed. */
const STARTS_MS = 30_000;

/** What runs there ends, and nothing more is started, so that it does not disturb what is measured next. */
export async function atRest(app: Running, town: RealTown): Promise<void> {
	await town.client.gastown("setTownState", { key: "run_policy", value: { policy: "paused_by_user" } });
	// An agent that is being started is not noted yet: it would outlive its container.
	const deadline = Date.now() + STARTS_MS;
	while (!(await allNoted(town)) && Date.now() < deadline) await sleepUntil(Date.now() + 200);
	await admin(app, "kill-container", { town: town.id });
}

/** Whether each agent that works is among the container's process groups. */
async function allNoted({ client, groups }: RealTown): Promise<boolean> {
	type Listed = { agents: { id: string; status: string }[] };
	const { agents } = await client.gastown<"listAgents", Listed>("listAgents", {});
	try {
		const noted = new Set(groups().map(({ agent_id }) => agent_id));
		return agents.every(({ id, status }) => status !== "working" || noted.has(id));
	} catch {
		// It is just being written.
		return false;
	}
}
