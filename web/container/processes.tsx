import type { Pulse } from "../../shared/protocol/index.ts";
import { SubjectLink } from "../town/subject-link.tsx";
import { count, duration } from "../ui/index.ts";

type Sample = NonNullable<Pulse["container"]>["processes"][number];

/** What runs in the container now, as its newest sample says; a figure that was not taken is not shown as 0. */
export function Processes({ processes }: { processes: readonly Sample[] }) {
	return (
		<table className="w-full max-w-4xl" aria-label="Processes of the container">
			<thead>
				<tr className="text-left text-tone-quiet text-xs">
					<th scope="col" className="w-20 font-medium">
						Process
					</th>
					<th scope="col" className="w-32 font-medium">
						Role
					</th>
					<th scope="col" className="font-medium">
						Agent
					</th>
					<th scope="col" className="w-24 text-right font-medium">
						Processor
					</th>
					<th scope="col" className="w-24 text-right font-medium">
						Memory
					</th>
					<th scope="col" className="w-24 text-right font-medium max-md:hidden">
						Uptime
					</th>
				</tr>
			</thead>
			<tbody>
				{processes.map(({ pid, role, name, agent_id, cpu, memory_mb, uptime_s }) => (
					<tr key={pid} className="h-7 border-kumo-hairline border-b">
						<td>{pid}</td>
						<td>{role}</td>
						<td className="max-w-40 truncate">
							{agent_id === null ? (
								<span className="text-tone-quiet">{name === role.replace("-", " ") ? "none" : name}</span>
							) : (
								<SubjectLink subject={{ kind: "agent", id: agent_id }} sign={false} />
							)}
						</td>
						<td className="text-right">{cpu === null ? "not seen" : `${Math.round(cpu)} %`}</td>
						<td className="text-right">
							{memory_mb === null ? "not seen" : `${count(Math.round(memory_mb))} MiB`}
						</td>
						<td className="text-right max-md:hidden">{duration(uptime_s * 1_000)}</td>
					</tr>
				))}
			</tbody>
		</table>
	);
}
