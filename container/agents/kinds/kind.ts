/** How the server of one kind of agent is started; everything else is the same for all of them. */
export type Kind = {
	/** Its start costs seconds of a core and has to end in time: never two of a container at once (sdk-events.md §7). */
	startsAlone: boolean;
	command(options: { model: string; home: string; modelUrl: string }): {
		program: string;
		args: string[];
		env: Record<string, string>;
		/** The `Authorization` that its server wants of who asks it. */
		authorization?: string;
	};
};

/** `provider/model` as the servers want it. */
export function modelName(model: string): { providerID: string; modelID: string } {
	const [providerID = "scripted", ...rest] = model.split("/");
	return { providerID, modelID: rest.join("/") || "m" };
}

/** Commands that nobody runs without being asked, whatever the kind. */
export const PERMISSIONS = { bash: { "*": "allow", "rm *": "ask" }, doom_loop: "allow" } as const;
