import { Button } from "@cloudflare/kumo/components/button";
import type { ReactNode } from "react";
import type { ConnectionView } from "../../live/connection-view.ts";
import { useWallNow } from "../clock.tsx";
import { Loading } from "../none.tsx";
import { TONE_TEXT, TONE_TINT } from "../status/signs.ts";
import { FreshContext, Sign } from "../status/status.tsx";
import { Refused } from "./refused.tsx";
import { connectionLook, isPlain, stripWords } from "./words.ts";

/** One line that says why what stands below is not live: sign, words, and what can be done. */
export function FeedStrip({
	view,
	skew = 0,
	onRetry,
}: {
	view: ConnectionView;
	skew?: number;
	onRetry?(): void;
}) {
	const now = useWallNow();
	const words = stripWords(view, now, skew);
	if (words === "") return null;
	const look = connectionLook(view);
	const blind = view.is === "blind";
	const waits = (view.is === "reconnecting" || blind) && view.nextAt !== null && view.nextAt > now;
	return (
		<div
			data-strip={view.is}
			className={`flex shrink-0 items-center gap-2 px-3 text-xs ${TONE_TINT[look.tone]} ${TONE_TEXT[look.tone]} ${
				blind ? "min-h-11 hatched" : "min-h-8"
			}`}
		>
			<span
				className={`flex min-w-0 items-center gap-2 ${blind ? `rounded px-2 py-1 ${TONE_TINT.warn}` : ""}`}
			>
				<Sign name={look.sign} tone={look.tone} />
				<span>{words}</span>
				{view.is === "catching-up" && view.total > 0 && (
					<progress className="h-1.5 w-32 accent-current" max={view.total} value={view.done} />
				)}
				{waits && onRetry && (
					<Button size="sm" variant="outline" onClick={onRetry}>
						Now
					</Button>
				)}
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
