import type { StreamState } from "../live/stream-store.ts";
import { Empty, look, NoMatch, Status } from "../ui/index.ts";

type Props = { stream: StreamState; hidden: number; filter: string; onClear(): void };

/** No lines: still connecting, nothing said yet, or a filter that hides all (design-ui §4). */
export function NoStream({ stream, hidden, filter, onClear }: Props) {
	if (hidden > 0) return <NoMatch what="lines" filter={filter} total={hidden} onClear={onClear} />;
	if (stream.position === null)
		return (
			<div className="px-4 py-3" role="status">
				<Status look={look("changing", "Connecting to the agent's stream", "active")} />
			</div>
		);
	return (
		<Empty title={stream.events.length > 0 ? "Nothing said yet." : "No events in this stream."}>
			An agent's stream begins when it is started for a bead.
		</Empty>
	);
}
