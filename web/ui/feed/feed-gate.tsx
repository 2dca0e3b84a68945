import { Button } from "@cloudflare/kumo/components/button";
import type { ReactNode } from "react";
import type { ConnectionView } from "../../live/connection-view.ts";
import { useWallNow } from "../clock.tsx";
import { Loading } from "../none.tsx";
import { TONE_TEXT, TONE_TINT } from "../status/signs.ts";
import { FreshContext, Sign } from "../status/status.tsx";
import { Refused } from "./refused.tsx";
import { connectionLook, isPlain, stripWords } from "./words.ts";

const Bar = ({ done, total }: { done: number; total: number }) => (
	<span aria-hidden className="inline-block h-1.5 w-32 rounded-full border border-current">
		<span
			className="block h-full rounded-full bg-current"
			style={{ width: `${Math.min(100, (done / total) * 100)}%` }}
		/>
	</span>
);

/** What the strip says and offers: its words, how far a catching up is, and Now instead of waiting for the next try. */
export function StripWords({ view, skew = 0, onRetry }: StripProps) {
	const now = useWallNow();
	const waits =
		(view.is === "reconnecting" || view.is === "blind") && view.nextAt !== null && view.nextAt > now;
	return (
		<>
			<span>{stripWords(view, now, skew)}</span>
			{view.is === "catching-up" && view.total > 0 && <Bar done={view.done} total={view.total} />}
			{waits && onRetry && (
				<Button size="sm" variant="outline" onClick={onRetry}>
					Now
				</Button>
			)}
		</>
	);
}

/** Height, tint and, where nothing can be seen, hatching of a strip that is not plain. */
export const stripLook = (view: ConnectionView): string => {
	const { tone } = connectionLook(view);
	return `${TONE_TINT[tone]} ${TONE_TEXT[tone]} ${view.is === "blind" ? "min-h-11 hatched" : "min-h-8"}`;
};

type StripProps = { view: ConnectionView; skew?: number; onRetry?(): void };

/** One line that says why what stands below is not live: sign, words, and what can be done. */
function FeedStrip(props: StripProps) {
	const { view } = props;
	if (isPlain(view)) return null;
	const look = connectionLook(view);
	return (
		<div data-strip={view.is} className={`flex shrink-0 items-center px-3 text-xs ${stripLook(view)}`}>
			<span
				className={`flex min-w-0 items-center gap-2 ${view.is === "blind" ? "rounded bg-tone-warn-tint px-2 py-1" : ""}`}
			>
				<Sign name={look.sign} tone={look.tone} />
				<StripWords {...props} />
			</span>
		</div>
	);
}

type Props = {
	view: ConnectionView;
	/** The strip above the content; off where the live bar already says it. */
	strip?: boolean;
	skew?: number;
	onRetry?(): void;
	/** Grey bars in the columns of what is to come. */
	loading?: ReactNode;
	children: ReactNode;
};

/**
 * Around any panel (design-ui §4, PAGE-1): what stands in it is shown as what it is. Not live: signs lose their fill.
 * Blind: colours fade and a hatched edge stands at the left. Refused: nothing stands behind it.
 */
export function FeedGate({ view, strip = true, skew, onRetry, loading, children }: Props) {
	if (view.is === "refused") return <Refused view={view} />;
	const blind = view.is === "blind";
	const nothing = view.is === "loading" || ("asOf" in view && view.asOf === null);
	return (
		<div className="flex min-h-0 min-w-0 flex-1 flex-col" data-feed={view.is}>
			{strip && <FeedStrip view={view} skew={skew} onRetry={onRetry} />}
			<FreshContext value={isPlain(view)}>
				<div className={`relative flex min-h-0 min-w-0 flex-1 ${blind ? "pl-2" : ""}`}>
					{blind && <div aria-hidden className="absolute inset-y-0 left-0 w-2 text-tone-warn hatched" />}
					<div className={`flex min-h-0 min-w-0 flex-1 flex-col ${blind ? "saturate-[.35]" : ""}`}>
						{nothing ? (loading ?? <Loading />) : children}
					</div>
				</div>
			</FreshContext>
		</div>
	);
}
