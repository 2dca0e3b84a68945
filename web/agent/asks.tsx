import { PERMISSION_REPLIES } from "../../shared/interventions/index.ts";
import { signalOf } from "../../shared/town-view/index.ts";
import { useOpenTown } from "../town/open-town.ts";
import { useAct } from "../town/use-act.ts";
import { ActionButton, Duration, look, Status } from "../ui/index.ts";

/** What the agent asks for and waits on, with its answers. */
export function Asks({ agent }: { agent: string }) {
	const { view } = useOpenTown();
	const { consider, press } = useAct();
	const asked = signalOf(view.tables.agent_signals.get(agent), "pending_permission");
	if (!asked) return null;
	return (
		<section aria-label="Asks for permission" className="flex flex-col gap-1 px-4 py-2">
			<p className="flex flex-wrap items-center gap-x-3">
				<Status look={look("waiting", `Asks for permission: ${asked.permission}`, "warn")} />
				<Duration since={asked.since} className="!min-w-0" />
			</p>
			{asked.patterns.length > 0 ? (
				<pre className="overflow-x-auto whitespace-pre-wrap break-words rounded-sm bg-kumo-tint px-2 py-1 font-mono text-xs">
					{asked.patterns.join("\n")}
				</pre>
			) : null}
			<div className="flex flex-wrap gap-2">
				{PERMISSION_REPLIES.map((reply) => {
					const params = { permission: asked.id, reply };
					const considered = consider("agent.answer-permission", { kind: "agent", id: agent }, params, null);
					return considered ? (
						<ActionButton
							key={reply}
							label={{ once: "Allow once", always: "Allow always", reject: "Reject" }[reply]}
							danger={considered.danger}
							reason={considered.reason}
							onPress={() => press(considered)}
						/>
					) : null;
				})}
			</div>
		</section>
	);
}
