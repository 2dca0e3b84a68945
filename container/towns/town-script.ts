import type { IngestClient } from "../ingest-client.ts";
import type { TownPlayer } from "../town-player.ts";

export type AgentPlan = { name: string; role: "mayor" | "refinery" | "polecat"; rig: string | null };

/** One town of the demo: what there is from the beginning, and what goes on. */
export type TownScript = {
	id: string;
	name: string;
	owner: { type: "user" | "org"; id: string };
	/** Ids are made of the town's and the rig's: `harbor-lights.storefront`. */
	rigs: { name: string; git_url: string; config?: Record<string, unknown> }[];
	agents: AgentPlan[];
	/** Once, when the town is new. */
	seed?: (client: IngestClient, say: (line: string) => void) => Promise<void>;
	/** Everything that happens, until the container ends. */
	play: (player: TownPlayer) => Promise<void>;
};

/** Id of a rig or an agent of a town: unique over all towns, readable in an address. */
export const idIn = (town: string, name: string): string => `${town}.${name.toLowerCase()}`;
