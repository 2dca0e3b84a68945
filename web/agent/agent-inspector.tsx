import { useEffect, useState } from "react";
import { agentName, lastExitOf } from "../../shared/town-view/index.ts";
import { Attempts } from "../bead/attempts.tsx";
import { Cost } from "../bead/cost.tsx";
import { GitOperations } from "../bead/review.tsx";
import { Section } from "../bead/section.tsx";
import { InterventionsOn } from "../ledger/interventions-on.tsx";
import { useKeys } from "../routes/keys.ts";
import { ActionBar } from "../town/action-bar.tsx";
import { ActionDock } from "../town/action-dock.tsx";
import { CauseCard } from "../town/cause-card.tsx";
import { useOpenTown } from "../town/open-town.ts";
import { SegmentedTabs } from "../town/segmented-tabs.tsx";
import { useMedia } from "../town/use-media.ts";
import { Empty, Inspector } from "../ui/index.ts";
import { AgentHead } from "./agent-head.tsx";
import { Asks } from "./asks.tsx";
import { RawStream } from "./raw-stream.tsx";
import { SeenBy } from "./seen-by.tsx";
import { StatusTimeline } from "./status-timeline.tsx";
import { StreamGate } from "./stream-gate.tsx";
import { Conversation } from "./stream-view.tsx";

type Props = { id: string; raw: boolean; wide: boolean; onWide(): void; onClose(): void };

const PARTS = [
	{ value: "conversation", label: "Conversation" },
	{ value: "raw", label: "Raw" },
	{ value: "timeline", label: "Timeline" },
	{ value: "attempts", label: "Attempts" },
	{ value: "usage", label: "Usage" },
	{ value: "interventions", label: "Interventions" },
] as const;
type Part = (typeof PARTS)[number]["value"];

/** Everything of one agent: how it stands, what is wrong, and its live stream. Opens though the agent is gone: streams outlive it. */
export function AgentInspector({ id, raw, wide, onWide, onClose }: Props) {
	const { view, client, open } = useOpenTown();
	const desk = useMedia("(min-width: 1280px)");
	const [part, setPart] = useState<Part>(raw ? "raw" : "conversation");
	const shown = raw ? "raw" : part === "raw" ? "conversation" : part;
	useEffect(() => client.follow(id), [client, id]);
	const choose = (next: Part) => {
		setPart(next);
		if ((next === "raw") !== raw) open({ kind: "agent", id, raw: next === "raw" });
	};
	useKeys({ v: () => choose(shown === "raw" ? "conversation" : "raw") });
	const agent = view.tables.agent_metadata.get(id);
	const rig = view.tables.beads.get(id)?.rig_id;
	const meta = agent
		? [agent.role, rig ? `rig ${view.tables.rigs.get(rig)?.name ?? rig.slice(0, 8)}` : null]
				.filter(Boolean)
				.join(" · ")
		: "not in this town now";
	const exit = agent ? lastExitOf(agent) : null;
	return (
		<Inspector
			title={agentName(view, id)}
			id={id}
			meta={meta}
			wide={wide}
			onWide={onWide}
			onClose={onClose}
			footer={<ActionDock kind="agent" id={id} />}
		>
			<div className="max-h-[45%] shrink-0 overflow-y-auto">
				{agent ? (
					<>
						<AgentHead agent={agent} exit={exit} />
						<SeenBy agent={agent} />
					</>
				) : (
					<Empty title="This agent has been removed.">Its stream is kept for 30 days after it is gone.</Empty>
				)}
				<CauseCard kind="agent" id={id} />
			</div>
			{agent ? <Asks agent={id} /> : null}
			{agent ? <ActionBar kind="agent" id={id} /> : null}
			<div className="flex shrink-0 items-center gap-2 overflow-x-auto border-y border-kumo-hairline px-4 py-1">
				<SegmentedTabs label="Parts of the agent" tabs={PARTS} value={shown} onValue={choose} />
			</div>
			{shown === "conversation" || shown === "raw" ? (
				<StreamGate agent={id}>
					{wide && desk && shown === "conversation" ? (
						<div className="flex min-h-0 flex-1">
							<div className="flex min-h-0 min-w-0 flex-[3] flex-col">
								<Conversation agent={id} />
							</div>
							<div className="flex min-h-0 min-w-0 flex-[2] flex-col border-l border-kumo-hairline">
								<RawStream agent={id} />
							</div>
						</div>
					) : shown === "raw" ? (
						<RawStream agent={id} />
					) : (
						<Conversation agent={id} />
					)}
				</StreamGate>
			) : (
				<div className="min-h-0 flex-1 overflow-y-auto" data-part={shown}>
					{shown === "timeline" ? (
						<Section title="Status">
							<StatusTimeline id={id} />
						</Section>
					) : null}
					{shown === "attempts" ? (
						<>
							<Section title="Attempts">
								<Attempts where={{ agent_id: id }} name="bead" />
							</Section>
							<Section title="Git">
								<GitOperations where={{ agent_id: id }} />
							</Section>
						</>
					) : null}
					{shown === "usage" ? (
						<Section title="Tokens and cost">
							<Cost side="agent" id={id} />
						</Section>
					) : null}
					{shown === "interventions" ? (
						<Section title="Interventions">
							<InterventionsOn id={id} />
						</Section>
					) : null}
				</div>
			)}
		</Inspector>
	);
}
