import { TOWN_TABLES } from "../../../shared/gastown/index.ts";

const { agent_metadata: agents } = TOWN_TABLES;
const { checkpoint } = agents.columns;

/** What is shown of this town: Gastown's tables, with what an agent keeps for itself masked. */
export const tables = {
	...TOWN_TABLES,
	agent_metadata: {
		...agents,
		columns: { ...agents.columns, checkpoint: { ...checkpoint, secret: true, json: false } },
	},
};
