import type { Running } from "../support/app.ts";
import { admin, type RealTown, realTown } from "../support/local-world.ts";
import type { HeldModel } from "./held-model.ts";

/** A town whose container runs so many agents at once, which ask this model. */
export async function townWithModel(app: Running, model: HeldModel, agents: number): Promise<RealTown> {
	const town = await realTown(app, { config: { max_polecats_per_rig: agents } });
	await admin(app, "container-env", { town: town.id, env: { MODEL_URL: model.url } });
	return town;
}

/** What runs there ends, and nothing more is started, so that it does not disturb what is measured next. */
export async function atRest(app: Running, town: RealTown): Promise<void> {
	await town.client.gastown("setTownState", { key: "run_policy", value: { policy: "paused_by_user" } });
	await admin(app, "kill-container", { town: town.id });
}
