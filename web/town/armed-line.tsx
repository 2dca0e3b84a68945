import { Button } from "@cloudflare/kumo/components/button";
import { useContext, useState } from "react";
import type { LedgerStory } from "../../shared/ledger/fold.ts";
import { type Armed, armedOf } from "../ledger/armed.ts";
import type { TownClient } from "../live/client.ts";
import { OpenTownContext } from "./open-town.ts";
import { useSecondsLeft } from "./use-seconds-left.ts";

/** The seconds of what is about to be done, and the button that stops it. */
export function Seconds({ armed, client }: { armed: Armed; client: TownClient }) {
	const [failed, setFailed] = useState<string | null>(null);
	const seconds = useSecondsLeft(armed.due);
	return (
		<>
			<span className="text-tone-human tabular-nums">in {seconds} s</span>
			<Button
				size="sm"
				variant="outline"
				className="max-md:!h-11"
				aria-label={`Cancel: ${armed.what}`}
				onClick={() =>
					void client.cancel(armed.of).then((result) => setFailed(result.ok ? null : result.error.message))
				}
			>
				Cancel it
			</Button>
			{failed === null ? null : <span role="alert">{failed}</span>}
		</>
	);
}

/** The same in a line of the ledger, where its town is open. */
export function SecondsOf({ story }: { story: LedgerStory }) {
	const town = useContext(OpenTownContext);
	const [armed] = armedOf([story]);
	return town && armed ? (
		<p className="flex flex-wrap items-center gap-3 px-4 pb-1 pl-[52px] max-md:pl-10">
			<Seconds armed={{ ...armed, of: story.id }} client={town.client} />
		</p>
	) : null;
}
