import type { Bead } from "../../shared/gastown/index.ts";
import { labelsOf, metadataOf, timeOf } from "../../shared/town-view/index.ts";
import { maxAttempts } from "../../shared/town-view/selectors.ts";
import { Markdown } from "../agent/markdown.tsx";
import { InterventionsOn } from "../ledger/interventions-on.tsx";
import { CopyButton, CopyLink } from "../routes/copy-link.tsx";
import { ActionBar } from "../town/action-bar.tsx";
import { CauseCard } from "../town/cause-card.tsx";
import { useOpenTown } from "../town/open-town.ts";
import { WholeCell } from "../town/whole-cell.tsx";
import { Time } from "../ui/index.ts";
import { Attempts } from "./attempts.tsx";
import { Conversations } from "./conversations.tsx";
import { Cost } from "./cost.tsx";
import { Dependencies } from "./dependencies.tsx";
import { History } from "./history-section.tsx";
import { Holds } from "./holds-section.tsx";
import { Review } from "./review.tsx";
import { Section } from "./section.tsx";
import { WhyNotMoving } from "./why-not-moving.tsx";

/** The whole of a bead; the answer to "why does it not move?" stands first. */
export function BeadFacts({ bead }: { bead: Bead }) {
	const { view, hrefOf, toTab } = useOpenTown();
	const id = bead.bead_id;
	const labels = labelsOf(bead);
	const made = timeOf(bead.created_at);
	const failure = metadataOf(bead).failureMessage ?? metadataOf(bead).failureReason;
	return (
		<>
			<CauseCard kind="bead" id={id} />
			<WhyNotMoving bead={bead} />
			<ActionBar kind="bead" id={id} />
			{failure ? (
				<p className="px-4 pb-2 text-tone-bad">
					{typeof failure === "string" ? failure : JSON.stringify(failure)}
				</p>
			) : null}
			<Section title="History">
				<History id={id} bead={bead} />
			</Section>
			<Section title="Hooks and assignees">
				<Holds where={{ bead_id: id }} />
			</Section>
			<Section title="Conversations">
				<Conversations id={id} />
			</Section>
			<Section title="Attempts" aside={`${bead.dispatch_attempts} of ${maxAttempts(view, bead.rig_id)} used`}>
				<Attempts where={{ bead_id: id }} name="agent" lastError={bead.last_dispatch_error} />
			</Section>
			<Section title="Dependencies">
				<Dependencies id={id} />
			</Section>
			<Section title="Review and git">
				<Review id={id} />
			</Section>
			<Section title="Cost">
				<Cost side="bead" id={id} />
			</Section>
			<Section title="Interventions">
				<InterventionsOn id={id} />
			</Section>
			{bead.body ? (
				<Section title="Body">
					<WholeCell
						entity="beads"
						row={id}
						column="body"
						head={bead.body}
						size={bead._cut?.body}
						what="body"
					>
						{(text) => <Markdown text={text} />}
					</WholeCell>
				</Section>
			) : null}
			<div className="flex flex-wrap items-center gap-2 border-t border-kumo-hairline px-4 py-2">
				{labels.map((label) => (
					<span key={label} className="rounded-sm bg-kumo-recessed px-1.5 font-mono text-xs leading-5">
						{label}
					</span>
				))}
				<span className="text-tone-quiet">made {made === null ? bead.created_at : <Time at={made} />}</span>
				<span className="flex-1" />
				<button
					type="button"
					className="text-tone-active hover:underline max-md:min-h-11"
					onClick={() => toTab("events", { q: `bead:${id}` })}
				>
					Its events
				</button>
				<CopyLink href={hrefOf({ kind: "bead", id })} />
				<CopyButton label="Copy as JSON" text={() => JSON.stringify(bead, null, "\t")} />
			</div>
		</>
	);
}
