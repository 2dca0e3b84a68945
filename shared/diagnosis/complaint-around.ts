import type { Agent, Bead } from "../gastown/index.ts";
import { trackedBy, trackersOf } from "../town-view/index.ts";
import type { Facts } from "./facts.ts";
import type { Subject } from "./finding.ts";

/** What a complaint is about, with everything that a cause of it could be told of. */
export type Around = {
	names: Set<string>;
	beads: Bead[];
	agents: Agent[];
	/** The rigs of all that. */
	rigs: string[];
};

export const nameOf = ({ kind, id }: Subject): string => `${kind}:${id}`;

/** The subject, its bead or agents, what reviews or tracks it, its rig, that rig's token, and what is the town's. */
export function aroundOf(facts: Facts, subject: Subject): Around {
	const { view, look } = facts;
	const ids = new Set<string>();
	const agents = new Set<Agent>();
	const take = (agent: Agent | undefined) => {
		if (!agent) return;
		agents.add(agent);
		if (agent.current_hook_bead_id !== null) ids.add(agent.current_hook_bead_id);
	};
	if (subject.kind === "agent" || subject.kind === "mayor") take(look.agent(subject.id));
	if (subject.kind === "bead") ids.add(subject.id);
	for (const id of [...ids])
		for (const other of [...trackersOf(view, id), ...trackedBy(view, id)]) ids.add(other.bead_id);
	const beads = [...ids].flatMap((id) => look.bead(id) ?? []);
	for (const bead of beads) {
		for (const agent of look.agentsHookedTo(bead.bead_id)) take(agent);
		take(look.agent(bead.assignee_agent_bead_id ?? ""));
	}
	const [own = ""] = subject.kind === "credential" ? subject.id.split("/") : [];
	const rigs = [
		subject.kind === "rig" ? subject.id : own,
		...beads.map(({ rig_id }) => rig_id ?? ""),
		...[...agents].map(({ bead_id }) => look.bead(bead_id)?.rig_id ?? ""),
		...(subject.kind === "town" || subject.kind === "container" ? view.tables.rigs.keys() : []),
	].filter((rig) => view.tables.rigs.has(rig));
	const mayor = facts.agents.find(({ role }) => role === "mayor");
	const within = subject.kind === "rig" || subject.kind === "credential" ? rigs : null;
	const all = WIDE.includes(subject.kind) ? everything(facts, within) : { beads, agents: [...agents] };
	const names = new Set([
		...[nameOf(subject), "container:container", "town:town"],
		...["credential:town/kilo", "credential:town/container"],
		...(mayor ? [`mayor:${mayor.bead_id}`] : []),
		...all.beads.map(({ bead_id }) => `bead:${bead_id}`),
		...all.agents.map(({ bead_id }) => `agent:${bead_id}`),
		...rigs.flatMap((rig) => [`rig:${rig}`, `credential:${rig}/git`]),
	]);
	return { names, rigs: [...new Set(rigs)], ...all };
}
const WIDE: readonly string[] = ["town", "container", "rig", "credential"];

/** Of a rig, a token, the container or the town: all that is under way there. */
function everything(
	{ agents, unfinished, look }: Facts,
	rigs: readonly string[] | null,
): Pick<Around, "beads" | "agents"> {
	const inside = (rig: string | null | undefined) => rigs === null || rigs.includes(rig ?? "");
	return {
		beads: unfinished.filter(({ rig_id }) => inside(rig_id)),
		agents: agents.filter(({ bead_id }) => inside(look.bead(bead_id)?.rig_id)),
	};
}
