import { convoy } from "./convoy.ts";
import type { Drill } from "./drill.ts";
import { refinery } from "./refinery.ts";
import { stuckAgent } from "./stuck-agent.ts";

/** Every drill, in the order of the scenarios. */
export const DRILLS: readonly Drill[] = [...stuckAgent, ...refinery, ...convoy];
