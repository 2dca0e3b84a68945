import { container } from "./container.ts";
import { credentials } from "./credentials.ts";
import type { Drill } from "./drill.ts";
import { stuckAgent } from "./stuck-agent.ts";

/** Every drill, in the order of the scenarios. */
export const DRILLS: readonly Drill[] = [...stuckAgent, ...container, ...credentials];
