import { lazy, Suspense } from "react";
import { Section } from "../bead/section.tsx";
import { TownExport } from "../export/town-export.tsx";
import { count, HourTime, money, short } from "../ui/index.ts";
import { AmountTable } from "./amount-table.tsx";
import { type HourRow, tokensOf } from "./spend.ts";
import { HOUR_EXPORT } from "./spend-export.ts";

const HourChart = lazy(() => import("./hour-chart.tsx"));

/** What was spent in each hour, who worked in it, and what came of it. */
export function ByHour({ rows }: { rows: readonly HourRow[] }) {
	const hours = rows.map(({ key }) => Date.parse(key));
	const whole = (value: number) => (Number.isInteger(value) ? count(value) : "");
	return (
		<Section
			title="By hour"
			aside="of the last 7 days"
			tools={<TownExport of="spend-by-hour" columns={HOUR_EXPORT} rows={rows} />}
		>
			{rows.length === 0 ? (
				<p className="text-tone-quiet">No usage was reported in this time.</p>
			) : (
				<>
					<div className="grid grid-cols-2 gap-x-8 max-lg:grid-cols-1">
						<Chart bars="tokens" line="cost, where it is known">
							<HourChart
								hours={hours}
								bars={{ values: rows.map(tokensOf), format: short }}
								line={{ values: rows.map(({ cost }) => cost), format: (value) => money(value) }}
							/>
						</Chart>
						<Chart bars="agents at work" line="beads closed">
							<HourChart
								hours={hours}
								bars={{ values: rows.map(({ agents }) => agents), format: whole }}
								line={{ values: rows.map(({ closed }) => closed), format: whole }}
							/>
						</Chart>
					</div>
					<AmountTable
						label="Tokens, cost and work by hour"
						of="Hour"
						rows={rows.toReversed()}
						name={(key) => <HourTime at={Date.parse(key)} />}
						more={[
							{ head: "Agents", value: ({ agents }) => count(agents) },
							{ head: "Closed", value: ({ closed }) => count(closed) },
						]}
						shown={6}
					/>
				</>
			)}
		</Section>
	);
}

function Chart({ bars, line, children }: { bars: string; line: string; children: React.ReactNode }) {
	return (
		<div className="min-w-0">
			<p aria-hidden="true" className="flex gap-4 text-tone-quiet text-xs">
				<span>
					<span className="text-tone-active">■</span> {bars}
				</span>
				<span>
					<span className="text-tone-warn">╌</span> {line}
				</span>
			</p>
			<Suspense fallback={<div style={{ height: 180 }} />}>{children}</Suspense>
		</div>
	);
}
