import type { BeadEvent } from "../../shared/gastown/index.ts";
import { timeOf } from "../../shared/town-view/index.ts";
import { inOrder } from "./history.ts";

/** A stretch of time in which an agent had a bead on its hook, or was its assignee. Milliseconds; `to` null while it lasts. */
export type Hold = {
	how: "hook" | "assignee";
	agent: string;
	bead: string;
	/** Null where its beginning is not loaded. */
	from: number | null;
	to: number | null;
	/** Why it was let go, where the history says it. */
	why: string | null;
};

/** Who had it when, by the history of beads: of one bead, or of all that one agent had. Oldest first. */
export function holdsOf(events: Iterable<BeadEvent>): Hold[] {
	const holds: Hold[] = [];
	const begin = (how: Hold["how"], agent: string, bead: string, from: number) =>
		holds.push({ how, agent, bead, from, to: null, why: null });
	const end = (how: Hold["how"], agent: string, bead: string, to: number, why: string | null) => {
		const open = holds.findLast(
			(hold) => hold.how === how && hold.agent === agent && hold.bead === bead && hold.to === null,
		);
		if (open) Object.assign(open, { to, why });
		else holds.push({ how, agent, bead, from: null, to, why });
	};
	for (const event of inOrder(events)) {
		const at = timeOf(event.created_at);
		if (at === null) continue;
		const { bead_id: bead, event_type: type, old_value: old, new_value: next, agent_id: by } = event;
		if (type === "hooked" && (next ?? by)) begin("hook", next ?? by ?? "", bead, at);
		else if (type === "unhooked" && (old ?? by)) end("hook", old ?? by ?? "", bead, at, reasonOf(event));
		else if (type === "assigned") {
			if (old) end("assignee", old, bead, at, null);
			if (next) begin("assignee", next, bead, at);
		}
	}
	return holds;
}

function reasonOf({ metadata }: BeadEvent): string | null {
	const reason = (metadata as { reason?: unknown } | null)?.reason;
	return typeof reason === "string" ? reason.replaceAll("_", " ") : null;
}
