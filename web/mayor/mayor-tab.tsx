import { useEffect } from "react";
import { Asks } from "../agent/asks.tsx";
import { SeenBy } from "../agent/seen-by.tsx";
import { StreamGate } from "../agent/stream-gate.tsx";
import { Conversation } from "../agent/stream-view.tsx";
import { Attempts } from "../bead/attempts.tsx";
import { Section } from "../bead/section.tsx";
import { ActionBar } from "../town/action-bar.tsx";
import { ActionDock } from "../town/action-dock.tsx";
import { CauseCard } from "../town/cause-card.tsx";
import { useOpenTown } from "../town/open-town.ts";
import { Empty } from "../ui/index.ts";
import { MayorFacts } from "./mayor-facts.tsx";
import { WaitingMessages } from "./waiting-messages.tsx";

/** Does the mayor answer? What is known of it in three places, its conversation, and what it has not been told yet. */
export function MayorTab({ inspected }: { inspected: string | null }) {
	const { view, client } = useOpenTown();
	const mayor = [...view.tables.agent_metadata.values()].find(
		({ role, status }) => role === "mayor" && status !== "dead",
	);
	const id = mayor?.bead_id ?? null;
	useEffect(() => (id === null ? undefined : client.follow(id)), [client, id]);
	if (!mayor || id === null)
		return <Empty title="This town has no mayor.">It gets one with its first conversation.</Empty>;
	return (
		<div className="flex min-h-0 flex-1 max-lg:flex-col max-lg:overflow-y-auto">
			<div className="min-h-0 shrink-0 overflow-y-auto border-kumo-hairline max-lg:overflow-visible lg:w-[44%] lg:max-w-[560px] lg:border-r">
				<CauseCard kind="agent" id={id} />
				<div className="pt-2">
					<SeenBy agent={mayor} />
				</div>
				<ActionBar kind="agent" id={id} />
				<Asks agent={id} />
				<MayorFacts agent={mayor} />
				<WaitingMessages id={id} />
				<Section title="Starts">
					<Attempts where={{ agent_id: id }} name="agent" />
				</Section>
			</div>
			<section
				aria-label="Conversation of the mayor"
				className="flex min-h-0 min-w-0 flex-1 flex-col max-lg:min-h-[480px] max-lg:flex-none max-lg:border-t max-lg:border-kumo-hairline"
			>
				<StreamGate agent={id}>
					<Conversation agent={id} />
				</StreamGate>
				{inspected === id ? null : <ActionDock kind="agent" id={id} />}
			</section>
		</div>
	);
}
