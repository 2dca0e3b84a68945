import { useEffect, useRef } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { money, short } from "../ui/index.ts";
import { type AmountRow, tokensOf } from "./spend.ts";

const HEIGHT = 180;

/** Tokens of each hour as bars, their known cost as a line; the table below it says the same, so readers are told nothing here. */
export default function HourChart({ hours }: { hours: readonly AmountRow[] }) {
	const box = useRef<HTMLDivElement>(null);
	const plot = useRef<uPlot | null>(null);
	const data = dataOf(hours);
	const latest = useRef(data);
	latest.current = data;
	useEffect(() => {
		const host = box.current;
		if (!host) return;
		const draw = () => {
			plot.current?.destroy();
			plot.current = new uPlot(optionsOf(host), latest.current, host);
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
	// biome-ignore lint/correctness/useExhaustiveDependencies: the data is made anew from the hours
	useEffect(() => plot.current?.setData(data), [hours]);
	return <div ref={box} aria-hidden="true" className="w-full overflow-hidden" style={{ height: HEIGHT }} />;
}

function dataOf(hours: readonly AmountRow[]): uPlot.AlignedData {
	return [
		hours.map(({ key }) => Date.parse(key) / 1_000),
		hours.map(tokensOf),
		hours.map(({ cost }) => cost),
	];
}

const BAR = uPlot.paths.bars?.({ size: [0.7, 40], align: 1 });

function optionsOf(host: HTMLElement): uPlot.Options {
	const token = (name: string) => colourOf(host, `--color-tone-${name}`);
	const quiet = token("quiet");
	const axis = { stroke: quiet, grid: { show: false }, ticks: { stroke: quiet, size: 4 }, font: FONT };
	return {
		width: Math.max(1, host.clientWidth),
		height: HEIGHT,
		legend: { show: false },
		cursor: { show: false },
		scales: {
			// An hour is as wide as an hour, though only one is known.
			x: { time: true, range: (plot) => spanOf(plot.data[0]) },
			tokens: { range: (_, __, most) => [0, Math.max(1, most * 1.1)] },
			cost: { range: (_, __, most) => [0, Math.max(0.001, (most ?? 0) * 1.1)] },
		},
		axes: [
			axis,
			{ ...axis, scale: "tokens", size: 64, values: (_, ticks) => ticks.map((tick) => short(tick)) },
			{ ...axis, scale: "cost", side: 1, size: 64, values: (_, ticks) => ticks.map((tick) => money(tick)) },
		],
		series: [
			{},
			{
				scale: "tokens",
				fill: token("active"),
				stroke: token("active"),
				width: 0,
				paths: BAR,
				points: { show: false },
			},
			{
				scale: "cost",
				stroke: token("warn"),
				width: 2,
				dash: [6, 3],
				spanGaps: false,
				points: { show: true, size: 6 },
			},
		],
	};
}

function spanOf(times: ArrayLike<number>): [number, number] {
	const first = times[0] ?? 0;
	const last = times[times.length - 1] ?? first;
	return [first, Math.max(last + 3_600, first + 6 * 3_600)];
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
