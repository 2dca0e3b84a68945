import { useState } from "react";
import { useOpenTown } from "../town/open-town.ts";
import { ActionButton, look, Status } from "../ui/index.ts";

type Props = {
	/** Whose texts are hidden, at least one. */
	agents: readonly string[];
	/** Called when all of them were revealed. */
	onRevealed?(): void;
};

/** What is hidden, and the button that shows it: an entry of the ledger for each agent (SEC-4). */
export function HiddenStrip({ agents, onRevealed }: Props) {
	const { client, connection } = useOpenTown();
	const [asking, setAsking] = useState(false);
	const [failed, setFailed] = useState<string | null>(null);
	const reveal = async () => {
		setAsking(true);
		const results = await Promise.all(agents.map((agent) => client.reveal(agent)));
		setAsking(false);
		const refused = results.find((result) => !result.ok);
		setFailed(refused && !refused.ok ? refused.error.message : null);
		if (!refused) onRevealed?.();
	};
	return (
		<div
			data-hidden
			className="flex min-h-9 shrink-0 flex-wrap items-center gap-x-3 gap-y-1 border-b border-kumo-hairline px-4 py-1"
		>
			<Status look={look("unseen", "Prompts, code and output are hidden", "quiet")} />
			<ActionButton
				label={agents.length > 1 ? `Reveal ${agents.length} agents, recorded` : "Reveal, recorded"}
				danger="safe"
				reason={
					asking ? "It is being recorded." : connection.is === "live" ? null : "The town is not seen live."
				}
				onPress={() => void reveal()}
			/>
			{failed ? (
				<span role="alert" className="text-tone-bad">
					{failed}
				</span>
			) : null}
		</div>
	);
}
