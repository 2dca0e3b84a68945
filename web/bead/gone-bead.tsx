import { InterventionsOn } from "../ledger/interventions-on.tsx";
import { look, Status } from "../ui/index.ts";
import { Attempts } from "./attempts.tsx";
import { Conversations } from "./conversations.tsx";
import { History } from "./history-section.tsx";
import { Holds } from "./holds-section.tsx";
import { GitOperations } from "./review.tsx";
import { Section } from "./section.tsx";

/** What stays of a bead that the town no longer has: journals, streams and the ledger outlive it. */
export function GoneBead({ id }: { id: string }) {
	return (
		<>
			<div className="flex flex-col gap-1 px-4 py-3">
				<Status look={look("gone", "Not in this town", "quiet")} />
				<p>
					No bead has this id now. It may have been deleted; its history and its agents' streams are kept.
				</p>
			</div>
			<Section title="History">
				<History id={id} bead={null} />
			</Section>
			<Section title="Hooks and assignees">
				<Holds where={{ bead_id: id }} />
			</Section>
			<Section title="Conversations">
				<Conversations id={id} />
			</Section>
			<Section title="Attempts">
				<Attempts where={{ bead_id: id }} name="agent" />
			</Section>
			<Section title="Git">
				<GitOperations where={{ bead_id: id }} />
			</Section>
			<Section title="Interventions">
				<InterventionsOn id={id} />
			</Section>
		</>
	);
}
