import { duration } from "./format/duration.ts";
import { clockTime } from "./format/time.ts";
import { type Look, SIGNS, type SignName, TONE_TEXT, TONE_TINT } from "./status/signs.ts";

/** A stretch of time in one state; a null look is a stretch nobody saw. Epoch milliseconds. */
export type Stretch = { from: number; to: number; look: Look | null };
/** Something that happened at a moment: an intervention ◆, a stop ✕. */
type Mark = { at: number; sign: string; label: string };

/** No stretch is narrower: a short state is what one looks for. */
const LEAST_PX = 24;

/** The lower edge of a bar tells its kind without colour, and where there is no room for its sign. */
const EDGE: Partial<Record<SignName, string>> = {
	underWay: "border-b-3 border-solid",
	running: "border-b-3 border-solid",
	review: "border-b-3 border-solid",
	warning: "border-b-3 border-dashed",
	late: "border-b-3 border-dashed",
	waiting: "border-b-3 border-dotted",
	failed: "border-b-4 border-double",
};

/** Where a moment stands on the axis: as much of it is by length as the bars take beyond their least width. */
const leftOf = (stretches: readonly Stretch[], at: number): string => {
	const i = Math.max(
		0,
		stretches.findLastIndex((stretch) => stretch.from <= at),
	);
	const first = stretches[0]?.from ?? 0;
	const span = Math.max(1, (stretches.at(-1)?.to ?? first) - first);
	const { from, to } = stretches[i] ?? { from: first, to: first + 1 };
	const inside = Math.min(Math.max((at - from) / Math.max(1, to - from), 0), 1);
	const share = Math.min(Math.max((at - first) / span, 0), 1);
	return `calc(${LEAST_PX * (i + inside)}px + (100% - ${LEAST_PX * stretches.length}px) * ${share.toFixed(4)})`;
};

type Props = { label: string; stretches: readonly Stretch[]; marks?: readonly Mark[] };

/**
 * Bars that carry their words, on one time axis: each stretch as wide as it was long, but never too narrow to be seen.
 * Unknown stretches are hatched; nothing bridges a gap.
 */
export function Timeline({ label, stretches, marks = [] }: Props) {
	const first = stretches[0];
	const last = stretches.at(-1);
	if (!first || !last) return null;
	const span = Math.max(1, last.to - first.from);
	return (
		<figure aria-label={label} className="flex flex-col gap-1">
			<div className="relative flex h-6 gap-px overflow-hidden rounded-sm text-xs">
				{stretches.map((stretch) => {
					const { look } = stretch;
					const long = duration(stretch.to - stretch.from);
					const words = look ? `${look.word} ${long}` : `not seen ${long}`;
					return (
						<span
							key={stretch.from}
							title={`${words}, ${clockTime(stretch.from)} to ${clockTime(stretch.to)}`}
							style={{ flexGrow: (stretch.to - stretch.from) / span, flexBasis: LEAST_PX }}
							className={`flex h-6 min-w-6 flex-wrap items-center gap-x-1 overflow-hidden px-1 leading-6 whitespace-nowrap ${
								look
									? `${TONE_TINT[look.tone]} ${TONE_TEXT[look.tone]} ${EDGE[look.sign] ?? ""}`
									: "hatched text-tone-quiet"
							}`}
						>
							{look && <span aria-hidden>{SIGNS[look.sign].text}</span>}
							{/* A word that has no room wraps out of sight, whole; the title has it. */}
							<span>{words}</span>
						</span>
					);
				})}
			</div>
			{marks.length > 0 && (
				<div className="relative h-4 text-xs text-tone-human">
					{marks.map((mark) => (
						<span
							key={`${mark.at} ${mark.label}`}
							title={`${clockTime(mark.at)} ${mark.label}`}
							className="absolute -translate-x-1/2"
							style={{ left: leftOf(stretches, mark.at) }}
						>
							<span aria-hidden>{mark.sign}</span>
							<span className="sr-only">{mark.label}</span>
						</span>
					))}
				</div>
			)}
		</figure>
	);
}
