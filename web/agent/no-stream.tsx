import { Button } from "@cloudflare/kumo/components/button";
import type { StreamState } from "../live/stream-store.ts";
import { look, Status } from "../ui/index.ts";

/** No lines: still connecting, nothing said yet, or a filter that hides all (design-ui §4). */
export function NoStream({ stream, hidden, onClear }: { stream: StreamState; hidden: number; onClear(): void }) {
	if (hidden > 0)
		return (
			<div className="flex items-center gap-3 px-4 py-3" data-none="no-match">
				<Status look={look("gone", "No match", "quiet")} />
				<span>None of {hidden} lines is of this kind.</span>
				<Button size="sm" variant="outline" onClick={onClear}>
					Show all
				</Button>
			</div>
		);
	if (stream.position === null)
		return (
			<div className="px-4 py-3" role="status">
				<Status look={look("changing", "Connecting to the agent's stream", "active")} />
			</div>
		);
	return (
		<div className="flex flex-col px-4 py-3" data-none="empty">
			<Status look={look("open", stream.events.length > 0 ? "Nothing said yet" : "No events", "quiet")} />
			<span className="text-tone-quiet">An agent's stream begins when it is started for a bead.</span>
		</div>
	);
}
