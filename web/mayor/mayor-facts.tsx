import type { ReactNode } from "react";
import { type Agent, modelOf } from "../../shared/gastown/index.ts";
import { currentHash, sessionNow } from "../../shared/interventions/session-settings.ts";
import { lastExitOf, signalOf, timeOf } from "../../shared/town-view/index.ts";
import { costOf } from "../town/bead-rows.ts";
import { useOpenTown } from "../town/open-town.ts";
import { look, Money, Sign, Status, Time } from "../ui/index.ts";

/** Model and prompt of its session against the town's, its last error and how its last process ended. */
export function MayorFacts({ agent }: { agent: Agent }) {
	const { view, sight } = useOpenTown();
	const id = agent.bead_id;
	const session = sessionNow(id, sight.look);
	const configured = modelOf("mayor", sight.look.town("config"), null);
	const error = signalOf(view.tables.agent_signals.get(id), "last_error");
	const exit = lastExitOf(agent);
	const exitAt = timeOf(exit?.at);
	return (
		<dl className="grid grid-cols-[max-content_minmax(0,1fr)] gap-x-4 gap-y-1 px-4 py-2">
			<Fact name="Model">
				<Compared mine={session?.model ?? null} towns={configured} of="configured" />
			</Fact>
			<Fact name="Prompt">
				<span className="font-mono text-xs leading-5">
					<Compared mine={session?.prompt_hash ?? null} towns={currentHash(id, sight.look)} of="current" />
				</span>
			</Fact>
			<Fact name="Session">
				<span className="font-mono text-xs leading-5">{session?.session_id ?? "none told"}</span>
			</Fact>
			<Fact name="Error">
				{error ? (
					<span className="text-tone-bad">
						{error.name}: {error.message}
						{error.status === null ? "" : ` (${error.status})`}
						{error.count > 1 ? `, ${error.count} times` : ""}, <Time at={error.at} />
					</span>
				) : (
					"none"
				)}
			</Fact>
			<Fact name="Last end">
				{exit && exitAt !== null ? (
					<>
						<Time at={exitAt} />: {exit.reason}
						{exit.code === null ? "" : `, exit ${exit.code}`}
						{exit.signal ? `, ${exit.signal}` : ""}
					</>
				) : (
					"none seen"
				)}
			</Fact>
			<Fact name="Cost">
				<Money dollars={costOf(view, view.indexes.usageByAgent.get(id))} />
			</Fact>
		</dl>
	);
}

const Fact = ({ name, children }: { name: string; children: ReactNode }) => (
	<>
		<dt className="text-tone-quiet">{name}</dt>
		<dd className="min-w-0 break-words">{children}</dd>
	</>
);

/** What its session has against what a new one would get. */
function Compared({ mine, towns, of }: { mine: string | null; towns: string; of: string }) {
	if (mine === null)
		return (
			<span className="text-tone-quiet">
				not told; {of} {towns}
			</span>
		);
	if (mine === towns)
		return (
			<span className="inline-flex flex-wrap items-center gap-x-2">
				{mine} <Status look={look("done", `as ${of}`, "quiet")} />
			</span>
		);
	return (
		<span className="inline-flex flex-wrap items-center gap-x-2">
			{mine}
			<span className="inline-flex items-center gap-1 text-tone-warn">
				<Sign name="differs" tone="warn" size={12} />
				{of} {towns}
			</span>
		</span>
	);
}
