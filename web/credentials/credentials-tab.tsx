import { Environment } from "../container/environment.tsx";
import { ActionDock } from "../town/action-dock.tsx";
import { useOpenTown } from "../town/open-town.ts";
import { CredentialEvents } from "./credential-events.tsx";
import { GitFailures } from "./git-failures.tsx";
import { RigCredentials } from "./rig-credentials.tsx";
import { Settings } from "./settings.tsx";
import { TownCredentials } from "./town-credentials.tsx";

/** What may the town do at its forge, and how is it set? Fingerprints and names only: no secret comes here (FEED-6). */
export function CredentialsTab() {
	const { view } = useOpenTown();
	const rigs = [...view.tables.rigs.values()];
	return (
		<>
			<div className="relative min-h-0 flex-1 overflow-y-auto">
				{rigs.length === 0 ? <p className="px-4 py-3 text-tone-quiet">This town has no rig yet.</p> : null}
				{rigs.map((rig) => (
					<RigCredentials key={rig.id} rig={rig} />
				))}
				<Part title="Of the whole town">
					<TownCredentials />
				</Part>
				<Part title="Git operations that failed">
					<GitFailures />
				</Part>
				<Part title="Settings">
					<Settings rigs={rigs} />
				</Part>
				<Part title="Environment">
					<Environment />
				</Part>
				<Part title="What was asked for and handed out">
					<CredentialEvents />
				</Part>
			</div>
			{rigs.map(({ id }) => (
				<ActionDock key={id} kind="rig" id={id} />
			))}
		</>
	);
}

function Part({ title, children }: { title: string; children: React.ReactNode }) {
	return (
		<section className="border-kumo-hairline border-b px-4 py-3" aria-label={title}>
			<h3 className="pb-1 font-semibold text-lg">{title}</h3>
			{children}
		</section>
	);
}
