export { agentLook } from "./agent-look.ts";
export { beadLook } from "./bead-look.ts";
export { containerLook } from "./container-look.ts";
export { convoyLook } from "./convoy-look.ts";
export * from "./other-looks.ts";
export { reviewLook } from "./review-look.ts";
export { heardAt, nothingRuns, type Sight } from "./sight.ts";
export { type Look, look, SIGNS, unknownLook } from "./signs.ts";
export { FindingSign, Sign, Status } from "./status.tsx";
