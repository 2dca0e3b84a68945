import { lookupOf } from "../../shared/town-view/index.ts";
import { CauseCard } from "../town/cause-card.tsx";
import { useOpenTown } from "../town/open-town.ts";
import { Actions } from "./actions.tsx";
import { KnownFacts } from "./known-facts.tsx";

const KINDS = { kilo: "Kilo token", container: "Container token" } as const;

/** Tokens that serve the whole town: for the models, and of the container for its reports. */
export function TownCredentials() {
	const { id, view } = useOpenTown();
	const lookup = lookupOf(view);
	return (
		<div className="grid gap-4 lg:grid-cols-2">
			{(Object.entries(KINDS) as [keyof typeof KINDS, string][]).map(([credential, label]) => (
				<div key={credential}>
					<h4 className="pb-1 font-medium">{label}</h4>
					<CauseCard kind="credential" id={`town/${credential}`} />
					<dl className="grid grid-cols-[max-content_minmax(0,1fr)] gap-x-4 gap-y-1 pb-2">
						<KnownFacts row={lookup.credential("town", credential)} heldAs={credential} />
					</dl>
					<Actions
						target={{ kind: "town", id }}
						offered={[
							{
								name: "credential.refresh",
								params: { credential, rig: null },
								label: `Refresh the ${credential === "kilo" ? "Kilo" : credential} token`,
							},
						]}
					/>
				</div>
			))}
		</div>
	);
}
