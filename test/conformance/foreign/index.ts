import { liveAgent, liveOwner, liveTown } from "../../../worker/attach/index.ts";
import { ForeignAgentDO } from "./agent-do.ts";
import { setPriority, updateBeadStatus } from "./beads.ts";
import { ForeignTownDO } from "./town-do.ts";
import { ForeignUserDO } from "./user-do.ts";

export { tables } from "./tables.ts";

type ForeignEnv = { TOWN: DurableObjectNamespace<InstanceType<typeof TownDO>> };

/** A running Gastown, attached: these lines are all that its worker has of the console. */
export const TownDO = liveTown(ForeignTownDO, {
	describe: async (town, id) => {
		const [[config]] = (await town.exec(["SELECT value FROM town_state WHERE key = 'config'"])) as [
			{ value: string }[],
		];
		const owner = config && (JSON.parse(config.value) as { owner_user_id: string });
		return owner ? { id, name: id, owner_type: "user", owner_id: owner.owner_user_id } : null;
	},
	masks: { agent_metadata: ["checkpoint"] },
	kept: {
		"town:config": {
			as: "config",
			show: (value) => ({ ...(value as object), kilocode_token: "masked" }),
		},
		"town:draining": { as: "drain", show: (nonce) => ({ nonce, started_at: "" }) },
	},
	interventions: {
		"bead.priority": (town, { target, params }) => setPriority(town.sql, target, String(params.priority)),
		"bead.close": (town, { target }) => updateBeadStatus(town.sql, target, "closed"),
		"bead.fail": (town, { target, reason }) => {
			updateBeadStatus(town.sql, target, "failed");
			if (reason === "half way") throw new Error("The forge holds it.");
			return async () => {
				town.sql.exec("UPDATE beads SET body = 'told outside' WHERE bead_id = ?", target);
			};
		},
	},
});
export const AgentDO = liveAgent(ForeignAgentDO, {
	belongsTo: (env: ForeignEnv, town, agent) => env.TOWN.getByName(town).ownsAgent(agent),
});
export const GastownUserDO = liveOwner(ForeignUserDO);

export default {
	fetch: () => new Response("a Gastown"),
};
