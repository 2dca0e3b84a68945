import { useEffect, useRef } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { axisTime } from "../ui/index.ts";

const HEIGHT = 180;

/** One row of figures, an hour each; null where none is known. `format` words the marks of its axis. */
export type Series = { values: readonly (number | null)[]; format(value: number): string };

type Props = {
	/** Epoch milliseconds, the beginnings of the hours, oldest first. */
	hours: readonly number[];
	bars: Series;
	line: Series;
};

/** Figures by hour, one as bars, one as a line; the table below it says the same, so readers are told nothing here. */
export default function HourChart(props: Props) {
	const box = useRef<HTMLDivElement>(null);
	const plot = useRef<uPlot | null>(null);
	const latest = useRef(props);
	latest.current = props;
	useEffect(() => {
		const host = box.current;
		if (!host) return;
		const draw = () => {
			plot.current?.destroy();
			plot.current = new uPlot(optionsOf(host, latest.current), dataOf(latest.current), host);
		};
		draw();
		// Its colours are the page's: a canvas does not follow them by itself.
		const mode = new MutationObserver(draw);
		mode.observe(document.documentElement, { attributes: true, attributeFilter: ["data-mode"] });
		const size = new ResizeObserver(() => plot.current?.setSize({ width: host.clientWidth, height: HEIGHT }));
		size.observe(host);
		return () => {
			mode.disconnect();
			size.disconnect();
			plot.current?.destroy();
			plot.current = null;
		};
	}, []);
	// biome-ignore lint/correctness/useExhaustiveDependencies: all figures are made anew with the hours
	useEffect(() => plot.current?.setData(dataOf(props)), [props.hours]);
	return <div ref={box} aria-hidden="true" className="w-full overflow-hidden" style={{ height: HEIGHT }} />;
}

const dataOf = ({ hours, bars, line }: Props): uPlot.AlignedData => [
	hours.map((at) => at / 1_000),
	[...bars.values],
	[...line.values],
];

const BAR = uPlot.paths.bars?.({ size: [0.7, 40], align: 1 });

function optionsOf(host: HTMLElement, { bars, line }: Props): uPlot.Options {
	const token = (name: string) => colourOf(host, `--color-tone-${name}`);
	const quiet = token("quiet");
	const axis = { stroke: quiet, grid: { show: false }, ticks: { stroke: quiet, size: 4 }, font: FONT };
	const fromZero = (_: uPlot, __: number, most: number | null): [number, number] => [0, (most || 1) * 1.1];
	return {
		width: Math.max(1, host.clientWidth),
		height: HEIGHT,
		legend: { show: false },
		cursor: { show: false },
		scales: {
			// An hour is as wide as an hour, though only one is known.
			x: { time: true, range: (plot) => spanOf(plot.data[0]) },
			bars: { range: fromZero },
			line: { range: fromZero },
		},
		axes: [
			{ ...axis, values: (_, ticks) => ticks.map((tick, n) => axisTime(tick * 1_000, n === 0)) },
			{ ...axis, scale: "bars", size: 64, values: (_, ticks) => ticks.map(bars.format) },
			{ ...axis, scale: "line", side: 1, size: 64, values: (_, ticks) => ticks.map(line.format) },
		],
		series: [
			{},
			{
				...{ scale: "bars", fill: token("active"), stroke: token("active"), width: 0 },
				...{ paths: BAR, points: { show: false } },
			},
			{
				...{ scale: "line", stroke: token("warn"), width: 2, dash: [6, 3] },
				...{ spanGaps: false, points: { show: true, size: 6 } },
			},
		],
	};
}

function spanOf(times: ArrayLike<number>): [number, number] {
	const first = times[0] ?? 0;
	const last = times[times.length - 1] ?? first;
	// It ends where the hours end: what is to come is not drawn.
	return [Math.min(first, last - 5 * 3_600), last + 3_600];
}

const FONT = "12px Inter Variable, sans-serif";

/** What a token is in the mode that is painted now. */
function colourOf(host: HTMLElement, name: string): string {
	const probe = document.createElement("span");
	probe.style.color = `var(${name})`;
	host.append(probe);
	const { color } = getComputedStyle(probe);
	probe.remove();
	return color;
}
