import { useEffect } from "react";
import { agentName, lastExitOf } from "../../shared/town-view/index.ts";
import { Attempts } from "../bead/attempts.tsx";
import { Cost } from "../bead/cost.tsx";
import { Holds } from "../bead/holds-section.tsx";
import { GitOperations } from "../bead/review.tsx";
import { Section } from "../bead/section.tsx";
import { InterventionsOn } from "../ledger/interventions-on.tsx";
import { SaidThen } from "../past/said-then.tsx";
import type { AgentPart } from "../routes/address.ts";
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
import { Beats } from "./beats.tsx";
import { RawStream } from "./raw-stream.tsx";
import { removedOf } from "./removed.ts";
import { RemovedLine } from "./removed-line.tsx";
import { SeenBy } from "./seen-by.tsx";
import { StatusTimeline } from "./status-timeline.tsx";
import { StreamGate } from "./stream-gate.tsx";
import { Conversation } from "./stream-view.tsx";
import { ToolsList } from "./tools-list.tsx";

type Props = {
	id: string;
	raw: boolean;
	part: AgentPart | null;
	wide: boolean;
	onWide(): void;
	onClose(): void;
};

const PARTS = [
	{ value: "conversation", label: "Conversation" },
	{ value: "raw", label: "Raw" },
	{ value: "tools", label: "Tools" },
	{ value: "timeline", label: "Timeline" },
	{ value: "attempts", label: "Attempts" },
	{ value: "usage", label: "Usage" },
	{ value: "interventions", label: "Interventions" },
] as const;
type Part = (typeof PARTS)[number]["value"];

const isStream = (part: Part) => part === "conversation" || part === "raw" || part === "tools";

/** Everything of one agent: how it stands, what is wrong, and its live stream. Opens though the agent is gone: streams outlive it. */
export function AgentInspector({ id, raw, part, wide, onWide, onClose }: Props) {
	const { view, client, open, past } = useOpenTown();
	const desk = useMedia("(min-width: 1280px)");
	const shown: Part = raw ? "raw" : (part ?? "conversation");
	useEffect(() => client.follow(id), [client, id]);
	const choose = (next: Part) =>
		open({
			kind: "agent",
			id,
			raw: next === "raw",
			...(next === "raw" || next === "conversation" ? {} : { part: next }),
		});
	useKeys("agent", { v: () => choose(shown === "raw" ? "conversation" : "raw") });
	const agent = view.tables.agent_metadata.get(id);
	const own = view.tables.beads.get(id);
	const rig = own?.rig_id;
	const removed = agent ? removedOf(agent, own) : null;
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
				{removed ? <RemovedLine removed={removed} exit={exit} /> : null}
				{agent && !removed ? (
					<>
						<AgentHead agent={agent} exit={exit} />
						<SeenBy agent={agent} />
					</>
				) : null}
				{agent ? null : (
					<Empty title="No agent of this town has this id.">
						What an agent said is kept for 30 days after it was removed.
					</Empty>
				)}
				<CauseCard kind="agent" id={id} />
			</div>
			{agent && !removed ? <Asks agent={id} /> : null}
			{agent && !removed ? <ActionBar kind="agent" id={id} /> : null}
			<div className="@container shrink-0 border-y border-kumo-hairline">
				<div className="flex items-center gap-2 overflow-x-auto px-4 py-1 @max-[490px]:px-2">
					<SegmentedTabs label="Parts of the agent" tabs={PARTS} value={shown} onValue={choose} />
				</div>
			</div>
			{past?.is === "there" && isStream(shown) ? (
				<SaidThen agent={id} at={past.moment.at} />
			) : isStream(shown) ? (
				<StreamGate agent={id}>
					{shown === "tools" ? (
						<ToolsList agent={id} />
					) : wide && desk && shown === "conversation" ? (
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
						<>
							<Section title="Status">
								<StatusTimeline id={id} />
							</Section>
							<Section title="Hooks">
								<Holds where={{ agent_id: id }} />
							</Section>
							{removed ? null : <Beats id={id} />}
						</>
					) : null}
					{shown === "attempts" ? (
						<>
							<Section
								title="Attempts"
								aside={agent ? `${agent.dispatch_attempts} since the last that began` : undefined}
							>
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
