import { Button } from "@cloudflare/kumo/components/button";
import { type ReactNode, useEffect, useState } from "react";
import { Sign } from "./status/status.tsx";
import { Time } from "./time.tsx";

/** There are none at all: says so, and what makes one. */
export const Empty = ({ title, children }: { title: string; children?: ReactNode }) => (
	<div data-none="empty" className="flex flex-col gap-1 px-4 py-3">
		<p className="flex items-center gap-2">
			<Sign name="open" tone="quiet" />
			{title}
		</p>
		{children && <div className="pl-6 text-tone-quiet">{children}</div>}
	</div>
);

/** A filter hides all: `No beads match status:failed. 47 in all.` */
export const NoMatch = (props: { what: string; filter: string; total: number; onClear(): void }) => (
	<div data-none="no-match" className="flex flex-wrap items-center gap-2 px-4 py-3">
		<Sign name="gone" tone="quiet" />
		<span>
			No {props.what} match <code>{props.filter}</code>. {props.total.toLocaleString("en-US")} in all.
		</span>
		<Button size="sm" variant="outline" onClick={props.onClear}>
			Clear filter
		</Button>
	</div>
);

type ErrorProps = {
	/** What failed: `Reading older changes`. */
	what: string;
	message: string;
	/** HTTP status or a code, where there was one. */
	code?: string | null;
	requestId?: string | null;
	/** When it failed, epoch milliseconds. */
	at: number;
	onAgain?(): void;
	busy?: boolean;
};

/** One read failed, in its panel alone: what, its real text, code, request id, when, and Try again. */
export const ErrorPanel = ({ what, message, code, requestId, at, onAgain, busy = false }: ErrorProps) => (
	<div data-none="error" role="alert" className="flex flex-col items-start gap-1 px-4 py-3">
		<p className="flex items-center gap-2 font-medium text-tone-bad">
			<Sign name="failed" tone="bad" />
			Error: {what} failed
		</p>
		<p className="pl-6">{message}</p>
		<p className="pl-6 text-xs text-tone-quiet">
			{code && `${code} · `}
			{requestId && `request ${requestId} · `}
			<Time at={at} />
		</p>
		{onAgain && (
			<div className="pl-6">
				<Button size="sm" variant="outline" loading={busy} onClick={onAgain}>
					Try again
				</Button>
			</div>
		)}
	</div>
);

/** Longer than this, and the reader should see that something is on its way. */
const SHOWN_AFTER_MS = 200;

/** Grey bars in the columns of what is to come, after 200 ms; `widths` are grid tracks, as the columns have them. */
export function Loading({
	rows = 8,
	widths = ["120px", "1fr", "90px"],
}: {
	rows?: number;
	widths?: string[];
}) {
	const [shown, setShown] = useState(false);
	useEffect(() => {
		const timer = setTimeout(() => setShown(true), SHOWN_AFTER_MS);
		return () => clearTimeout(timer);
	}, []);
	if (!shown) return <div data-none="loading" />;
	return (
		<div data-none="loading" aria-hidden className="flex flex-col px-4">
			{Array.from({ length: rows }, (_, row) => (
				<div
					// biome-ignore lint/suspicious/noArrayIndexKey: grey bars have no other name
					key={row}
					className="grid h-7 items-center gap-x-3 border-b border-kumo-hairline"
					style={{ gridTemplateColumns: widths.join(" ") }}
				>
					{widths.map((width, column) => (
						<span
							// biome-ignore lint/suspicious/noArrayIndexKey: grey bars have no other name
							key={`${width}-${column}`}
							className="h-3 rounded bg-kumo-tint"
							style={{ width: `${90 - ((row * 7 + column * 13) % 40)}%` }}
						/>
					))}
				</div>
			))}
		</div>
	);
}
