import { lazy, Suspense, useMemo } from "react";
import { Section } from "../bead/section.tsx";
import { useOpenTown } from "../town/open-town.ts";
import { SubjectLink } from "../town/subject-link.tsx";
import { Time, useNow } from "../ui/index.ts";
import { AmountTable } from "./amount-table.tsx";
import { ReviewCosts } from "./review-costs.tsx";
import { amountsBy, hourly } from "./spend.ts";
import { SpendHead } from "./spend-head.tsx";

const HourChart = lazy(() => import("./hour-chart.tsx"));

/** Sums of all rows are made at this pace, not with each change. */
const PACE_MS = 2_000;

/** What did the money buy? By hour, agent, bead and model, against the work that was done. */
export function SpendTab() {
	const { view } = useOpenTown();
	const pace = Math.floor(useNow() / PACE_MS);
	// biome-ignore lint/correctness/useExhaustiveDependencies: the view changes in place; the pace says when it is read
	const sums = useMemo(() => {
		const usage = [...view.tables.usage.values()];
		return {
			usage,
			hours: hourly(view.tables.usage_hours.values()),
			agents: amountsBy(usage, ({ agent_id }) => agent_id),
			beads: amountsBy(usage, ({ bead_id }) => bead_id ?? ""),
			models: amountsBy(usage, ({ model }) => model),
		};
	}, [view, pace]);
	const { usage, hours, agents, beads, models } = sums;
	return (
		<div className="min-h-0 flex-1 overflow-y-auto" data-spend>
			<SpendHead usage={usage} pace={pace} />
			<Section title="By hour" aside="of the last 7 days">
				{hours.length === 0 ? (
					<p className="text-tone-quiet">No usage was reported in this time.</p>
				) : (
					<>
						<p aria-hidden="true" className="flex gap-4 text-tone-quiet text-xs">
							<span>
								<span className="text-tone-active">■</span> tokens
							</span>
							<span>
								<span className="text-tone-warn">╌</span> cost, where it is known
							</span>
						</p>
						<Suspense fallback={<div style={{ height: 180 }} />}>
							<HourChart hours={hours} />
						</Suspense>
						<AmountTable
							label="Tokens and cost by hour"
							of="Hour"
							rows={hours.toReversed()}
							name={(key) => <Time at={Date.parse(key)} />}
							shown={6}
						/>
					</>
				)}
			</Section>
			<div className="grid grid-cols-2 max-lg:grid-cols-1">
				<Section title="By agent">
					<AmountTable
						label="Tokens and cost by agent"
						of="Agent"
						rows={agents}
						name={(id) => <SubjectLink subject={{ kind: "agent", id }} sign={false} />}
					/>
				</Section>
				<Section title="By bead">
					<AmountTable
						label="Tokens and cost by bead"
						of="Bead"
						rows={beads}
						name={(id) =>
							id === "" ? "no bead" : <SubjectLink subject={{ kind: "bead", id }} sign={false} />
						}
					/>
				</Section>
				<Section title="By model">
					<AmountTable label="Tokens and cost by model" of="Model" rows={models} name={(model) => model} />
				</Section>
				<Section title="Reviews of each merge request">
					<ReviewCosts pace={pace} />
				</Section>
			</div>
		</div>
	);
}
