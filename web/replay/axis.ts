/** A stretch of time in which something was said. Milliseconds. */
export type Span = { from: number; to: number };

/** So much of the axis a pause between two tracks takes, however long it was. */
const PAUSE_SHARE = 0.03;

export type Axis = {
	readonly from: number;
	readonly to: number;
	/** Where a moment stands, 0 to 1. */
	shareOf(at: number): number;
	momentAt(share: number): number;
	/** Pauses that are drawn shorter than they were. */
	readonly pauses: readonly Span[];
};

/** Spans that touch or overlap as one, in order. */
export function joinedSpans(spans: readonly Span[]): Span[] {
	const out: Span[] = [];
	for (const span of [...spans].sort((a, b) => a.from - b.from)) {
		const last = out.at(-1);
		if (last && span.from <= last.to) last.to = Math.max(last.to, span.to);
		else out.push({ ...span });
	}
	return out;
}

/**
 * An axis on which the tracks have their room though days lie between them: each pause between them takes little. Without
 * spans it is a point at `otherwise`.
 */
export function axisOf(spans: readonly Span[], otherwise: number): Axis {
	const busy = joinedSpans(spans);
	const from = busy[0]?.from ?? otherwise;
	const to = busy.at(-1)?.to ?? otherwise;
	const pauses = busy.slice(1).map((span, n) => ({ from: busy[n]?.to ?? span.from, to: span.from }));
	const total = busy.reduce((sum, span) => sum + (span.to - span.from), 0);
	const pause = pauses.length === 0 ? 0 : Math.min(PAUSE_SHARE, 0.5 / pauses.length);
	const room = 1 - pause * pauses.length;
	const pieces: { span: Span; at: number; share: number }[] = [];
	let at = 0;
	busy.forEach((span, n) => {
		const share = total === 0 ? room / busy.length : (room * (span.to - span.from)) / total;
		pieces.push({ span, at, share });
		at += share;
		const rest = pauses[n];
		if (rest) pieces.push({ span: rest, at, share: pause });
		if (rest) at += pause;
	});
	return {
		from,
		to,
		pauses,
		shareOf(moment) {
			const piece = pieces.find(({ span }) => moment <= span.to) ?? pieces.at(-1);
			if (!piece) return 0;
			const long = Math.max(1, piece.span.to - piece.span.from);
			const inside = Math.min(1, Math.max(0, (moment - piece.span.from) / long));
			return piece.at + piece.share * inside;
		},
		momentAt(share) {
			const piece = pieces.find((one) => share <= one.at + one.share) ?? pieces.at(-1);
			if (!piece) return otherwise;
			const inside = piece.share === 0 ? 0 : Math.min(1, Math.max(0, (share - piece.at) / piece.share));
			return Math.round(piece.span.from + inside * (piece.span.to - piece.span.from));
		},
	};
}
