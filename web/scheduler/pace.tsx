import { OlderRows } from "../town/older-rows.tsx";
import { useBatchLog } from "../town/use-batch-log.ts";
import { plural, useNow } from "../ui/index.ts";
import { countActions } from "./count-actions.ts";
import { actionWords } from "./words.ts";

/** Actions by type within the last minute, ten minutes and hour, as far as the change log was read back. */
export function Pace() {
	const now = useNow();
	const log = useBatchLog();
	const counts = countActions(log.rows, now);
	return (
		<>
			{counts.length === 0 ? null : (
				<table className="w-full max-w-xl" aria-label="Actions of the scheduler">
					<thead>
						<tr className="text-left text-tone-quiet text-xs">
							<th scope="col" className="font-medium">
								Action
							</th>
							{["1 min", "10 min", "1 h"].map((span) => (
								<th key={span} scope="col" className="w-24 text-right font-medium">
									last {span}
								</th>
							))}
						</tr>
					</thead>
					<tbody>
						{counts.map(({ type, minute, ten, hour }) => (
							<tr key={type} className="h-7 border-kumo-hairline border-b">
								<td>{actionWords(type)}</td>
								<td className="text-right">{minute}</td>
								<td className="text-right">{ten}</td>
								<td className="text-right">{hour}</td>
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
