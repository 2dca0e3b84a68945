import { OlderRows } from "../town/older-rows.tsx";
import { useBatchLog } from "../town/use-batch-log.ts";
import { plural, useNow } from "../ui/index.ts";
import { countActions } from "./count-actions.ts";
import { actionWords } from "./words.ts";

const SPANS = [
	{ of: "minute", minutes: 1, words: "1 min" },
	{ of: "ten", minutes: 10, words: "10 min" },
	{ of: "hour", minutes: 60, words: "1 h" },
] as const;

/** Actions by type within the last minute, ten minutes and hour, as far as the change log was read back. */
export function Pace() {
	const now = useNow();
	const log = useBatchLog();
	const counts = countActions(log.rows, now);
	// Where the log was not read back so far, there were at least so many.
	const reach = log.more === false ? Number.POSITIVE_INFINITY : now - (log.rows[0]?.at ?? now);
	return (
		<>
			{counts.length === 0 ? null : (
				<table className="w-full max-w-xl" aria-label="Actions of the scheduler">
					<thead>
						<tr className="text-left text-tone-quiet text-xs">
							<th scope="col" className="font-medium">
								Action
							</th>
							{SPANS.map(({ words }) => (
								<th key={words} scope="col" className="w-24 text-right font-medium">
									last {words}
								</th>
							))}
						</tr>
					</thead>
					<tbody>
						{counts.map((count) => (
							<tr key={count.type} className="h-7 border-kumo-hairline border-b">
								<td>{actionWords(count.type)}</td>
								{SPANS.map(({ of, minutes }) => (
									<td key={of} className="text-right">
										{reach < minutes * 60_000 ? `${count[of]} or more` : count[of]}
									</td>
								))}
							</tr>
						))}
					</tbody>
				</table>
			)}
			{counts.length === 0 && log.more !== null && log.failed === null ? (
				<p className="text-tone-quiet">
					Nothing in the last hour, among {plural(log.rows.length, "change")} read back.
				</p>
			) : null}
			<OlderRows journal={{ ...log, rows: [...log.rows] }} what="changes" makes="Nothing has changed yet." />
		</>
	);
}
