import { Popover } from "@cloudflare/kumo/components/popover";
import type { ReactNode } from "react";
import type { ConnectionView } from "../../live/connection-view.ts";
import type { TownState } from "../../live/town-state.ts";
import { useWallNow } from "../clock.tsx";
import { ago, duration } from "../format/duration.ts";
import { bytes, plural } from "../format/number.ts";
import { count } from "../format/time.ts";
import { Sign, Status } from "../status/status.tsx";
import { StripWords, stripLook } from "./feed-gate.tsx";
import { Hops } from "./hops.tsx";
import { connectionLook, isPlain } from "./words.ts";

type Props = {
	state: Pick<TownState, "connection" | "feeds" | "socket" | "figures">;
	/** Name of an agent, for the list of streams. */
	nameOf(agentId: string): string;
	onRetry(): void;
	/** At the right end. */
	children?: ReactNode;
};

/** A skew over this is said (SOCKET-5). */
const SKEW_MS = 2_000;

const isWell = (view: ConnectionView) => view.is === "live";

/**
 * How fresh the sight is (design-ui §4): when the feed was last heard and when the town last changed, position, gaps,
 * latency from commit to paint, what is behind. A click shows each hop of the path.
 */
export function LiveBar({ state, nameOf, onRetry, children }: Props) {
	const now = useWallNow();
	const { connection, figures } = state;
	const { heardAt, changedAt, latency, skewMs } = figures;
	const seen = heardAt === null ? "not seen yet" : `seen ${ago(now - heardAt)}`;
	const changed =
		changedAt === null ? "no change since you came" : `last change ${ago(now + skewMs - changedAt)}`;
	const look = connectionLook(connection);
	const plain = isPlain(connection) || connection.is === "refused";
	return (
		<section
			aria-label="Live"
			data-live={connection.is}
			className={`flex shrink-0 items-center gap-4 overflow-hidden border-b border-kumo-hairline px-3 text-xs whitespace-nowrap ${
				plain ? "h-8 text-tone-quiet" : stripLook(connection)
			}`}
		>
			<div
				className={`flex min-w-0 items-center gap-2 ${connection.is === "blind" ? "rounded bg-tone-warn-tint px-2 py-1" : ""}`}
			>
				<Popover>
					<Popover.Trigger
						render={
							<button type="button" className="inline-flex min-h-6 cursor-pointer items-center gap-2" />
						}
					>
						{plain ? (
							<Status look={look} className="font-medium" />
						) : (
							<Sign name={look.sign} tone={look.tone} />
						)}
						{plain && (
							<span>
								{seen} · {changed}
							</span>
						)}
						{!plain && <span className="sr-only">{look.word}: path of this sight</span>}
					</Popover.Trigger>
					<Popover.Content className="w-104 max-w-[90vw]">
						<Popover.Title>Path of this sight</Popover.Title>
						<Hops state={state} nameOf={nameOf} now={now} />
					</Popover.Content>
				</Popover>
				{!plain && <StripWords view={connection} skew={skewMs} onRetry={onRetry} />}
			</div>
			<span className="flex-1" />
			<div
				// A phone has room for how fresh it is; the path says the rest.
				className={`flex items-center gap-4 max-md:hidden ${connection.is === "blind" ? "rounded bg-tone-warn-tint px-2 py-1" : ""}`}
			>
				{Math.abs(skewMs) > SKEW_MS && (
					<span className="text-tone-warn">
						this clock is {duration(Math.abs(skewMs))} {skewMs > 0 ? "slow" : "fast"}
					</span>
				)}
				{/* Boxes wide enough for the next figures: nothing beside them moves as they count on (PAGE-10). */}
				<span className="min-w-[12ch]">seq {count(figures.seq)}</span>
				<span className={`min-w-[7ch] ${figures.gaps > 0 ? "text-tone-warn" : ""}`} data-gaps={figures.gaps}>
					{plural(figures.gaps, "gap")}
				</span>
				<span
					className="min-w-[12ch]"
					title="From the town's commit to this page's paint: the newest, median and 99th percentile of 256"
				>
					{latency === null || !isWell(connection) ? "no latency yet" : `${latency.last} ms`}
				</span>
				<span className={`min-w-[10ch] ${connection.is === "behind" ? "text-tone-warn" : ""}`}>
					{figures.behindBytes > 0
						? `${bytes(figures.behindBytes)} behind`
						: `${count(figures.framesBehind)} behind`}
				</span>
				{children}
			</div>
		</section>
	);
}
