import type { LaunchOptions } from "../agent-session.ts";

/** How the server of one kind of agent is started; everything else is the same for all of them. */
export type Kind = {
	command(options: LaunchOptions): { program: string; args: string[]; env: Record<string, string> };
};

/** `provider/model` as the servers want it. */
export function modelName(model: string): { providerID: string; modelID: string } {
	const [providerID = "scripted", ...rest] = model.split("/");
	return { providerID, modelID: rest.join("/") || "m" };
}

/** Commands that nobody runs without being asked, whatever the kind. */
export const PERMISSIONS = { bash: { "*": "allow", "rm *": "ask" }, doom_loop: "allow" } as const;
