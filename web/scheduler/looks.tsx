import { lookupOf, timeOf } from "../../shared/town-view/index.ts";
import { useOpenTown } from "../town/open-town.ts";
import { duration, Time, useNow } from "../ui/index.ts";
import { actionWords } from "./words.ts";

/** When it last looked and looks next, and what came of it; what failed outside since the town came to be. */
export function Looks() {
	const { view, looks, past } = useOpenTown();
	const now = useNow();
	const scheduler = lookupOf(view).town("scheduler");
	const acted = scheduler && Object.keys(scheduler.actions).length > 0 ? timeOf(scheduler.at) : null;
	const late = looks && looks.next_at !== null ? now - looks.next_at : 0;
	return (
		<dl className="grid grid-cols-[max-content_minmax(0,1fr)] gap-x-4 gap-y-1 px-4 py-2">
			<dt className="text-tone-quiet">Last look</dt>
			<dd>
				{looks ? (
					<>
						<Time at={looks.last_at} />, {duration(Math.max(0, now - looks.last_at))} ago
					</>
				) : past ? (
					"not kept"
				) : (
					"not seen since this page was opened"
				)}
			</dd>
			<dt className="text-tone-quiet">Next look</dt>
			<dd className={late > LATE_MS ? "font-medium text-tone-bad" : ""}>
				{!looks ? (
					past ? (
						"not kept"
					) : (
						"not seen"
					)
				) : looks.next_at === null ? (
					"none is planned"
				) : late > LATE_MS ? (
					<>
						was due <Time at={looks.next_at} />, {duration(late)} ago
					</>
				) : (
					<>
						<Time at={looks.next_at} />, {late > 0 ? "now" : `in ${duration(-late)}`}
					</>
				)}
			</dd>
			<dt className="text-tone-quiet">Last did something</dt>
			<dd>
				{!scheduler || acted === null ? (
					"not yet"
				) : (
					<>
						<Time at={acted} />:{" "}
						{Object.entries(scheduler.actions)
							.map(([type, n]) => `${actionWords(type)}${n > 1 ? ` ×${n}` : ""}`)
							.join(", ")}
					</>
				)}
			</dd>
			<dt className="text-tone-quiet">Failed outside</dt>
			<dd className="break-words">
				{!scheduler
					? "not seen"
					: scheduler.failed === 0
						? "none since the town came to be"
						: scheduler.failed}
				{scheduler?.last_error ? `; the last: ${scheduler.last_error}` : ""}
			</dd>
		</dl>
	);
}

/** A look that comes so late did not come: the town's alarm is dead, or its pulse is not heard. */
const LATE_MS = 60_000;
