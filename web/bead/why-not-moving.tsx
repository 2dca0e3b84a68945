import type { Bead } from "../../shared/gastown/index.ts";
import type { Finding } from "../../shared/diagnosis/finding.ts";
import { activeToolsOf, agentName, blockerChain, timeOf } from "../../shared/town-view/index.ts";
import { markKey, type OpenTown, useOpenTown } from "../town/open-town.ts";
import { SubjectLink } from "../town/subject-link.tsx";
import { clockTime, duration, Sign } from "../ui/index.ts";

/** Every bead that does not move has this line, finding or not (D7). */
export function WhyNotMoving({ bead }: { bead: Bead }) {
	const town = useOpenTown();
	if (bead.status === "closed") return null;
	const finding = town.marks.get(markKey("bead", bead.bead_id));
	if (finding) return <Because finding={finding} />;
	const notice = town.diagnosis.notices.find(({ subject }) => subject.kind === "bead" && subject.id === bead.bead_id);
	return (
		<p className="flex flex-wrap gap-x-2 px-4 pb-2">
			<span className="text-tone-quiet">Why it is where it is:</span>
			<span>{notice ? notice.sentence : <Plain bead={bead} town={town} />}</span>
		</p>
	);
}

function Because({ finding }: { finding: Finding }) {
	const critical = finding.severity === "critical";
	return (
		<p className="flex gap-2 px-4 pb-2">
			<Sign name={critical ? "failed" : "warning"} tone={critical ? "bad" : "warn"} />
			<span>
				<span className="text-tone-quiet">Why it is not moving: </span>
				{finding.sentence}
			</span>
		</p>
	);
}

/** The plain reason, by the bead's own row and its agent's. */
function Plain({ bead, town }: { bead: Bead; town: OpenTown }) {
	const { view, sight } = town;
	const id = bead.bead_id;
	if (bead.status === "failed") return "It failed. Nothing retries it by itself.";
	if (bead.status === "in_review") {
		const request = [...(view.indexes.dependents.get(id) ?? [])]
			.map((key) => view.tables.bead_dependencies.get(key))
			.find((link) => link?.dependency_type === "tracks");
		return request ? (
			<>
				It waits for its review: <SubjectLink subject={{ kind: "bead", id: request.bead_id }} />
			</>
		) : (
			"It is in review, and no merge request tracks it."
		);
	}
	if (bead.status === "in_progress") {
		const agent = [...(view.indexes.agentsByHook.get(id) ?? [])].map((key) => view.tables.agent_metadata.get(key))[0];
		if (!agent) return "No agent is hooked to it.";
		const [tool] = activeToolsOf(agent);
		const at = timeOf(agent.last_event_at);
		const heard = at === null ? "no event seen yet" : `last event ${duration(Math.max(0, sight.now - at), true)} ago`;
		return `It moves: ${agentName(view, agent.bead_id)} works on it, ${tool ? `running ${tool}` : heard}.`;
	}
	const chain = blockerChain(view, id);
	if (chain)
		return (
			<>
				It waits for <SubjectLink subject={{ kind: "bead", id: chain.path.at(-1) ?? id }} />
				{chain.end === "open" ? "" : `, which is ${chain.end === "cycle" ? "part of a cycle" : chain.end}`}.
			</>
		);
	const tried = timeOf(bead.last_dispatch_attempt_at);
	if (tried !== null && bead.dispatch_attempts > 0)
		return `Dispatch was tried ${bead.dispatch_attempts} times, last at ${clockTime(tried)}${
			bead.last_dispatch_error ? `: ${bead.last_dispatch_error}` : ""
		}.`;
	return bead.status === "open" ? "It waits to be dispatched." : `Its status is ${bead.status}.`;
}
