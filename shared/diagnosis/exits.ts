import type { AgentExit } from "../gastown/index.ts";

/** By what the container told of it; else by how it ended: SIGTERM is how processes are told to end. */
export const isCrash = ({ status, signal, code }: AgentExit): boolean =>
	status === null
		? (signal ?? "SIGTERM") !== "SIGTERM" || ![null, 0, 143].includes(code)
		: status === "failed";
