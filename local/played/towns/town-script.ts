import { createHash } from "node:crypto";
import type { IngestClient } from "../ingest-client.ts";
import type { TownPlayer } from "../town-player.ts";

export type AgentPlan = { name: string; role: "mayor" | "refinery" | "polecat"; rig: string | null };

export type Seeding = {
	client: IngestClient;
	/** When the town was made (epoch milliseconds): the same at every try, so that a repeat makes what the first try made. */
	since: number;
	say: (line: string) => void;
};

/** One town of the demo: what there is from the beginning, and what goes on. */
export type TownScript = {
	id: string;
	name: string;
	owner: { type: "user" | "org"; id: string };
	rigs: { name: string; git_url: string; config?: Record<string, unknown> }[];
	agents: AgentPlan[];
	/** When the town is new. Broken off, it is done again from its beginning, so that each step passes over what is there. */
	seed?: (seeding: Seeding) => Promise<void>;
	/** Everything that happens, until the container ends. */
	play: (player: TownPlayer) => Promise<void>;
};

/** Id of a rig, an agent or a bead that the script names: a uuid like Gastown's, the same at every start. */
export function idIn(town: string, name: string): string {
	const hash = createHash("sha256").update(`${town}/${name.toLowerCase()}`).digest("hex");
	return [
		hash.slice(0, 8),
		hash.slice(8, 12),
		`5${hash.slice(13, 16)}`,
		`a${hash.slice(17, 20)}`,
		hash.slice(20, 32),
	].join("-");
}
