/** An agent as `listAgents` tells of it. */
export type ListedAgent = {
	id: string;
	name: string;
	role: string;
	rig_id: string | null;
	status: string;
	/** Bead on its hook, and that bead's title. */
	hook: string | null;
	hook_title: string | null;
};
export type ListedAgents = { agents: ListedAgent[] };

/** Work that could be begun, as `readyBeads` tells of it. */
export type ReadyBead = { bead_id: string; title: string; labels: string[] };
