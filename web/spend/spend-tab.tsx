import { useMemo } from "react";
import { Section } from "../bead/section.tsx";
import { TownExport } from "../export/town-export.tsx";
import { useOpenTown } from "../town/open-town.ts";
import { SubjectLink } from "../town/subject-link.tsx";
import { useNames } from "../town/use-names.ts";
import { useNow } from "../ui/index.ts";
import { AmountTable } from "./amount-table.tsx";
import { ByHour } from "./by-hour.tsx";
import { ReviewCosts } from "./review-costs.tsx";
import { amountsBy, hourly } from "./spend.ts";
import { MODEL_EXPORT, namedExport } from "./spend-export.ts";
import { SpendHead } from "./spend-head.tsx";

/** Sums of all rows are made at this pace, not with each change. */
const PACE_MS = 2_000;

/** What did the money buy? By hour, agent, bead and model, against the work that was done. */
export function SpendTab() {
	const { view } = useOpenTown();
	const nameOf = useNames();
	const named = useMemo(() => namedExport(nameOf), [nameOf]);
	const pace = Math.floor(useNow() / PACE_MS);
	// biome-ignore lint/correctness/useExhaustiveDependencies: the view changes in place; the pace says when it is read
	const sums = useMemo(() => {
		const usage = [...view.tables.usage.values()];
		return {
			usage,
			hours: hourly(view.tables.usage_hours.values(), view.tables.beads.values()),
			agents: amountsBy(usage, ({ agent_id }) => agent_id),
			beads: amountsBy(usage, ({ bead_id }) => bead_id ?? ""),
			models: amountsBy(usage, ({ model }) => model),
		};
	}, [view, pace]);
	const { usage, hours, agents, beads, models } = sums;
	return (
		<div className="min-h-0 flex-1 overflow-y-auto" data-spend>
			<SpendHead usage={usage} pace={pace} />
			<ByHour rows={hours} />
			<div className="grid grid-cols-2 max-lg:grid-cols-1">
				<Section title="By agent" tools={<TownExport of="spend-by-agent" columns={named} rows={agents} />}>
					<AmountTable
						label="Tokens and cost by agent"
						of="Agent"
						rows={agents}
						name={(id) => <SubjectLink subject={{ kind: "agent", id }} sign={false} />}
					/>
				</Section>
				<Section title="By bead" tools={<TownExport of="spend-by-bead" columns={named} rows={beads} />}>
					<AmountTable
						label="Tokens and cost by bead"
						of="Bead"
						rows={beads}
						name={(id) =>
							id === "" ? "no bead" : <SubjectLink subject={{ kind: "bead", id }} sign={false} />
						}
					/>
				</Section>
				<Section
					title="By model"
					tools={<TownExport of="spend-by-model" columns={MODEL_EXPORT} rows={models} />}
				>
					<AmountTable label="Tokens and cost by model" of="Model" rows={models} name={(model) => model} />
				</Section>
				<ReviewCosts pace={pace} />
			</div>
		</div>
	);
}
