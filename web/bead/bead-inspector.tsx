import { labelsOf, metadataOf, timeOf } from "../../shared/town-view/index.ts";
import { beadRow, beadStatusSince, maxAttempts } from "../../shared/town-view/selectors.ts";
import { Markdown } from "../agent/markdown.tsx";
import { InterventionsOn } from "../ledger/interventions-on.tsx";
import { CopyButton, CopyLink } from "../routes/copy-link.tsx";
import { ActionBar } from "../town/action-bar.tsx";
import { ActionDock } from "../town/action-dock.tsx";
import { lookOfBead } from "../town/bead-rows.ts";
import { CauseCard } from "../town/cause-card.tsx";
import { useOpenTown } from "../town/open-town.ts";
import { SubjectLink } from "../town/subject-link.tsx";
import { Duration, Inspector, look, Status, Time } from "../ui/index.ts";
import { Attempts } from "./attempts.tsx";
import { Cost } from "./cost.tsx";
import { Dependencies } from "./dependencies.tsx";
import { History } from "./history-section.tsx";
import { Review } from "./review.tsx";
import { Section } from "./section.tsx";
import { WhyNotMoving } from "./why-not-moving.tsx";

type Props = { id: string; wide: boolean; onWide(): void; onClose(): void };

/** Everything known of one bead; the answer to "why does it not move?" stands first. */
export function BeadInspector({ id, wide, onWide, onClose }: Props) {
	const { view, sight, hrefOf } = useOpenTown();
	const bead = view.tables.beads.get(id);
	if (!bead)
		return (
			<Inspector title="Bead" id={id} wide={wide} onWide={onWide} onClose={onClose}>
				<div className="flex flex-col gap-1 px-4 py-3">
					<Status look={look("gone", "Not in this town", "quiet")} />
					<p>
						No bead has this id now. It may have been deleted; its history and its agents' streams are kept.
					</p>
				</div>
				<Section title="History">
					<History id={id} bead={null} />
				</Section>
				<Section title="Interventions">
					<InterventionsOn id={id} />
				</Section>
			</Inspector>
		);
	const row = beadRow(view, bead);
	const since = beadStatusSince(view, bead);
	const labels = labelsOf(bead);
	const made = timeOf(bead.created_at);
	const failure = metadataOf(bead).failureMessage ?? metadataOf(bead).failureReason;
	return (
		<Inspector
			title={bead.title}
			id={id}
			wide={wide}
			onWide={onWide}
			onClose={onClose}
			footer={<ActionDock kind="bead" id={id} />}
		>
			<div className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2">
				<span className="flex gap-2">
					<Status look={lookOfBead(view, id, sight)} />
					{since.at === null ? null : (
						<span className="flex gap-1">
							{since.exact ? null : <span className="text-tone-quiet">at least</span>}
							<Duration since={since.at} className="!min-w-0" />
						</span>
					)}
				</span>
				<span className="text-tone-quiet">
					{bead.type.replaceAll("_", " ")} · {row.rigName ? `rig ${row.rigName}` : "no rig"} · {bead.priority}{" "}
					priority
				</span>
				<span className="flex gap-1.5">
					{row.hookedBy.length > 0 ? (
						<>
							<span className="text-tone-quiet">hooked by</span>
							{row.hookedBy.map((agent) => (
								<SubjectLink key={agent.bead_id} subject={{ kind: "agent", id: agent.bead_id }} />
							))}
						</>
					) : (
						<span className="text-tone-quiet">nobody works on it</span>
					)}
				</span>
				{bead.assignee_agent_bead_id ? (
					<span className="flex gap-1.5">
						<span className="text-tone-quiet">assigned to</span>
						<SubjectLink subject={{ kind: "agent", id: bead.assignee_agent_bead_id }} />
					</span>
				) : null}
				{row.odd ? (
					<Status look={look("unknown", "A column has a value this page does not know", "warn")} />
				) : null}
			</div>
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
					<Markdown text={bead.body} />
					{bead._cut?.body ? (
						<p className="text-tone-quiet">The first 4,096 of {bead._cut.body} characters.</p>
					) : null}
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
				<CopyLink href={hrefOf({ kind: "bead", id })} />
				<CopyButton label="Copy as JSON" text={() => JSON.stringify(bead, null, "\t")} />
			</div>
		</Inspector>
	);
}
