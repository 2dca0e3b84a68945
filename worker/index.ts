export { AdminSessionDO } from "./admin-session-do.ts";
export { AgentDO } from "./agent-do.ts";
export { app as default } from "./api/app.ts";
export { GastownOrgDO } from "./gastown-org-do.ts";
export { GastownUserDO } from "./gastown-user-do.ts";
export { TownContainerDO } from "./town-container-do.ts";
export { TownDO } from "./town-do.ts";
