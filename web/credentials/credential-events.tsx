import type { CredentialEvent } from "../../shared/gastown/index.ts";
import { timeOf } from "../../shared/town-view/index.ts";
import { fields } from "../export/sheet.ts";
import { TownExport } from "../export/town-export.tsx";
import { OlderRows } from "../town/older-rows.tsx";
import { useOpenTown } from "../town/open-town.ts";
import { useJournal } from "../town/use-journal.ts";
import { Status, Time } from "../ui/index.ts";
import { outcomeLook } from "./known-facts.tsx";

const STEPS: Record<string, string> = { resolve: "asked for", verify: "verified", push: "handed out" };

const EXPORT = fields<CredentialEvent>(
	...(["id", "at", "rig_id", "credential", "type", "outcome"] as const),
	...(["status", "message", "expires_at", "fingerprint"] as const),
);

/** The journal of all credentials, newest first. */
export function CredentialEvents() {
	const { view } = useOpenTown();
	const journal = useJournal("credential_events", {});
	return (
		<>
			{journal.rows.length === 0 ? null : (
				<div className="flex justify-end">
					<TownExport of="credential-events" columns={EXPORT} rows={journal.rows.toReversed()} />
				</div>
			)}
			<ol aria-label="Events of credentials">
				{journal.rows.toReversed().map((event) => {
					const at = timeOf(event.at);
					return (
						<li
							key={event.id}
							className="flex min-h-7 flex-wrap items-center gap-x-3 border-kumo-hairline border-b"
						>
							<span className="w-24 text-tone-quiet">{at === null ? event.at : <Time at={at} />}</span>
							<span className="w-44">
								{event.credential} token {STEPS[event.type] ?? event.type}
							</span>
							<span className="w-24 truncate">
								{event.rig_id === null ? "town" : (view.tables.rigs.get(event.rig_id)?.name ?? event.rig_id)}
							</span>
							<span className="w-24">
								<Status look={outcomeLook(event.outcome)} />
							</span>
							<code className="w-20 text-xs">{event.fingerprint ?? ""}</code>
							<span className="min-w-0 flex-1 break-words">
								{event.status === null ? "" : `${event.status} `}
								{event.message ?? ""}
							</span>
						</li>
					);
				})}
			</ol>
			<OlderRows journal={journal} what="events of credentials" makes="No credential was needed yet." />
		</>
	);
}
