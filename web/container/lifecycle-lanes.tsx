import { duration, Time } from "../ui/index.ts";
import type { Period, Step } from "./lanes.ts";
import type { Lanes } from "./use-lanes.ts";

const WORDS: Record<Period["is"], string> = {
	running: "Running",
	asleep: "Asleep",
	stopped: "Stopped",
	dead: "Died",
};
/** Told apart by height and pattern too, not by colour alone. */
const BARS: Record<Period["is"], string> = {
	running: "h-5 bg-tone-good",
	asleep: "h-1 bg-tone-quiet",
	stopped: "h-1 border-t border-dashed border-tone-quiet",
	dead: "h-2 hatched text-tone-bad",
};

/** The container's life above the agents that worked in it, on one time axis; deaths stand as ✕. */
export function LifecycleLanes({ lanes }: { lanes: Lanes }) {
	const { from, to, periods, steps, up, idle, whole } = lanes;
	const span = Math.max(1, to - from);
	const share = (at: number) => `${(Math.min(Math.max((at - from) / span, 0), 1) * 100).toFixed(3)}%`;
	const seen = periods.filter((period) => period.to > from);
	const deaths = seen.filter(({ is, from: at }) => is === "dead" && at >= from);
	const most = Math.max(1, ...steps.map(({ working }) => working));
	const words = `Ran ${duration(up)} of ${duration(span)}, ${duration(idle)} of it without an agent at work; died ${deaths.length} times; at most ${most} agents at work.`;
	return (
		<figure aria-label={words} className="flex flex-col gap-1 pb-2" data-lanes>
			<div className="grid grid-cols-[88px_minmax(0,1fr)] items-end gap-x-3">
				<span className="text-tone-quiet text-xs">Container</span>
				<div aria-hidden className="relative h-7">
					{seen.map((period) => (
						<span
							key={period.from}
							title={`${WORDS[period.is]} ${duration(period.to - period.from)}`}
							style={{
								left: share(period.from),
								width: `calc(${share(period.to)} - ${share(period.from)})`,
							}}
							className={`absolute bottom-0 min-w-0.5 ${BARS[period.is]}`}
						/>
					))}
					{deaths.map(({ from: at }) => (
						<span
							key={at}
							style={{ left: share(at) }}
							className="absolute top-0 -translate-x-1/2 font-semibold text-tone-bad text-xs leading-none"
						>
							✕
						</span>
					))}
				</div>
				<span className="text-tone-quiet text-xs">Agents, max {most}</span>
				<svg
					aria-hidden="true"
					viewBox="0 0 1000 40"
					preserveAspectRatio="none"
					className="mt-1 h-10 w-full border-kumo-hairline border-b fill-tone-active-tint stroke-tone-active"
				>
					<path d={pathOf(steps, from, span, most)} strokeWidth="1.5" vectorEffect="non-scaling-stroke" />
				</svg>
				<span />
				<span className="flex justify-between text-tone-quiet text-xs">
					<Time at={from} />
					<Time at={to} />
				</span>
			</div>
			<figcaption className="flex flex-wrap gap-x-4 text-tone-quiet text-xs">
				<span>
					Ran {duration(up)}, {duration(idle)} of it without an agent at work
				</span>
				<span>
					{deaths.length === 0 ? "no deaths" : `${deaths.length} ${deaths.length === 1 ? "death" : "deaths"}`}
				</span>
				{whole ? null : <span>as far as it is read back</span>}
			</figcaption>
		</figure>
	);
}

/** A step line with its area, in a box of 1000 by 40. */
function pathOf(steps: readonly Step[], from: number, span: number, most: number): string {
	const x = (at: number) => Math.min(Math.max(((at - from) / span) * 1_000, 0), 1_000).toFixed(1);
	const y = (working: number) => (39 - (working / most) * 36).toFixed(1);
	const line = steps.map(({ at, working }) => `H${x(at)}V${y(working)}`).join("");
	return `M0,39${line}H1000V39Z`;
}
