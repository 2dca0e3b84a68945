import { ok } from "../town.ts";

/** Nothing of the town changes: the container is asked, and tells in its heartbeat what the session has then. */
const asked = () => ok(null);

export const APPLY_SESSION = { "agent.set-model": asked, "mayor.refresh-prompt": asked };
