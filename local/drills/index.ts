import { container } from "./container.ts";
import { convoy } from "./convoy.ts";
import { credentials } from "./credentials.ts";
import type { Drill } from "./drill.ts";
import { mayor } from "./mayor.ts";
import { refinery } from "./refinery.ts";
import { spend } from "./spend.ts";
import { stuckAgent } from "./stuck-agent.ts";
import { stuckBead } from "./stuck-bead.ts";

/** Every drill, in the order of the scenarios. */
export const DRILLS: readonly Drill[] = [
	...stuckAgent, ...stuckBead, ...refinery, ...container, ...credentials, ...convoy, ...mayor, ...spend,
]; // biome-ignore format: a list
